"""EnhanceNet (Sajjadi, Schoelkopf, Hirsch: EnhanceNet: Single Image Super-Resolution Through Automated Texture
Synthesis, 2017)."""
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .edsr import Block, factors


class Net(nn.Module):
    """[N, 3, H, W] -> [N, 3, H*scale, W*scale]: 10 residual blocks of 64 at the small size, pixels repeated and
    convolved (no transposed convolution, no checkerboard), and the residual of the bicubic enlargement.

    That enlargement is the exchange format's own (Keys' kernel with a = -0.75), not the reference bicubic (-0.5): the
    network learns the difference.
    """

    def __init__(self, scale: int = 4, width: int = 64, blocks: int = 10):
        super().__init__()
        self.scale = scale
        self.head = nn.Conv2d(3, width, 3, padding=1)
        self.blocks = nn.Sequential(*[Block(width, 1.0) for _ in range(blocks)])
        self.factors = factors(scale)
        self.enlarge = nn.ModuleList(nn.Conv2d(width, width, 3, padding=1) for _ in self.factors)
        self.last = nn.Conv2d(width, width, 3, padding=1)
        self.tail = nn.Conv2d(width, 3, 3, padding=1)
        nn.init.normal_(self.tail.weight, std=1e-3)  # begins as the bicubic
        nn.init.zeros_(self.tail.bias)

    def forward(self, x: Tensor) -> Tensor:
        y = self.blocks(torch.relu(self.head(x)))
        for factor, conv in zip(self.factors, self.enlarge):
            y = torch.relu(conv(F.interpolate(y, scale_factor=factor, mode="nearest")))
        residual = self.tail(torch.relu(self.last(y)))
        return residual + F.interpolate(x, scale_factor=self.scale, mode="bicubic", align_corners=False)

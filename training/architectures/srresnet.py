"""SRResNet, SRGAN's generator (Ledig et al.: Photo-Realistic Single Image Super-Resolution Using a GAN, 2017)."""
import copy

import torch
from torch import Tensor, nn

from .colour import MEAN
from .edsr import factors
from .flats import Flats


class Block(nn.Module):
    """conv - BN - PReLU - conv - BN + skip."""

    def __init__(self, width: int):
        super().__init__()
        self.conv1, self.norm1 = nn.Conv2d(width, width, 3, padding=1), nn.BatchNorm2d(width)
        self.slope = nn.PReLU()
        self.conv2, self.norm2 = nn.Conv2d(width, width, 3, padding=1), nn.BatchNorm2d(width)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.norm2(self.conv2(self.slope(self.norm1(self.conv1(x)))))


class Net(nn.Module):
    """[N, 3, H, W] -> [N, 3, H*scale, W*scale]; 16 blocks of 64, batch normalisation folded away at export.
    `flats`: held to the photo where that is flat, see flats.py."""

    def __init__(self, scale: int = 4, width: int = 64, blocks: int = 16, flats: bool = False):
        super().__init__()
        self.scale = scale
        self.head = nn.Sequential(nn.Conv2d(3, width, 9, padding=4), nn.PReLU())
        self.blocks = nn.Sequential(*[Block(width) for _ in range(blocks)])
        self.fuse, self.norm = nn.Conv2d(width, width, 3, padding=1), nn.BatchNorm2d(width)
        steps: list[nn.Module] = []
        for factor in factors(scale):
            steps += [nn.Conv2d(width, width * factor * factor, 3, padding=1), nn.PixelShuffle(factor), nn.PReLU()]
        self.enlarge = nn.Sequential(*steps)
        self.tail = nn.Conv2d(width, 3, 9, padding=4)
        self.flats = Flats(scale) if flats else None

    def forward(self, x: Tensor) -> Tensor:
        head = self.head(x - MEAN)
        made = self.tail(self.enlarge(head + self.norm(self.fuse(self.blocks(head))))) + MEAN
        return made if self.flats is None else self.flats(x, made)

    def folded(self) -> "Net":
        """The same network with every normalisation worked into the convolution before it."""
        plain = copy.deepcopy(self).eval()
        for block in plain.blocks:
            _fold(block.conv1, block.norm1)
            _fold(block.conv2, block.norm2)
            block.norm1 = block.norm2 = nn.Identity()
        _fold(plain.fuse, plain.norm)
        plain.norm = nn.Identity()
        return plain


@torch.no_grad()
def _fold(conv: nn.Conv2d, norm: nn.BatchNorm2d) -> None:
    gain = norm.weight / torch.sqrt(norm.running_var + norm.eps)
    conv.weight.mul_(gain[:, None, None, None])
    conv.bias.copy_((conv.bias - norm.running_mean) * gain + norm.bias)

"""ESRGAN's generator (Wang et al.: ESRGAN: Enhanced Super-Resolution Generative Adversarial Networks, 2018)."""
import torch
import torch.nn.functional as F
from torch import Tensor, nn


class Dense(nn.Module):
    """Five convolutions, each seeing all maps before it, LeakyReLU 0.2; skip with weight 0.2."""

    def __init__(self, width: int, growth: int):
        super().__init__()
        sizes = [(width + i * growth, growth if i < 4 else width) for i in range(5)]
        self.convs = nn.ModuleList(nn.Conv2d(a, b, 3, padding=1) for a, b in sizes)
        for conv in self.convs:  # the paper: He's initialisation times 0.1
            nn.init.kaiming_normal_(conv.weight, a=0.2)
            conv.weight.data.mul_(0.1)
            nn.init.zeros_(conv.bias)

    def forward(self, x: Tensor) -> Tensor:
        maps = x
        for conv in self.convs[:-1]:
            maps = torch.cat([maps, F.leaky_relu(conv(maps), 0.2)], dim=1)
        return x + 0.2 * self.convs[-1](maps)


class Block(nn.Module):
    """Residual in residual: three dense blocks, skip with weight 0.2."""

    def __init__(self, width: int, growth: int):
        super().__init__()
        self.dense = nn.Sequential(*[Dense(width, growth) for _ in range(3)])

    def forward(self, x: Tensor) -> Tensor:
        return x + 0.2 * self.dense(x)


class Net(nn.Module):
    """[N, 3, H, W] -> [N, 3, H*scale, W*scale]; published: 23 blocks of 64, growth 32. Enlarges by repeating pixels."""

    def __init__(self, scale: int = 4, width: int = 64, blocks: int = 23, growth: int = 32):
        super().__init__()
        self.head = nn.Conv2d(3, width, 3, padding=1)
        self.blocks = nn.Sequential(*[Block(width, growth) for _ in range(blocks)])
        self.fuse = nn.Conv2d(width, width, 3, padding=1)
        self.factors = (2, 2) if scale == 4 else (scale,)
        self.enlarge = nn.ModuleList(nn.Conv2d(width, width, 3, padding=1) for _ in self.factors)
        self.last = nn.Conv2d(width, width, 3, padding=1)
        self.tail = nn.Conv2d(width, 3, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        head = self.head(x)
        y = head + self.fuse(self.blocks(head))
        for factor, conv in zip(self.factors, self.enlarge):
            y = F.leaky_relu(conv(F.interpolate(y, scale_factor=factor, mode="nearest")), 0.2)
        return self.tail(F.leaky_relu(self.last(y), 0.2))

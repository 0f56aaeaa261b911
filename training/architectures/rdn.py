"""RDN (Zhang, Tian, Kong, Zhong, Fu: Residual Dense Network for Image Super-Resolution, 2018).

Published: 16 blocks of 8 convolutions, growth 64; `blocks`, `layers` and `growth` make smaller ones.
"""
import torch
from torch import Tensor, nn

from .colour import MEAN
from .edsr import Tailed


class Block(nn.Module):
    """Residual dense block, [N, width, H, W] -> the same: `layers` convolutions, each seeing all maps before it, fused
    by a 1x1 convolution, and a skip."""

    def __init__(self, width: int, layers: int, growth: int):
        super().__init__()
        self.convs = nn.ModuleList(nn.Conv2d(width + i * growth, growth, 3, padding=1) for i in range(layers))
        self.fuse = nn.Conv2d(width + layers * growth, width, 1)

    def forward(self, x: Tensor) -> Tensor:
        maps = x
        for conv in self.convs:
            maps = torch.cat([maps, torch.relu(conv(maps))], dim=1)
        return x + self.fuse(maps)


class Encoder(nn.Module):
    """RGB [N, 3, H, W] in [0, 1] -> features [N, width, H, W]: two convolutions, the blocks, all their results fused,
    and the long skip from the first convolution."""

    def __init__(self, width: int, blocks: int, layers: int, growth: int):
        super().__init__()
        self.head = nn.Conv2d(3, width, 3, padding=1)
        self.enter = nn.Conv2d(width, width, 3, padding=1)
        self.blocks = nn.ModuleList(Block(width, layers, growth) for _ in range(blocks))
        self.fuse = nn.Sequential(nn.Conv2d(blocks * width, width, 1), nn.Conv2d(width, width, 3, padding=1))

    def forward(self, x: Tensor) -> Tensor:
        head = self.head(x - MEAN)
        y = self.enter(head)
        maps = []
        for block in self.blocks:
            y = block(y)
            maps.append(y)
        return head + self.fuse(torch.cat(maps, dim=1))


class Together(Tailed):
    """[N, 3, H, W] -> [N, 3, H*scale, W*scale]: a shared encoder and EDSR's tails."""

    def __init__(self, scales: tuple[int, ...], width: int = 64, blocks: int = 16, layers: int = 8, growth: int = 64):
        super().__init__(Encoder(width, blocks, layers, growth), width, scales)

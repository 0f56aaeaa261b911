"""DRRN (Tai, Yang, Liu: Image Super-Resolution via Deep Recursive Residual Network, 2017).

The published units normalise before each ReLU. A unit's statistics differ from one recursion to the next while its
weights are the same; here there is no normalisation, as in EDSR, and the convolutions are the paper's.
"""
import torch
from torch import Tensor, nn

from .start import see_edges


class Block(nn.Module):
    """Recursive block, [N, C, H, W] -> [N, width, H, W]: a convolution, then `units` times the same residual unit
    (ReLU - conv - ReLU - conv), each added to what the first convolution gave."""

    def __init__(self, channels: int, width: int, units: int):
        super().__init__()
        self.enter = nn.Conv2d(channels, width, 3, padding=1)
        self.conv1 = nn.Conv2d(width, width, 3, padding=1)
        self.conv2 = nn.Conv2d(width, width, 3, padding=1)
        self.units = units
        for layer in (self.enter, self.conv1, self.conv2):
            nn.init.kaiming_normal_(layer.weight)
            nn.init.zeros_(layer.bias)

    def forward(self, x: Tensor) -> Tensor:
        start = self.enter(torch.relu(x))  # Y, which the first block is given, is positive and passes
        y = start
        for _ in range(self.units):
            y = start + self.conv2(torch.relu(self.conv1(torch.relu(y))))
        return y


class Together(nn.Module):
    """[N, 1, H, W] -> [N, 1, H, W]: bicubically enlarged Y -> Y refined, one set of weights for every scale.

    Published: B1U25, one block of 25 units of 128 channels, 52 convolutions deep; 297,216 weights without biases.
    """

    def __init__(self, scales: tuple[int, ...] = (2, 3, 4), width: int = 128, blocks: int = 1, units: int = 25):
        super().__init__()
        self.blocks = nn.Sequential(*[Block(1 if i == 0 else width, width, units) for i in range(blocks)])
        self.rebuild = nn.Conv2d(width, 1, 3, padding=1)
        see_edges(self.blocks[0].enter, 0.5)
        nn.init.normal_(self.rebuild.weight, std=1e-3)  # begins as the bicubic
        nn.init.zeros_(self.rebuild.bias)

    def forward(self, x: Tensor, scale: int = 0) -> Tensor:
        return x + self.rebuild(torch.relu(self.blocks(x)))

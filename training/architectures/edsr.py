"""EDSR (Lim, Son, Kim, Nah, Lee: Enhanced Deep Residual Networks for Single Image Super-Resolution, 2017).

One encoder with a tail a scale (their MDSR shares the body too). The encoder is what the implicit methods start from.
"""
from torch import Tensor, nn

from .colour import MEAN
from .flats import Flats


class Block(nn.Module):
    """conv - ReLU - conv + skip, [N, C, H, W] -> the same; no normalisation."""

    def __init__(self, width: int, residual: float):
        super().__init__()
        self.conv1 = nn.Conv2d(width, width, 3, padding=1)
        self.conv2 = nn.Conv2d(width, width, 3, padding=1)
        self.relu = nn.ReLU()
        self.residual = residual

    def forward(self, x: Tensor) -> Tensor:
        change = self.conv2(self.relu(self.conv1(x)))
        return x + (change if self.residual == 1 else change * self.residual)


class Encoder(nn.Module):
    """RGB [N, 3, H, W] in [0, 1] -> features [N, width, H, W]."""

    def __init__(self, width: int = 64, blocks: int = 16, residual: float = 1.0):
        super().__init__()
        self.head = nn.Conv2d(3, width, 3, padding=1)
        self.blocks = nn.Sequential(*[Block(width, residual) for _ in range(blocks)])
        self.fuse = nn.Conv2d(width, width, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        head = self.head(x - MEAN)
        return head + self.fuse(self.blocks(head))


def factors(scale: int) -> tuple[int, ...]:
    """By what each enlarging step of a tail enlarges: x4 in two steps of 2, any other scale at once."""
    return (2, 2) if scale == 4 else (scale,)


def tail(width: int, scale: int) -> nn.Sequential:
    """Features -> RGB `scale` times larger, mean still off: pixel shuffles (twice x2 for x4), then a convolution."""
    steps: list[nn.Module] = []
    for factor in factors(scale):
        steps += [nn.Conv2d(width, width * factor * factor, 3, padding=1), nn.PixelShuffle(factor)]
    return nn.Sequential(*steps, nn.Conv2d(width, 3, 3, padding=1))


class Tailed(nn.Module):
    """An encoder of [N, 3, H, W] to `width` features and a tail a scale: to [N, 3, H*scale, W*scale] for the scales it
    has tails for; without one named, the first, which is its `scale`. `flats`: what each tail answers to flat colours is
    corrected, see flats.py."""

    def __init__(self, encoder: nn.Module, width: int, scales: tuple[int, ...], flats: bool = False):
        super().__init__()
        self.encoder = encoder
        self.tails = nn.ModuleDict({str(scale): tail(width, scale) for scale in scales})
        self.scale = scales[0]
        self.flats = nn.ModuleDict({str(scale): Flats(scale, gated=False) for scale in scales}) if flats else None

    def forward(self, x: Tensor, scale: int = 0) -> Tensor:
        name = str(scale or self.scale)
        made = self.tails[name](self.encoder(x)) + MEAN
        return made if self.flats is None else self.flats[name](x, made)


class Together(Tailed):
    """EDSR-baseline by its defaults."""

    def __init__(self, scales: tuple[int, ...], width: int = 64, blocks: int = 16, residual: float = 1.0,
                 flats: bool = False):
        super().__init__(Encoder(width, blocks, residual), width, scales, flats)

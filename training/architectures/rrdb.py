"""ESRGAN's generator (Wang et al.: ESRGAN: Enhanced Super-Resolution Generative Adversarial Networks, 2018)."""
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .colour import MEAN
from .edsr import factors, tail as shuffling
from .flats import Flats

LEAK = 0.2  # slope of the LeakyReLU
RESIDUAL = 0.2  # what a residual counts


class Dense(nn.Module):
    """Five convolutions, each seeing all maps before it, LeakyReLU 0.2; skip with weight 0.2."""

    def __init__(self, width: int, growth: int):
        super().__init__()
        sizes = [(width + i * growth, growth if i < 4 else width) for i in range(5)]
        self.convs = nn.ModuleList(nn.Conv2d(a, b, 3, padding=1) for a, b in sizes)
        for conv in self.convs:  # the paper: He's initialisation times 0.1
            nn.init.kaiming_normal_(conv.weight, a=LEAK)
            conv.weight.data.mul_(0.1)
            nn.init.zeros_(conv.bias)

    def maps(self, x: Tensor) -> Tensor:
        """What the last convolution sees: the input and what the others made of it."""
        for conv in self.convs[:-1]:
            x = torch.cat([x, F.leaky_relu(conv(x), LEAK)], dim=1)
        return x

    def forward(self, x: Tensor) -> Tensor:
        return x + RESIDUAL * self.convs[-1](self.maps(x))


class Block(nn.Module):
    """Residual in residual: three dense blocks, skip with weight 0.2."""

    def __init__(self, width: int, growth: int):
        super().__init__()
        self.dense = nn.Sequential(*[Dense(width, growth) for _ in range(3)])

    def forward(self, x: Tensor) -> Tensor:
        return x + RESIDUAL * self.dense(x)


class Net(nn.Module):
    """[N, 3, H, W] -> [N, 3, H*scale, W*scale]; published: 23 blocks of 64, growth 32. Enlarges by repeating
    pixels and convolving, or, with `shuffle`, by EDSR's convolutions and pixel shuffles. `flats`: held to the photo
    where that is flat, see flats.py."""

    def __init__(self, scale: int = 4, width: int = 64, blocks: int = 23, growth: int = 32, shuffle: bool = False,
                 flats: bool = False):
        super().__init__()
        self.scale, self.shuffle = scale, shuffle
        self.head = nn.Conv2d(3, width, 3, padding=1)
        self.blocks = nn.Sequential(*[Block(width, growth) for _ in range(blocks)])
        self.fuse = nn.Conv2d(width, width, 3, padding=1)
        self.factors = factors(scale)
        if shuffle:
            self.enlarge: nn.Module = shuffling(width, scale)[:-1]
        else:
            self.enlarge = nn.ModuleList(nn.Conv2d(width, width, 3, padding=1) for _ in self.factors)
        self.last = nn.Conv2d(width, width, 3, padding=1)
        self.tail = nn.Conv2d(width, 3, 3, padding=1)
        self.flats = Flats(scale) if flats else None

    def forward(self, x: Tensor) -> Tensor:
        head = self.head(x - MEAN)
        y = head + self.fuse(self.blocks(head))
        if self.shuffle:
            y = self.enlarge(y)
        else:
            for factor, conv in zip(self.factors, self.enlarge):
                y = F.leaky_relu(conv(F.interpolate(y, scale_factor=factor, mode="nearest")), LEAK)
        made = self.tail(F.leaky_relu(self.last(y), LEAK)) + MEAN
        return made if self.flats is None else self.flats(x, made)

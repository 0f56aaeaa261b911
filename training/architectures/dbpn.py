"""D-DBPN (Haris, Shakhnarovich, Ukita: Deep Back-Projection Networks for Super-Resolution, 2018)."""
import torch
from torch import Tensor, nn

from .colour import MEAN


def point(before: int, after: int) -> nn.Sequential:
    """A 1x1 convolution with PReLU."""
    return nn.Sequential(nn.Conv2d(before, after, 1), nn.PReLU())


def up(width: int, scale: int) -> nn.Sequential:
    """[N, width, H, W] -> [N, width, H*scale, W*scale]; the papers' kernels, 6, 7 and 8 pixels for x2, x3 and x4, reach
    two pixels beyond the block of their input pixel."""
    return nn.Sequential(nn.ConvTranspose2d(width, width, scale + 4, scale, 2), nn.PReLU())


def down(width: int, scale: int) -> nn.Sequential:
    """The way back of `up`."""
    return nn.Sequential(nn.Conv2d(width, width, scale + 4, scale, 2), nn.PReLU())


class Projection(nn.Module):
    """A map goes to the other size and back; what came back wrong is sent to the other size too and added there.

    `there` and `back` are `up` and `down` for an up-projection, the reverse for a down-projection. `maps` maps of
    `width` channels are first brought to one by a 1x1 convolution where there are several.
    """

    def __init__(self, there, back, width: int, scale: int, maps: int):
        super().__init__()
        self.enter = point(maps * width, width) if maps > 1 else nn.Identity()
        self.there, self.back, self.correct = there(width, scale), back(width, scale), there(width, scale)

    def forward(self, maps: list[Tensor]) -> Tensor:
        x = self.enter(torch.cat(maps, dim=1) if len(maps) > 1 else maps[0])
        first = self.there(x)
        return first + self.correct(self.back(first) - x)


class Net(nn.Module):
    """[N, 3, H, W] -> [N, 3, H*scale, W*scale]: `stages` up-projections with a down-projection between each two, each
    given all maps of its size before it; the picture is made of all the large maps.

    Published: 7 stages of 64, 256 channels in the first convolution.
    """

    def __init__(self, scale: int, width: int = 64, stages: int = 7, first: int = 256):
        super().__init__()
        self.head = nn.Sequential(nn.Conv2d(3, first, 3, padding=1), nn.PReLU(), *point(first, width))
        self.ups = nn.ModuleList(Projection(up, down, width, scale, max(1, i)) for i in range(stages))
        self.downs = nn.ModuleList(Projection(down, up, width, scale, i + 1) for i in range(stages - 1))
        self.tail = nn.Conv2d(stages * width, 3, 3, padding=1)
        for layer in self.modules():
            if isinstance(layer, (nn.Conv2d, nn.ConvTranspose2d)):
                # A transposed convolution sums `fan` taps an output pixel: its kernel's, thinned by the stride.
                fan = layer.in_channels * layer.kernel_size[0] ** 2
                if isinstance(layer, nn.ConvTranspose2d):
                    fan //= scale**2
                nn.init.normal_(layer.weight, std=(2 / (1 + 0.25**2) / fan) ** 0.5)
                nn.init.zeros_(layer.bias)
        with torch.no_grad():  # corrections begin small and the picture grey: else each stage doubles what it is given
            for projection in (*self.ups, *self.downs):
                projection.correct[0].weight.mul_(0.1)
            self.tail.weight.mul_(0.01)

    def forward(self, x: Tensor) -> Tensor:
        small = [self.head(x - MEAN)]
        large = [self.ups[0](small)]
        small = []  # the paper's dense connections leave the first features out
        for back, forth in zip(self.downs, self.ups[1:]):
            small.append(back(large))
            large.append(forth(small))
        return self.tail(torch.cat(large, dim=1)) + MEAN

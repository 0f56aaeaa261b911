"""A compact body for blind models: a plain stack at the small size, as the efficient challenge winners are built."""
import torch.nn.functional as F
from torch import Tensor, nn

from .flats import Flats


class Net(nn.Module):
    """[N, 3, H, W] -> [N, 3, H*scale, W*scale]: `layers` 3x3 convolutions of `width` with PReLU, pixel shuffle, added to
    the picture with its pixels repeated (the structure of Real-ESRGAN's compact model). `flats`: what it answers to flat
    colours is corrected, see flats.py."""

    def __init__(self, scale: int, width: int = 64, layers: int = 16, flats: bool = False):
        super().__init__()
        self.scale = scale
        steps: list[nn.Module] = [nn.Conv2d(3, width, 3, padding=1), nn.PReLU(width)]
        for _ in range(layers):
            steps += [nn.Conv2d(width, width, 3, padding=1), nn.PReLU(width)]
        self.body = nn.Sequential(*steps)
        self.tail = nn.Conv2d(width, 3 * scale * scale, 3, padding=1)
        self.shuffle = nn.PixelShuffle(scale)
        for layer in self.modules():
            if isinstance(layer, nn.Conv2d):
                nn.init.kaiming_normal_(layer.weight, a=0.25)
                nn.init.zeros_(layer.bias)
        nn.init.normal_(self.tail.weight, std=1e-3)
        self.flats = Flats(scale, gated=False) if flats else None

    def forward(self, x: Tensor) -> Tensor:
        made = self.shuffle(self.tail(self.body(x))) + F.interpolate(x, scale_factor=self.scale, mode="nearest")
        return made if self.flats is None else self.flats(x, made)

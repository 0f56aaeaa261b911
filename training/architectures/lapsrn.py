"""LapSRN (Lai, Huang, Ahuja, Yang: Deep Laplacian Pyramid Networks for Fast and Accurate Super-Resolution, 2017)."""
import torch
from torch import Tensor, nn


class Level(nn.Module):
    """(picture [N, 1, H, W], features [N, width, H, W]) -> both twice as large: the features go through `depth`
    convolutions and a transposed one, and give the residual of the picture that another transposed one enlarged."""

    def __init__(self, width: int, depth: int):
        super().__init__()
        steps: list[nn.Module] = []
        for _ in range(depth):
            steps += [nn.Conv2d(width, width, 3, padding=1), nn.LeakyReLU(0.2)]
        self.features = nn.Sequential(*steps, nn.ConvTranspose2d(width, width, 4, 2, 1), nn.LeakyReLU(0.2))
        self.residual = nn.Conv2d(width, 1, 3, padding=1)
        self.picture = nn.ConvTranspose2d(1, 1, 4, 2, 1)
        for layer in self.features:
            if isinstance(layer, nn.Conv2d):
                nn.init.kaiming_normal_(layer.weight, a=0.2)
                nn.init.zeros_(layer.bias)
        nn.init.normal_(self.residual.weight, std=1e-3)
        nn.init.zeros_(self.residual.bias)
        with torch.no_grad():  # the paper: the picture's branch begins as bilinear interpolation
            axis = torch.tensor([1.0, 3.0, 3.0, 1.0]) / 4
            self.picture.weight.copy_(torch.outer(axis, axis))
            self.picture.bias.zero_()

    def forward(self, picture: Tensor, features: Tensor) -> tuple[Tensor, Tensor]:
        features = self.features(features)
        with torch.autocast(picture.device.type, enabled=False):  # bf16 would round the picture to 8 bits
            enlarged = self.picture(picture)
        return enlarged + self.residual(features), features


class Together(nn.Module):
    """[N, 1, H, W] -> [N, 1, H*scale, W*scale], Y, for scales that are powers of two: one pyramid, of which x2 is the
    first level, x4 the second. Published: 10 convolutions of 64 a level.

    The paper holds every level against a smaller truth in each step; here the levels are trained in turn, on the pairs
    of their own scale (the multi-scale training of the authors' later MS-LapSRN), so that every level's result is one
    a user can ask for.
    """

    def __init__(self, scales: tuple[int, ...], width: int = 64, depth: int = 10):
        super().__init__()
        odd = [scale for scale in scales if scale < 2 or scale & (scale - 1)]
        if odd:
            raise ValueError(f"LapSRN's levels double the picture: scales 2, 4 or 8, not {odd}")
        self.first = scales[0]
        self.head = nn.Sequential(nn.Conv2d(1, width, 3, padding=1), nn.LeakyReLU(0.2))
        self.levels = nn.ModuleList(Level(width, depth) for _ in range(max(scales).bit_length() - 1))

    def forward(self, x: Tensor, scale: int = 0) -> Tensor:
        count = (scale or self.first).bit_length() - 1
        features = self.head(x)
        for level in self.levels[:count]:
            x, features = level(x, features)
        return x

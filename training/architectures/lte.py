"""LTE (Lee, Jin: Local Texture Estimator for Implicit Representation Function, 2022)."""
import math

import torch
from torch import Tensor, nn

from ..kernels.positions import Axis
from .corners import Hidden, blended
from .edsr import Encoder


class Texture(nn.Module):
    """Amplitude and frequency at the small size -> [N, H, W, 256] hidden numbers at the positions: each cell's
    amplitude * [cos, sin](pi (frequency . offset + phase(cell))), then the MLP's hidden layers, blended."""

    def __init__(self, width: int = 256, hidden: int = 3):
        super().__init__()
        self.phase = nn.Linear(2, width // 2, bias=False)
        self.into = nn.Linear(width, width)
        self.hidden = Hidden(width, hidden - 1)
        self.width = width

    def forward(self, features: Tensor, rows: Axis, columns: Axis, cell: Tensor) -> Tensor:
        half = self.width // 2
        phase = self.phase(cell.to(self.phase.weight))

        def at(x: Tensor, row: Tensor, column: Tensor) -> Tensor:
            amplitude, down, across = torch.split(x, [self.width, half, half], dim=-1)
            angle = math.pi * (down * row[:, :, None] + across * column[:, None] + phase)
            waves = amplitude * torch.cat([torch.cos(angle), torch.sin(angle)], dim=-1)
            return self.hidden(self.into(waves))

        return blended(features, rows, columns, at)


class Net(nn.Module):
    """EDSR-baseline's encoder, 3x3 convolutions to 256 amplitudes and 128 pairs of frequencies (rows first), the
    texture's MLP (256-256-256-256-3) at the output pixels, added to the bilinear enlargement."""

    base = "bilinear"
    controls = ()
    shared = "encoder"

    def __init__(self, width: int = 64, blocks: int = 16):
        super().__init__()
        self.encoder = Encoder(width, blocks)
        self.first = nn.Conv2d(width, 512, 3, padding=1)
        self.texture = Texture()
        self.out = nn.Linear(256, 3)
        nn.init.zeros_(self.out.weight)  # begins as the bilinear enlargement
        nn.init.zeros_(self.out.bias)

    def features(self, encoded: Tensor) -> Tensor:
        """The encoder's maps [N, 64, h, w] -> what the decoder reads; the part of the first layer that needs no
        position."""
        return self.first(encoded)

    def encode(self, image: Tensor) -> Tensor:
        return self.features(self.encoder(image))

    def numbers(self, features: Tensor, rows: Axis, columns: Axis, cell: Tensor) -> Tensor:
        """What the last layer gives, [N, H, W, numbers]."""
        return self.out(self.texture(features, rows, columns, cell))

    def decode(self, features: Tensor, rows: Axis, columns: Axis, cell: Tensor) -> Tensor:
        return self.numbers(features, rows, columns, cell).permute(0, 3, 1, 2)

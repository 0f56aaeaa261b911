"""LTE (Lee, Jin: Local Texture Estimator for Implicit Representation Function, 2022)."""
import math

import torch
from torch import Tensor, nn

from ..kernels.positions import Axis, blend
from .corners import Hidden, blended
from .edsr import Encoder
from .flats import structure

DEPTH = 512  # maps that the texture is made of: amplitudes, then frequencies along rows and along columns


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
    texture's MLP (256-256-256-256-3) at the output pixels, added to the bilinear enlargement.

    `flats`: what is added fades out where the photo is flat (flats.py), so that one colour stays that colour at every
    scale, also at those that were not learnt."""

    base = "bilinear"
    controls = ()
    shared = "encoder"

    def __init__(self, width: int = 64, blocks: int = 16, flats: bool = False):
        super().__init__()
        self.flats = flats
        self.encoder = Encoder(width, blocks)
        self.first = nn.Conv2d(width, DEPTH, 3, padding=1)
        self.texture = Texture()
        self.out = nn.Linear(256, 3)
        nn.init.zeros_(self.out.weight)  # begins as the bilinear enlargement
        nn.init.zeros_(self.out.bias)

    def features(self, encoded: Tensor, photo: Tensor | None = None) -> Tensor:
        """The encoder's maps [N, 64, h, w] -> what the decoder reads [N, DEPTH, h, w]: the part of the first layer that
        needs no position; and where the photo [N, 3, h, w] is given, behind them, how much structure it has there."""
        made = self.first(encoded)
        return made if photo is None else torch.cat([made, structure(photo)], dim=1)

    def encode(self, image: Tensor) -> Tensor:
        return self.features(self.encoder(image), image if self.flats else None)

    def numbers(self, features: Tensor, rows: Axis, columns: Axis, cell: Tensor) -> Tensor:
        """What the last layer gives, [N, H, W, numbers]."""
        return self.out(self.texture(features[:, :DEPTH], rows, columns, cell))

    def made(self, features: Tensor, rows: Axis, columns: Axis, cell: Tensor) -> Tensor:
        """What the network makes of the positions, also where the photo is flat: [N, 3, H, W]."""
        return self.numbers(features, rows, columns, cell).permute(0, 3, 1, 2)

    def decode(self, features: Tensor, rows: Axis, columns: Axis, cell: Tensor, *controls: Tensor) -> Tensor:
        """Features -> [N, 3, H, W] less the base; as much of what is `made` as the features say, if they do."""
        made, share = self.made(features, rows, columns, cell, *controls), features[:, DEPTH:]
        return made * blend(share, rows, columns) if share.shape[1] else made

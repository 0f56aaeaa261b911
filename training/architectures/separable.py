"""Enlarger Fast: a small encoder and a separable spectral decoder, one set of weights for any scale.

The encoder is SPAN's (Wan et al.: Swift Parameter-free Attention Network, 2024). The decoder spends its non-linearity
once per small pixel: a head predicts, per colour, K x K coefficients of a product basis of tents times cosines and
sines, and an output pixel is a sum over the four cells around it, which is two matrix products a picture. The tent is
LIIF's local ensemble, the exponential Thera's pixel blur, the product basis OPE's. Rows and columns may have different
scales, and any.
"""
import math

import torch
from torch import Tensor, nn

from ..kernels.positions import Axis
from .colour import MEAN
from .edsr import Encoder as EdsrEncoder
from .flats import FlatSets

KAPPA = 0.0597  # where the pixel's blur begins, in (small pixels)^2; learned


class Block(nn.Module):
    """SPAN's block with a skip: f three 3x3 convolutions with SiLU between; x + (f(x) + x) * (sigmoid(f(x)) - 0.5).

    Without the skip, as published, each block multiplies what it is given by a gate near 0: trained here for 6,255
    steps, the maps of the six blocks had standard deviations of 0.8, 0.09, 3e-3, 2e-4, 2e-5 and 1e-4, so that five of
    them did nothing.
    """

    def __init__(self, width: int):
        super().__init__()
        convs = [nn.Conv2d(width, width, 3, padding=1) for _ in range(3)]
        self.f = nn.Sequential(convs[0], nn.SiLU(), convs[1], nn.SiLU(), convs[2])
        self.frozen_gate = False  # while a receptive field is measured: the gate, near 0 then, counts as a constant

    def forward(self, x: Tensor) -> Tensor:
        change = self.f(x)
        return x + (change + x) * (0.5 if self.frozen_gate else torch.sigmoid(change) - 0.5)


class Encoder(nn.Module):
    """RGB [N, 3, H, W] -> features [N, width, H, W]; the first, second-to-last and last maps are put together."""

    def __init__(self, width: int, blocks: int):
        super().__init__()
        self.head = nn.Conv2d(3, width, 3, padding=1)
        self.blocks = nn.ModuleList(Block(width) for _ in range(blocks))
        self.last = nn.Conv2d(width, width, 3, padding=1)
        self.join = nn.Conv2d(4 * width, width, 1)

    def forward(self, x: Tensor) -> Tensor:
        head = self.head(x - MEAN)
        maps = [head]
        for block in self.blocks:
            maps.append(block(maps[-1]))
        joined = torch.cat([head, self.last(maps[-1]), maps[1], maps[-2]], dim=1)
        return head + self.join(joined)


def body_of(name: str, width: int, blocks: int) -> nn.Module:
    """An encoder [N, 3, H, W] -> [N, width, H, W]: `span` or `edsr`."""
    return {"span": Encoder, "edsr": EdsrEncoder}[name](width, blocks)


class Basis(nn.Module):
    """K functions of an offset: 1, cos(pi j w t), sin(pi j w t), ..., times the tent and the blur of the scale."""

    def __init__(self, count: int, tent: bool = True):
        super().__init__()
        self.count, self.tent = count, tent
        self.frequency = nn.Parameter(torch.ones(()))
        self.kappa = nn.Parameter(torch.tensor(KAPPA))
        numbers = torch.arange(count)
        self.register_buffer("order", math.pi * ((numbers + 1) // 2), persistent=False)  # 0, pi, pi, 2 pi, 2 pi, ...
        self.register_buffer("odd", numbers % 2 == 1, persistent=False)  # the sines

    def forward(self, offset: Tensor, cell: Tensor) -> Tensor:
        """Offsets [...] and the output pixel's size [] (a source pixel spans 2) -> [..., K], the tent still off."""
        wave = self.order * self.frequency
        angle = wave * (offset / 2)[..., None]
        shape = torch.where(self.odd, torch.sin(angle), torch.cos(angle))
        return shape * torch.exp(-(wave * wave) * self.kappa * (cell / 2) * (cell / 2))

    def shares(self, offset: Tensor, weight: Tensor, cell: Tensor) -> Tensor:
        """Offsets and weights [2, H] of both cells -> [2, H, K]: the tent is the local ensemble's weight."""
        return self(offset, cell) * (weight if self.tent else torch.full_like(weight, 0.5))[:, :, None]

    def matrix(self, line: Axis, size: int | Tensor, cell: Tensor) -> Tensor:
        """One axis as a dense [H, K * size] matrix."""
        values = self.shares(line.offset, line.weight, cell)
        places = (line.index[:, :, None] == torch.arange(size, device=line.index.device)).to(values)
        return (values[:, :, :, None] * places[:, :, None, :]).sum(dim=0).flatten(1)


class Decoder(nn.Module):
    """Coefficients [N, 3*K*K, h, w] (colour, row function, column function) -> [N, 3, H, W] at the positions."""

    def __init__(self, basis: int, gains: bool = True, tent: bool = True):
        super().__init__()
        count = 3 * basis * basis
        self.gain = None
        if gains:
            self.gain = nn.Sequential(nn.Linear(2, 32), nn.ReLU(), nn.Linear(32, count))
            nn.init.zeros_(self.gain[-1].weight)
            nn.init.ones_(self.gain[-1].bias)
        self.basis = Basis(basis, tent)

    def forward(self, features: Tensor, rows: Axis, columns: Axis, cell: Tensor) -> Tensor:
        k = self.basis.count
        cell = cell.to(self.basis.kappa)
        # In float32, whatever the body ran in: the bases are, and the gains make it so too.
        features = features.to(self.basis.kappa.dtype)
        gained = features if self.gain is None else features * self.gain(cell[None] / 2)[:, :, None, None]
        count, _, height, width = features.shape
        # Functions before places on both axes: so only two of the middle axes change places, which is quick.
        cells = gained.reshape(count, 3, k, k, height, width).permute(0, 1, 2, 4, 3, 5)
        down = self.basis.matrix(rows, height, cell[0])
        across = self.basis.matrix(columns, width, cell[1])
        return torch.matmul(torch.matmul(down, cells.reshape(count, 3, k * height, k * width)), across.T)


class Net(nn.Module):
    """`encode`: [N, 3, h, w] -> coefficients, which no scale enters and which are kept while one zooms; `decode`:
    what is added to the bicubic enlargement. `body`: span, or edsr for EDSR-baseline's encoder; `head` 0, `gains` and
    `tent` False are what the pilot compares with (training/learning/pilot.py).

    Each of `controls` has coefficients of its own, which the decoder adds times the control's value: the result is
    linear in it, and a slider that moves costs two products and no encoding. `vivid`: a head of its own for one more,
    `strength`, which learns texture by looks while all else stays true to the photo; at 1 the control stands for
    `strength_end` of what that head learned, at its reciprocal for all of it. `flats`: what it answers to flat colours
    is corrected, see flats.py.
    """

    base = "bicubic"
    shared = ""

    def __init__(self, width: int = 32, blocks: int = 6, head: int = 128, basis: int = 8, body: str = "span",
                 gains: bool = True, tent: bool = True, controls: tuple[str, ...] = (), vivid: bool = False,
                 strength_end: float = 1.0, flats: bool = False):
        super().__init__()
        self.controls = (*controls, *(("strength",) if vivid else ()))
        self.ends = {"strength": strength_end}
        self.encoder = body_of(body, width, blocks)
        count = 3 * basis * basis
        layers = [nn.Conv2d(width, head, 3, padding=1), nn.ReLU(), nn.Conv2d(head, head, 1), nn.ReLU(),
                  nn.Conv2d(head, count, 1)] if head else [nn.Conv2d(width, count, 3, padding=1)]
        self.coefficients = nn.Sequential(*layers)
        nn.init.zeros_(self.coefficients[-1].weight)  # begins as the bicubic
        nn.init.zeros_(self.coefficients[-1].bias)
        self.turned = nn.ModuleList(nn.Conv2d(layers[-1].in_channels, count, layers[-1].kernel_size,
                                              padding=layers[-1].padding) for _ in controls)
        self.vivid = nn.Sequential(nn.Conv2d(width, head, 3, padding=1), nn.ReLU(), nn.Conv2d(head, head, 1), nn.ReLU(),
                                   nn.Conv2d(head, count, 1)) if vivid else None
        for layer in (*self.turned, *(self.vivid[-1:] if vivid else ())):  # begins as if nothing could be turned
            nn.init.zeros_(layer.weight)
            nn.init.zeros_(layer.bias)
        self.decoder = Decoder(basis, gains, tent)
        self.flats = FlatSets(1 + len(self.controls), basis * basis) if flats else None
        # Dense products over a tile of 16 source pixels at x4, see docs/implicit.md
        self.other_macs = 3 * basis * basis * 16 // 4 + 3 * basis * 16

    def features(self, encoded: Tensor, photo: Tensor | None = None) -> Tensor:
        """What the encoder made -> coefficients, corrected where the photo [N, 3, h, w] is given."""
        hidden = self.coefficients[:-1](encoded)
        vivid = [self.vivid(encoded)] if self.vivid else []
        made = torch.cat([self.coefficients[-1](hidden), *(layer(hidden) for layer in self.turned), *vivid], dim=1)
        return made if photo is None else self.flats(photo, made)

    def encode(self, image: Tensor) -> Tensor:
        """RGB [N, 3, h, w] -> coefficients [N, C, h, w]."""
        return self.features(self.encoder(image), image if self.flats else None)

    def sets(self, *values: Tensor) -> Tensor:
        """Values of the controls [1] -> how much of each set of coefficients is taken, the first without any [1 + N]."""
        shares = [self.ends.get(name, 1.0) * value for name, value in zip(self.controls, values, strict=True)]
        return torch.cat([torch.ones(1, device=values[0].device if values else None), *shares])

    def decode(self, features: Tensor, rows: Axis, columns: Axis, cell: Tensor, *values: Tensor) -> Tensor:
        plain, *turned = features.chunk(1 + len(self.controls), dim=1)
        for name, value, coefficients in zip(self.controls, values, turned, strict=True):
            plain = plain + self.ends.get(name, 1.0) * value * coefficients
        return self.decoder(plain, rows, columns, cell)

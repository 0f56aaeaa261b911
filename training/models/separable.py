"""Enlarger Fast: a small encoder and a separable spectral decoder, one set of weights for any scale.

The encoder is SPAN's (Wan et al.: Swift Parameter-free Attention Network, 2024). The decoder spends its non-linearity
once per small pixel: a head predicts, per colour, K x K coefficients of a product basis of tents times cosines and
sines, and an output pixel is a sum over the four cells around it, which is two matrix products a picture. The tent is
LIIF's local ensemble, the exponential Thera's pixel blur. Rows and columns may have different scales, and any.
"""
import math

import torch
from torch import Tensor, nn

from ..resize import taps
from .edsr import MEAN

KAPPA = 0.0597  # where the pixel's blur begins, in (small pixels)^2; learned


class Block(nn.Module):
    """SPAN's block: f three 3x3 convolutions with SiLU between; (f(x) + x) * (sigmoid(f(x)) - 0.5)."""

    def __init__(self, width: int):
        super().__init__()
        convs = [nn.Conv2d(width, width, 3, padding=1) for _ in range(3)]
        self.f = nn.Sequential(convs[0], nn.SiLU(), convs[1], nn.SiLU(), convs[2])

    def forward(self, x: Tensor) -> Tensor:
        change = self.f(x)
        return (change + x) * (torch.sigmoid(change) - 0.5)


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


def offsets(size: int, out: int, scale: float) -> tuple[Tensor, Tensor]:
    """For every output pixel of one axis: the two cells around its centre [out, 2] (kept inside the picture) and its
    offset t from their centres [out, 2], in small pixels, in (-1, 1]."""
    centre = (torch.arange(out, dtype=torch.float64) + 0.5) / scale - 0.5
    first = torch.floor(centre).long()
    cells = torch.stack([first, first + 1], dim=1)
    return cells.clamp(0, size - 1), centre[:, None] - cells


class Basis(nn.Module):
    """K functions of an offset: 1, cos(pi j w t), sin(pi j w t), ..., times the tent and the blur of the scale."""

    def __init__(self, count: int):
        super().__init__()
        self.count = count
        self.frequency = nn.Parameter(torch.ones(()))
        self.kappa = nn.Parameter(torch.tensor(KAPPA))

    def forward(self, t: Tensor, scale: float) -> Tensor:
        """[...] offsets -> [..., K] values."""
        columns = []
        for m in range(self.count):
            wave = math.pi * ((m + 1) // 2) * self.frequency
            shape = torch.cos(wave * t) if m % 2 == 0 else torch.sin(wave * t)
            columns.append(shape * torch.exp(-(wave**2) * self.kappa / scale**2))
        return torch.stack(columns, dim=-1) * (1 - t.abs())[..., None]

    def matrix(self, size: int, out: int, scale: float, like: Tensor) -> Tensor:
        """One axis as a dense [out, size * K] matrix."""
        cells, t = offsets(size, out, scale)
        values = self(t.to(like), scale)
        rows = torch.zeros(out, size, self.count, dtype=like.dtype, device=like.device)
        places = torch.arange(out, device=like.device)
        for side in (0, 1):
            rows = rows.index_put((places, cells[:, side].to(like.device)), values[:, side], accumulate=True)
        return rows.reshape(out, size * self.count)


def bicubic_matrix(size: int, out: int, scale: float, like: Tensor) -> Tensor:
    """The reference bicubic enlargement of one axis, dense [out, size]."""
    index, weight = taps(size, out, float(scale))
    dense = torch.zeros(out, size, dtype=torch.float64)
    rows = torch.arange(out)[:, None].expand(index.shape)
    dense.index_put_((rows, torch.from_numpy(index)), torch.from_numpy(weight), accumulate=True)
    return dense.to(like)


class Together(nn.Module):
    """[N, 3, H, W] -> [N, 3, round(H*scale), round(W*scale)], any scale; `scales` are those it is trained on."""

    def __init__(self, scales: tuple[int, ...] = (2, 3, 4), width: int = 32, blocks: int = 6, head: int = 128,
                 basis: int = 8):
        super().__init__()
        self.first = scales[0]
        self.encoder = Encoder(width, blocks)
        count = 3 * basis * basis
        self.coefficients = nn.Sequential(nn.Conv2d(width, head, 3, padding=1), nn.ReLU(), nn.Conv2d(head, head, 1),
                                          nn.ReLU(), nn.Conv2d(head, count, 1))
        nn.init.zeros_(self.coefficients[-1].weight)  # begins as the bicubic
        nn.init.zeros_(self.coefficients[-1].bias)
        self.gain = nn.Sequential(nn.Linear(2, 32), nn.ReLU(), nn.Linear(32, count))
        nn.init.zeros_(self.gain[-1].weight)
        nn.init.ones_(self.gain[-1].bias)
        self.basis = Basis(basis)

    def forward(self, x: Tensor, scale: float = 0) -> Tensor:
        scale = scale or self.first
        height, width = x.shape[2:]
        size = round(height * scale), round(width * scale)
        raw = self.coefficients(self.encoder(x))
        with torch.autocast(x.device.type, enabled=False):
            inverse = torch.full((1, 2), 1 / scale, dtype=x.dtype, device=x.device)
            gained = raw.to(x.dtype) * self.gain(inverse)[:, :, None, None]
            return self.decode(gained, size, scale) + self.enlarged(x, size, scale)

    def decode(self, gained: Tensor, size: tuple[int, int], scale: float) -> Tensor:
        """Coefficients [N, 3*K*K, H, W] (colour, row function, column function) -> [N, 3, *size]."""
        k = self.basis.count
        count, _, height, width = gained.shape
        cells = gained.reshape(count, 3, k, k, height, width).permute(0, 1, 4, 2, 5, 3)
        rows = self.basis.matrix(height, size[0], scale, gained)
        columns = self.basis.matrix(width, size[1], scale, gained)
        return rows @ cells.reshape(count, 3, height * k, width * k) @ columns.T

    def enlarged(self, x: Tensor, size: tuple[int, int], scale: float) -> Tensor:
        """The bicubic enlargement that the decoder adds to."""
        rows = bicubic_matrix(x.shape[2], size[0], scale, x)
        return rows @ x @ bicubic_matrix(x.shape[3], size[1], scale, x).T

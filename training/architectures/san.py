"""SAN (Dai, Cai, Zhang, Xia, Zhang: Second-Order Attention Network for Single Image Super-Resolution, 2019).

Published: 20 groups of 10 plain blocks; `groups` and `blocks` make smaller ones.
"""
import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .colour import MEAN
from .edsr import Block, Tailed

NEWTON_STEPS = 5
PARTS = 8  # the queries of a region are answered in so many parts, or their weights would be all of a run's memory


def matrix_root(covariance: Tensor) -> Tensor:
    """Square root of symmetric positive matrices [N, C, C] by NEWTON_STEPS Newton-Schulz steps, trace-normalised."""
    size = covariance.shape[-1]
    eye = torch.eye(size, dtype=covariance.dtype, device=covariance.device)
    trace = (covariance * eye).sum(dim=(1, 2), keepdim=True) + 1e-8
    y, z = covariance / trace, eye.expand_as(covariance)
    for _ in range(NEWTON_STEPS):
        step = 0.5 * (3 * eye - torch.matmul(z, y))
        y, z = torch.matmul(y, step), torch.matmul(step, z)
    return y * trace.sqrt()


class SecondOrderAttention(nn.Module):
    """x -> x * sigmoid(1x1(ReLU(1x1(row means of the root of the channels' covariance over positions))))."""

    def __init__(self, width: int, reduction: int):
        super().__init__()
        self.squeeze = nn.Conv2d(width, width // reduction, 1)
        self.excite = nn.Conv2d(width // reduction, width, 1)
        self.frozen_gate = False

    def forward(self, x: Tensor) -> Tensor:
        # The root of an 8-bit-precise covariance is noise: this part is always float32 (float64 stays).
        with torch.autocast(x.device.type, enabled=False):
            wide = x if x.dtype in (torch.float32, torch.float64) else x.float()
            flat = (wide.detach() if self.frozen_gate else wide).flatten(2)
            centred = flat - flat.mean(dim=2, keepdim=True)
            covariance = torch.matmul(centred, centred.transpose(1, 2)) / (x.shape[2] * x.shape[3])
            pooled = matrix_root(covariance).mean(dim=2)[:, :, None, None]
        return x * torch.sigmoid(self.excite(torch.relu(self.squeeze(pooled.to(x.dtype)))))


class RegionNonLocal(nn.Module):
    """Embedded-Gaussian attention inside regions, with a skip; the output convolution starts at zero, so that it begins
    as the identity.

    The paper's regions are the picture's four quarters (`side` 0), in each of which every pixel is compared with every
    other: memory grows with the square of the picture. `side` above 0 has regions of that many pixels a side, counted
    from the upper left corner, those at the right and lower edge filled up by repeating the border.
    """

    def __init__(self, width: int, inner: int, side: int = 0):
        super().__init__()
        self.side = side
        self.parts = math.gcd(side * side, PARTS) if side else 1
        self.query = nn.Conv2d(width, inner, 1)
        self.key = nn.Conv2d(width, inner, 1)
        self.value = nn.Conv2d(width, inner, 1)
        self.out = nn.Conv2d(inner, width, 1)
        nn.init.zeros_(self.out.weight)
        nn.init.zeros_(self.out.bias)
        self.frozen_gate = False

    def attend(self, x: Tensor) -> Tensor:
        query, key, value = (layer(x).flatten(2) for layer in (self.query, self.key, self.value))
        value = value.transpose(1, 2)
        mixed = torch.cat([torch.matmul(torch.softmax(torch.matmul(part, key), dim=-1), value)
                           for part in query.transpose(1, 2).chunk(self.parts, dim=1)], dim=1).transpose(1, 2)
        return self.out(mixed.reshape(x.shape[0], -1, x.shape[2], x.shape[3]))

    def quarters(self, x: Tensor) -> Tensor:
        middle_y, middle_x = x.shape[2] // 2, x.shape[3] // 2
        rows = [torch.cat([self.attend(half[..., :middle_x]), self.attend(half[..., middle_x:])], dim=3)
                for half in (x[:, :, :middle_y], x[:, :, middle_y:])]
        return torch.cat(rows, dim=2)

    def regions(self, x: Tensor) -> Tensor:
        count, channels, height, width = x.shape
        side, rows, columns = self.side, (height + self.side - 1) // self.side, (width + self.side - 1) // self.side
        full = F.pad(x, (0, columns * side - width, 0, rows * side - height), mode="replicate")
        parts = full.reshape(count, channels, rows, side, columns, side).permute(0, 2, 4, 1, 3, 5)
        attended = self.attend(parts.reshape(-1, channels, side, side))
        attended = attended.reshape(count, rows, columns, channels, side, side).permute(0, 3, 1, 4, 2, 5)
        return attended.reshape(count, channels, rows * side, columns * side)[:, :, :height, :width]

    def forward(self, x: Tensor) -> Tensor:
        gated = x.detach() if self.frozen_gate else x
        return x + (self.regions(gated) if self.side else self.quarters(gated))


class Group(nn.Module):
    """Local-source residual attention group: plain blocks, second-order attention, a convolution, a skip."""

    def __init__(self, width: int, blocks: int, reduction: int):
        super().__init__()
        self.blocks = nn.Sequential(*[Block(width, 1.0) for _ in range(blocks)])
        self.attention = SecondOrderAttention(width, reduction)
        self.fuse = nn.Conv2d(width, width, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.fuse(self.attention(self.blocks(x)))


class Encoder(nn.Module):
    """RGB -> features: non-local, groups with share-source skips (the head times one learned number), non-local."""

    def __init__(self, width: int, groups: int, blocks: int, reduction: int, side: int):
        super().__init__()
        self.head = nn.Conv2d(3, width, 3, padding=1)
        self.before = RegionNonLocal(width, width // 8, side)
        self.groups = nn.ModuleList(Group(width, blocks, reduction) for _ in range(groups))
        self.share = nn.Parameter(torch.zeros(1))
        self.after = RegionNonLocal(width, width // 8, side)
        self.fuse = nn.Conv2d(width, width, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        head = self.head(x - MEAN)
        source = self.before(head)
        y = source
        for group in self.groups:
            y = group(y) + self.share * source
        return head + self.fuse(self.after(y))


class Together(Tailed):
    """[N, 3, H, W] -> [N, 3, H*scale, W*scale]: a shared encoder and EDSR's tails. At least 2x2 pixels."""

    def __init__(self, scales: tuple[int, ...], width: int = 64, groups: int = 20, blocks: int = 10,
                 reduction: int = 16, side: int = 0, flats: bool = False):
        super().__init__(Encoder(width, groups, blocks, reduction, side), width, scales, flats)
        self.align = side or 1  # tiles begin at whole regions

"""What the implicit decoders share: an MLP at the four cells around each output pixel, blended by local ensemble.

Two things are done once that the papers do four times, and change nothing but the cost: the part of the first layer
that does not depend on the position is in the features already (a convolution at the photo's own size), and the last
layer, which is linear, comes after the blend.
"""
from collections.abc import Callable

import torch
from torch import Tensor, nn

from ..kernels.positions import Axis


def blended(features: Tensor, rows: Axis, columns: Axis, at: Callable[..., Tensor], ensemble: bool = True,
            beside: tuple[Tensor, ...] = ()) -> Tensor:
    """Features [N, C, h, w] -> the mean of `at(features [N, H, W, C], row offset [H, 1], column offset [W])` over
    the cells around each position, weighted by the area of the opposite rectangle: [N, H, W, C'].

    `ensemble` False: the nearest cell alone (LIIF's ablation). `beside`: further maps of the cells, which `at` is given
    behind the offsets, in the same layout."""
    maps = [x.permute(0, 2, 3, 1) for x in (features, *beside)]
    if not ensemble:
        rows, columns = nearest(rows), nearest(columns)
    total = None
    for i in range(rows.index.shape[0]):
        down = [x.index_select(1, rows.index[i]) for x in maps]
        for j in range(columns.index.shape[0]):
            here, *others = (x.index_select(2, columns.index[j]) for x in down)
            here = at(here, rows.offset[i][:, None], columns.offset[j], *others)
            if not ensemble:
                return here
            share = rows.weight[i][:, None, None] * columns.weight[j][:, None]
            total = here * share if total is None else total + here * share
    return total


def nearest(line: Axis) -> Axis:
    """Only the nearer of the two cells of each position."""
    second = (line.weight[1] > line.weight[0]).long()[None]
    return Axis(*(part.gather(0, second) for part in line))


class Place(nn.Module):
    """The first layer's part that depends on the position: offset (2 numbers) and, unless off, cell (2 numbers)."""

    def __init__(self, width: int, cell: bool = True):
        super().__init__()
        self.offset = nn.Parameter(torch.empty(2, width).uniform_(-0.1, 0.1))
        self.cell = nn.Parameter(torch.empty(2, width).uniform_(-0.1, 0.1)) if cell else None

    def forward(self, x: Tensor, row: Tensor, column: Tensor, cell: Tensor) -> Tensor:
        """x [N, H, W, width] plus the part of row offset [H, 1], column offset [W] and cell [2]."""
        x = x + row[:, :, None] * self.offset[0] + column[:, None] * self.offset[1]
        return x if self.cell is None else x + torch.mv(self.cell.T, cell.to(self.cell))


class Hidden(nn.Module):
    """ReLU, then `layers` times a linear layer and ReLU: what follows the first layer."""

    def __init__(self, width: int, layers: int):
        super().__init__()
        self.layers = nn.ModuleList(nn.Linear(width, width) for _ in range(layers))

    def forward(self, x: Tensor) -> Tensor:
        x = torch.relu(x)
        for layer in self.layers:
            x = torch.relu(layer(x))
        return x

"""Where output pixels lie between source pixels: one axis at a time, as docs/implicit.md describes them."""
from typing import NamedTuple

import torch
from torch import Tensor


class Axis(NamedTuple):
    """The output pixels of one axis. `index` int64 [2, H]: the two cells around each, kept inside the picture;
    `offset` [2, H]: position less that cell's centre, a cell spanning 2; `weight` [2, H]: its share in the local
    ensemble of this axis."""

    index: Tensor
    offset: Tensor
    weight: Tensor

    def pick(self, chosen: Tensor) -> "Axis":
        """The pixels numbered `chosen` [M] alone."""
        return Axis(*(part[:, chosen] for part in self))

    def to(self, like: Tensor) -> "Axis":
        """On the device and in the float type of `like`."""
        return Axis(self.index.to(like.device), self.offset.to(like), self.weight.to(like))


def axis(size: int, out: int, scale: float, around: int = 0) -> Axis:
    """All `out` pixels of an axis of `size` source pixels enlarged `scale` times. With cells `around` it on either side,
    pixels at the border lie between two of them as all others do, and cells are counted from the first of those."""
    centre = (torch.arange(out, dtype=torch.float64) + 0.5) / scale - 0.5
    first = torch.floor(centre).long()
    index = torch.stack([first, first + 1]).clamp(-around, size - 1 + around)
    offset = 2 * (centre[None] - index)
    reach = offset.abs()
    both = reach.sum(dim=0)
    weight = torch.where(both > 0, reach.flip(0) / both, 0.5)  # 0: both are one cell, and the pixel is its centre
    return Axis(index + around, offset.float(), weight.float())


def cell(scale: tuple[float, float]) -> Tensor:
    """Size of an output pixel along rows and columns, a source pixel spanning 2: [2]."""
    return torch.tensor([2 / scale[0], 2 / scale[1]], dtype=torch.float32)


def picked(whole: Tensor, chosen: tuple[Tensor, Tensor]) -> Tensor:
    """[N, C, H, W] -> the rows and columns chosen."""
    return whole[:, :, chosen[0].to(whole.device)][:, :, :, chosen[1].to(whole.device)]


def blend(source: Tensor, rows: Axis, columns: Axis) -> Tensor:
    """Bilinear enlargement of [N, C, h, w] at the positions: [N, C, H, W]. Borders repeat the edge pixel."""
    # Between two cells the ensemble's weight is the tent; beyond the border both cells are one and the same.
    down = source.index_select(2, rows.index[0]) * rows.weight[0][:, None]
    down = down + source.index_select(2, rows.index[1]) * rows.weight[1][:, None]
    return (down.index_select(3, columns.index[0]) * columns.weight[0]
            + down.index_select(3, columns.index[1]) * columns.weight[1])


def decoder_inputs(features: Tensor, rows: Axis, columns: Axis, scale: tuple[float, float]) -> dict[str, Tensor]:
    """The decoder's inputs by name, without the controls."""
    return {"features": features, "rowIndex": rows.index.int(), "rowOffset": rows.offset, "rowWeight": rows.weight,
            "columnIndex": columns.index.int(), "columnOffset": columns.offset, "columnWeight": columns.weight,
            "cell": cell(scale)}

"""Training pairs at any real scale: a photograph's part, and what the reference bicubic with 8-bit rounding (or, for
blind models, the world) left of it."""
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from ..kernels.positions import Axis, axis, cell, picked
from .degrade import Degrader
from .patches import Patches, to_network
from .reduction import reduced


class Batch(NamedTuple):
    """`low` [N, 3, n, n], `truth` [N, 3, H, W] at the output pixels `rows` x `columns` of the patch, and for those
    who must see it whole, `whole` [N, 3, n*scale, n*scale]. `grain` [N, 3, n, n], of degraded pictures: what of `low`
    may stay where the control `denoise` is turned down."""

    low: Tensor
    truth: Tensor
    rows: Axis
    columns: Axis
    cell: Tensor
    scale: float
    whole: Tensor
    chosen: tuple[Tensor, Tensor]
    grain: Tensor | None = None


def window(batch: Batch, points: int, random: np.random.Generator) -> Batch:
    """The batch asking for `points` x `points` neighbouring output pixels (all, where it has fewer) instead of for
    scattered ones, which the losses of perceptual models cannot look at."""
    size, side = batch.whole.shape[2], batch.low.shape[2]
    wanted = min(points or size, size)
    chosen = tuple(torch.arange(wanted) + int(random.integers(size - wanted + 1)) for _ in range(2))
    full = axis(side, size, batch.scale)
    rows, columns = (full.pick(places).to(batch.low) for places in chosen)
    truth = picked(batch.whole, chosen).to(batch.truth)
    return batch._replace(truth=truth, rows=rows, columns=columns, chosen=chosen)


class AnyScalePairs:
    """Draws batches of one scale each. `beyond`: the share of batches with a scale between `upper` and twice that;
    `degrade`: a kind of degradation instead of the bicubic, each picture its own."""

    def __init__(self, patches: Patches, points: int, upper: float = 4.0, exact: float = 0.4, beyond: float = 0.0,
                 degrade: str = ""):
        self.patches, self.points, self.upper, self.exact, self.beyond = patches, points, upper, exact, beyond
        self.degrade = Degrader(degrade, patches.random) if degrade else None

    def scale(self) -> float:
        """U(1, upper), or one of 2, 3, 4 (2 twice as often), or U(upper, 2 upper)."""
        random = self.patches.random
        drawn = random.random()
        if drawn < self.exact:
            return float((2, 2, 3, 4)[int(random.integers(4))])
        if drawn < self.exact + self.beyond:
            return float(random.uniform(self.upper, 2 * self.upper))
        return float(random.uniform(1, self.upper))

    def draw(self, count: int, patch: int) -> Batch:
        """`count` patches of `patch` source pixels a side. With `points`, only so many rows and columns are asked
        for, drawn anew for each batch: together they see as much as single points drawn at random, and cost less."""
        size = round(patch * self.scale())
        side = self.patches.cut_side(size)
        low, grain = np.empty((count, patch, patch, 3), np.uint8), np.zeros((count, patch, patch, 3), np.float32)
        high = np.empty((count, size, size, 3), np.uint8)
        for slot in range(count):
            index, top, left = self.patches.place(side)
            whole = self.patches.pack.picture(index)[top : top + side, left : left + side]
            turned = self.patches.turned(whole)[0]
            high[slot] = reduced(turned, (size, size)) if side > size else turned
            small = (patch, patch)
            if self.degrade:
                low[slot], grain[slot] = self.degrade.with_grain(high[slot], small)
            else:
                low[slot] = reduced(high[slot], small)
        truth = torch.from_numpy(to_network(high, "rgb"))
        scale = size / patch
        full = axis(patch, size, scale)
        chosen = self.pick(size), self.pick(size)
        return Batch(torch.from_numpy(to_network(low, "rgb")), picked(truth, chosen), full.pick(chosen[0]),
                     full.pick(chosen[1]), cell((scale, scale)), scale, truth, chosen,
                     torch.from_numpy(grain.transpose(0, 3, 1, 2) / 255) if self.degrade else None)

    def pick(self, size: int) -> Tensor:
        """Which rows (or columns) are asked for, in order."""
        if not self.points or self.points >= size:
            return torch.arange(size)
        return torch.from_numpy(np.sort(self.patches.random.choice(size, self.points, replace=False)))

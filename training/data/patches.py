"""Training batches: patches drawn where there is detail, flipped and turned."""
import json
import os

import numpy as np

from ..kernels.color import Y_OFFSET, Y_WEIGHTS
from ..config import LARGE_SHARE, Recipe
from .pack import HALVE_ABOVE, MULTIPLE, Pack
from .reduction import reduced

AROUND = 4  # LR pixels around a patch whose LR is made from it alone, so that its edge comes from real neighbours
CELL = 24  # HR pixels a side of the cells whose detail is weighed; a multiple of every scale
SHRUNK = 0.6  # share of the batches whose photographs are made smaller first, where `shrink` allows it
COMMON = 0.9  # of all detail lies in photographs that hold the largest patch that is made smaller
STEEPEST = 24.0  # mean absolute gradient (8-bit steps a pixel) above which a cell weighs no more: noise, not detail


def cell_detail(picture: np.ndarray) -> np.ndarray:
    """Mean absolute gradient of the green channel in cells of CELL x CELL, [rows, columns], 8-bit steps a pixel."""
    rows, columns = picture.shape[0] // CELL, picture.shape[1] // CELL
    green = picture[: rows * CELL, : columns * CELL, 1].astype(np.float32)
    steps = np.zeros_like(green)
    steps[:, 1:] += np.abs(np.diff(green, axis=1))
    steps[1:] += np.abs(np.diff(green, axis=0))
    return steps.reshape(rows, CELL, columns, CELL).mean(axis=(1, 3))


def common_side(sides: np.ndarray, weights: np.ndarray) -> int:
    """The largest side that COMMON of the weights reach, of cells with the shorter side of their photograph each."""
    falling = np.argsort(-sides, kind="stable")
    return int(sides[falling][np.searchsorted(np.cumsum(weights[falling]), COMMON * weights.sum())])


class Patches:
    """Draws batches from a pack. The same seed and the same calls give the same batches.

    A patch is centred in a cell drawn with a probability proportional to the cell's detail, then moved by up to half
    a cell so that no grid is learnt. Full-size photographs are drawn at `large` of that. `shrink`: a batch may be of
    larger patches made smaller by up to this factor, which are sharper, and others every time: a few hundred
    photographs are soon known.
    """

    def __init__(self, pack: Pack, seed: int, large: float = LARGE_SHARE, shrink: float = 1.0):
        self.pack, self.shrink = pack, shrink
        self.random = np.random.default_rng(seed)
        self.cells, detail = self._detail()
        sides = np.array([max(entry["height"], entry["width"]) for entry in pack.entries])
        weights = detail * np.where(sides > HALVE_ABOVE, large, 1.0)[self.cells[:, 0]]
        self.cumulative = np.cumsum(weights, dtype=np.float64)
        self.cumulative /= self.cumulative[-1]
        shorter = np.array([min(entry["height"], entry["width"]) for entry in pack.entries])
        self.largest = int(shorter.max())
        self.common = common_side(shorter[self.cells[:, 0]], weights)

    @classmethod
    def of(cls, recipe: Recipe, pack: Pack, seed: int) -> "Patches":
        """As a recipe draws them."""
        return cls(pack, seed, recipe.large, recipe.shrink)

    def _detail(self) -> tuple[np.ndarray, np.ndarray]:
        """(cells int32 [M, 3]: photograph, row, column; what each weighs by its detail [M]), kept beside the pack."""
        cache = self.pack.folder / "cells.npz"
        if cache.exists():
            stored = np.load(cache)
            return stored["cells"], stored["detail"]
        cells, weights = [], []
        for index in range(len(self.pack)):
            detail = cell_detail(self.pack.picture(index))
            y, x = np.indices(detail.shape)
            cells.append(np.stack([np.full(detail.size, index), y.ravel(), x.ravel()], axis=1).astype(np.int32))
            weights.append(np.minimum(detail.ravel(), STEEPEST))
        found, detail = np.concatenate(cells), np.concatenate(weights)
        part = cache.with_name(f"cells.{os.getpid()}.npz")
        np.savez(part, cells=found, detail=detail)
        os.replace(part, cache)
        return found, detail

    def place(self, size: int) -> tuple[int, int, int]:
        """(photograph, top, left) of a patch of `size` HR pixels; top and left are multiples of MULTIPLE."""
        if size > self.largest:
            raise ValueError(f"no photograph holds a patch of {size} x {size} pixels, the largest is {self.largest}; "
                             "make `patch` of the config smaller")
        while True:
            chosen = np.searchsorted(self.cumulative, self.random.random())
            index, row, column = self.cells[min(chosen, len(self.cells) - 1)]
            entry = self.pack.entries[index]
            if min(entry["height"], entry["width"]) < size:
                continue
            corner = []
            for cell, limit in ((row, entry["height"]), (column, entry["width"])):
                start = cell * CELL + int(self.random.integers(CELL)) - size // 2
                start = min(max(start, 0), limit - size)
                corner.append(start // MULTIPLE * MULTIPLE)
            return int(index), corner[0], corner[1]

    def cut_side(self, size: int) -> int:
        """Pixels a side that are cut for the next batch of patches of `size`: more where they are made smaller."""
        if self.shrink <= 1 or self.random.random() >= SHRUNK:
            return size
        wanted = min(int(size * self.shrink ** self.random.random()), self.common)
        return max(size, wanted // MULTIPLE * MULTIPLE)

    def batch(self, scale: int, count: int, patch: int) -> tuple[np.ndarray, np.ndarray]:
        """(LR [count, patch, patch, 3], HR [count, patch*scale, patch*scale, 3]), uint8 RGB."""
        around = (patch + 2 * AROUND) * scale
        side = self.cut_side(around)
        pairs = [self._shrunk(scale, patch, side) if side > around else self._cut(scale, patch) for _ in range(count)]
        low, high = zip(*pairs)
        return np.stack(low), np.stack(high)

    def _cut(self, scale: int, patch: int) -> list[np.ndarray]:
        """LR and HR as they lie in the pack."""
        index, top, left = self.place(patch * scale)
        y, x = top // scale, left // scale
        low = self.pack.picture(index, scale)[y : y + patch, x : x + patch]
        high = self.pack.picture(index)[top : top + patch * scale, left : left + patch * scale]
        return self.turned(low, high)

    def _shrunk(self, scale: int, patch: int, side: int) -> tuple[np.ndarray, np.ndarray]:
        """LR and HR of `side` pixels of a photograph made smaller."""
        index, top, left = self.place(side)
        whole = self.turned(self.pack.picture(index)[top : top + side, left : left + side])[0]
        around = patch + 2 * AROUND
        high = reduced(whole, (around * scale,) * 2)
        return without_edges(reduced(high, (around,) * 2), high, scale)

    def reseed(self, seed: int) -> None:
        """Start another sequence of patches."""
        self.random.bit_generator.state = np.random.default_rng(seed).bit_generator.state

    def state(self) -> str:
        """The generator's state, for a checkpoint (JSON: its integers are longer than a tensor's)."""
        return json.dumps(self.random.bit_generator.state)

    def restore(self, state: str) -> None:
        """The inverse of `state`."""
        self.random.bit_generator.state = json.loads(state)

    def turned(self, *pictures: np.ndarray) -> list[np.ndarray]:
        """The pictures, all turned and mirrored by one of the eight symmetries of the square."""
        turn = int(self.random.integers(8))
        found = [np.rot90(picture, turn % 4) for picture in pictures]
        return [picture[:, ::-1] for picture in found] if turn >= 4 else found


def without_edges(low, high, scale: int):
    """A pair [..., H, W, 3] without the AROUND LR pixels at its edges."""
    cut = AROUND * scale
    return low[..., AROUND:-AROUND, AROUND:-AROUND, :], high[..., cut:-cut, cut:-cut, :]


def to_network(patches: np.ndarray, channels: str) -> np.ndarray:
    """uint8 [N, H, W, 3] -> float32 [N, C, H, W]: RGB in [0, 1], or studio-swing Y in [16/255, 235/255]."""
    unit = patches.astype(np.float32) / 255.0
    if channels == "y":
        return (unit @ Y_WEIGHTS.astype(np.float32) + np.float32(Y_OFFSET))[:, None]
    return np.ascontiguousarray(unit.transpose(0, 3, 1, 2))

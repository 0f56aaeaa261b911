"""What tiles change in a network that looks at the whole picture: the application's fading tiles against no tiles.

The plan, the overlap and the weights are those of src/shared/manifest.ts, src/shared/tiles.ts,
src/engine/runtime/tileSize.ts, src/engine/kernels/blend.ts and src/engine/methods/feathered.ts.
"""
import math
from functools import lru_cache
from pathlib import Path

import numpy as np

from ..data.pack import as_rgb, validation_names, versions
from ..data.pictures import read_picture
from ..paths import DATA
from .enlarge import Run
from .held import read_overlap, seen_edges

BUDGET = 1000 * 2**20  # bytes that the application gives a tile on a computer of 16 GB
RUNTIME_COPIES, BYTES_PER_ROOT_MAC = 2, 28
MACS_PER_RUN = 5.5e11
SMALLEST, LARGEST = 32, 520
LARGEST_KEPT = 1200  # output pixels
PICTURES = 2


def core_side(macs_per_pixel: float, live_bytes: int | None, field: dict, align: int = 1, scale: int = 1) -> int:
    """Largest side of what a tile stands for, in input pixels (src/engine/runtime/tileSize.ts)."""
    macs = max(1, macs_per_pixel)
    taken = RUNTIME_COPIES * live_bytes if live_bytes else BYTES_PER_ROOT_MAC * math.sqrt(macs)
    fits = math.floor(min(math.sqrt(BUDGET / taken), math.sqrt(MACS_PER_RUN / macs)))
    side = max(SMALLEST, min(LARGEST, LARGEST_KEPT // scale, fits - sum(read_overlap(field, align).values())))
    return max(1, side // align) * align


def spans(length: int, core: int, field: dict, align: int = 1) -> list[tuple[int, int]]:
    """What each tile of an axis reads: even cores of at most `core`, in squares of `align`, grown by the overlap inside
    the picture."""
    overlap, squares = read_overlap(field, align), -(-length // align)
    parts = math.ceil(squares / (core // align))
    cuts = [min(length, squares * index // parts * align) for index in range(parts + 1)]
    ends = [-(-(cut + overlap["after"]) // align) * align for cut in cuts[1:]]
    return [(max(0, a - overlap["before"]), min(length, b)) for a, b in zip(cuts, ends)]


def feathers(reads: list[tuple[int, int]], before: int = 0, after: int = 0) -> list[np.ndarray]:
    """Weights of overlapping spans that begin at 0: each falls linearly to `before` and `after` pixels from its ends
    inside the picture, and is 0 beyond; their sum is 1."""
    last = reads[-1][1]
    weights = []
    for start, end in reads:
        length = end - start
        rise = np.full(length, np.inf) if start == 0 else np.maximum(0, np.arange(1, length + 1) - before)
        fall = np.full(length, np.inf) if end == last else np.maximum(0, np.arange(length, 0, -1) - after)
        weights.append(np.minimum(np.minimum(rise, fall), length + 1.0))
    total = np.zeros(last)
    for (start, end), own in zip(reads, weights):
        total[start:end] += own
    return [own / total[start:end] for (start, end), own in zip(reads, weights)]


def run_tiled(run: Run, x: np.ndarray, scale: int, core: int, field: dict, align: int = 1) -> np.ndarray:
    """`run` of [1, C, H, W] in fading tiles."""
    rows, columns = (spans(length, core, field, align) for length in x.shape[2:])
    before, after = (scale * side for side in seen_edges(field).values())
    down, across = (feathers([(a * scale, b * scale) for a, b in reads], before, after) for reads in (rows, columns))
    result = np.zeros((*x.shape[:2], x.shape[2] * scale, x.shape[3] * scale))
    for (top, bottom), vertical in zip(rows, down):
        for (left, right), horizontal in zip(columns, across):
            made = run(np.ascontiguousarray(x[:, :, top:bottom, left:right]))
            result[:, :, top * scale : bottom * scale, left * scale : right * scale] += (
                vertical[:, None] * horizontal * made)
    return result


@lru_cache(maxsize=1)
def photographs(data: Path = DATA) -> list[np.ndarray]:
    """uint8 [H, W, 3]: the first validation photographs at half size, sharp and of several tiles."""
    return [versions(as_rgb(read_picture(data / "train" / f"{name}.avif")))[-1] for name in validation_names()[:PICTURES]]


def difference_on_photographs(made: Run, whole: Run, digits: int) -> dict:
    """Mean, of so many digits, and largest difference between two ways to enlarge, in 8-bit steps, on validation
    photographs."""
    found = []
    for photograph in photographs():
        x = np.ascontiguousarray(photograph.transpose(2, 0, 1)[None], np.float32) / np.float32(255)
        found.append(255 * np.abs(np.clip(made(x), 0, 1) - np.clip(whole(x), 0, 1)))
    mean = np.mean([difference.mean() for difference in found])
    largest = max(difference.max() for difference in found)
    return {"mean": round(float(mean), digits), "largest": round(float(largest), 2)}


def tiling_difference(run: Run, scale: int, core: int, field: dict, align: int = 1) -> dict:
    """Mean and largest difference of tiled to untiled results in 8-bit steps, on validation photographs."""
    return {"core": core, **difference_on_photographs(lambda x: run_tiled(run, x, scale, core, field, align), run, 3)}

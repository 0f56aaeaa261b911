"""What tiles change in a network that looks at the whole picture: the application's fading tiles against no tiles.

The plan, the overlap and the weights are those of src/shared/tiles.ts, src/engine/runtime/tileSize.ts,
src/engine/kernels/blend.ts and src/engine/methods/feathered.ts.
"""
import math

import numpy as np

from ..data.validation import validation_crops
from .enlarge import Run

BUDGET = 1280 * 2**20  # bytes that the application gives a tile on a computer of 16 GB
RUNTIME_COPIES, BYTES_PER_ROOT_MAC = 2, 28
MACS_PER_RUN = 2.5e11
SMALLEST, LARGEST = 32, 320
SIDE = 440  # of the pictures measured on, in input pixels: several tiles
PICTURES = 2


def core_side(macs_per_pixel: float, live_bytes: int | None, field: dict) -> int:
    """Largest side of what a tile stands for, in input pixels (src/engine/runtime/tileSize.ts)."""
    macs = max(1, macs_per_pixel)
    taken = RUNTIME_COPIES * live_bytes if live_bytes else BYTES_PER_ROOT_MAC * math.sqrt(macs)
    fits = math.floor(min(math.sqrt(BUDGET / taken), math.sqrt(MACS_PER_RUN / macs)))
    return max(SMALLEST, min(LARGEST, fits - field["before"] - field["after"]))


def spans(length: int, core: int, field: dict) -> list[tuple[int, int]]:
    """What each tile of an axis reads: even cores of at most `core`, grown by the overlap inside the picture."""
    parts = math.ceil(length / core)
    cuts = [length * index // parts for index in range(parts + 1)]
    return [(max(0, a - field["before"]), min(length, b + field["after"])) for a, b in zip(cuts, cuts[1:])]


def feathers(reads: list[tuple[int, int]]) -> list[np.ndarray]:
    """Weights of overlapping spans that begin at 0: each falls linearly to its ends inside the picture; their sum is 1."""
    last = reads[-1][1]
    weights = []
    for start, end in reads:
        length = end - start
        rise = np.full(length, np.inf) if start == 0 else np.arange(1, length + 1)
        fall = np.full(length, np.inf) if end == last else np.arange(length, 0, -1)
        weights.append(np.minimum(np.minimum(rise, fall), length + 1.0))
    total = np.zeros(last)
    for (start, end), own in zip(reads, weights):
        total[start:end] += own
    return [own / total[start:end] for (start, end), own in zip(reads, weights)]


def run_tiled(run: Run, x: np.ndarray, scale: int, core: int, field: dict) -> np.ndarray:
    """`run` of [1, C, H, W] in fading tiles."""
    rows, columns = (spans(length, core, field) for length in x.shape[2:])
    down, across = (feathers([(a * scale, b * scale) for a, b in reads]) for reads in (rows, columns))
    result = np.zeros((*x.shape[:2], x.shape[2] * scale, x.shape[3] * scale))
    for (top, bottom), vertical in zip(rows, down):
        for (left, right), horizontal in zip(columns, across):
            made = run(np.ascontiguousarray(x[:, :, top:bottom, left:right]))
            result[:, :, top * scale : bottom * scale, left * scale : right * scale] += (
                vertical[:, None] * horizontal * made)
    return result


def tiling_difference(run: Run, scale: int, core: int, field: dict) -> dict:
    """Mean and largest difference of tiled to untiled results in 8-bit steps, on windows of validation photographs."""
    found = []
    for crop in validation_crops()[:PICTURES]:
        x = np.ascontiguousarray(crop[:SIDE, :SIDE].transpose(2, 0, 1)[None], np.float32) / np.float32(255)
        found.append(255 * np.abs(np.clip(run_tiled(run, x, scale, core, field), 0, 1) - np.clip(run(x), 0, 1)))
    return {"core": core, "mean": round(float(np.mean(found)), 3), "largest": round(float(np.max(found)), 2)}

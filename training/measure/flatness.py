"""Whether flat places stay flat: `python -m training.measure.flatness --method esrgan,enlarger-photo --scale 4
[--turn strength=0.5]`.

What a method draws where there is nothing (scratches, dots in its own grid) hardly moves PSNR and is what a photographer
sees first. Of each of ten photographs that are kept aside the flattest window is taken, and the standard deviation of
luma there is held against that of the bicubic enlargement of the same pixels: 1 draws nothing, and 1.5 is the most that
is let pass.
"""
import argparse
from collections.abc import Callable, Sequence

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from ..config import Config, load
from ..kernels.metrics import scored_plane
from ..kernels.resize import imresize_uint8
from .evaluation import enlarger, turned_controls
from .validate import inputs, validation_crops

PHOTOGRAPHS = 10
SIDE = 24  # of a window, in input pixels
STEP = 4  # between windows that are looked at
LEAST = 0.5  # steps of 8 bits: below it a deviation is rounding, and ratios say nothing
MOST = 1.5


def flattest(low: np.ndarray, side: int = SIDE) -> tuple[int, int]:
    """(row, column) of the window of `low` [h, w, 3] (uint8) with the least deviation of luma, off the border."""
    windows = sliding_window_view(scored_plane(low)[side // 4:-side // 4, side // 4:-side // 4], (side, side))
    deviations = windows[::STEP, ::STEP].std(axis=(-2, -1))
    row, column = np.unravel_index(deviations.argmin(), deviations.shape)
    return int(row) * STEP + side // 4, int(column) * STEP + side // 4


def ripple(result: np.ndarray, plain: np.ndarray) -> float:
    """Deviation of luma of `result` over that of `plain`, both [h, w, 3] (uint8) of the same place."""
    return float(max(LEAST, scored_plane(result).std()) / max(LEAST, scored_plane(plain).std()))


def ripples(make: Callable[[np.ndarray], np.ndarray], lows: Sequence[np.ndarray], scale: int) -> np.ndarray:
    """The ripple of what `make` enlarges each small picture to, in its flattest window."""
    found = []
    for low in lows:
        row, column = (scale * place for place in flattest(low))
        here = np.s_[row:row + scale * SIDE, column:column + scale * SIDE]
        found.append(ripple(make(low)[here], imresize_uint8(low, scale)[here]))
    return np.array(found)


def flatness(config: Config, scale: int, threads: int = 1, **controls: float) -> dict:
    """As a manifest has it: the mean and the largest ripple of the bundled model over the photographs, with its controls
    as given or where they stand by themselves; blind models see the photographs degraded."""
    lows = inputs(config, scale, validation_crops())[:PHOTOGRAPHS]
    found = ripples(enlarger(config.id, scale, threads, **controls), lows, scale)
    return {"scale": scale, "mean": round(float(found.mean()), 2), "largest": round(float(found.max()), 2),
            "above": int((found > MOST).sum())}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--method", required=True, help="ids of models, separated by commas")
    parser.add_argument("--scale", type=int, default=4)
    parser.add_argument("--turn", default="", help="controls of the methods, name=value separated by commas")
    parser.add_argument("--threads", type=int, default=1)
    wanted = parser.parse_args()
    turned = turned_controls(wanted.turn)
    for method in wanted.method.split(","):
        found = flatness(load(method), wanted.scale, wanted.threads, **turned)
        print(f"{method} x{wanted.scale}: {found['mean']:.2f} of the bicubic's, at worst {found['largest']:.2f}; "
              f"{found['above']} of {PHOTOGRAPHS} above {MOST}", flush=True)


if __name__ == "__main__":
    main()

"""Count the pixels that a method made up: `python -m training.measure.artefacts --method lte,cs,fcs --dataset Set14
--scale 4 [--crispness 0,0.5,1]`.

An output pixel is *out of range* where a colour lies more than BEYOND 8-bit steps below the least or above the largest
of the 4 x 4 input pixels around it. Sharp edges go a little beyond honestly, so the original's own share stands beside:
what is above it are the single black and bright pixels of cross-entropy.
"""
import argparse
from pathlib import Path

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from .. import paths
from ..data.pictures import list_pictures, read_picture
from ..kernels.metrics import crop_border
from ..kernels.resize import crop_to_multiple, imresize_uint8
from ..paths import DATA, benchmark
from .evaluation import enlarger, installed_features, measure

BEYOND = 16
AROUND = 2  # input pixels on each side of a position


def out_of_range(low: np.ndarray, result: np.ndarray, scale: int) -> float:
    """Share of the pixels of `result` [h*scale, w*scale, C] that are out of the range of `low` [h, w, C] (uint8)."""
    wide = np.pad(low.astype(np.int16), [(AROUND, AROUND), (AROUND, AROUND), (0, 0)], "edge")
    windows = sliding_window_view(wide, (2 * AROUND, 2 * AROUND), axis=(0, 1))
    least, largest = windows.min(axis=(-2, -1)), windows.max(axis=(-2, -1))
    place = [np.floor((np.arange(n * scale) + 0.5) / scale - 0.5).astype(int) + 1 for n in low.shape[:2]]
    least, largest = (edge[place[0]][:, place[1]] for edge in (least, largest))
    wrong = (result < least - BEYOND) | (result > largest + BEYOND)
    return float(crop_border(wrong.any(axis=2), scale).mean())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--method", required=True, help="ids of models, separated by commas")
    parser.add_argument("--dataset", default="Set14")
    parser.add_argument("--scale", type=int, default=4)
    parser.add_argument("--crispness", default="", help="values, separated by commas; without: the method's default")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--models", type=Path, default=paths.MODELS)
    wanted = parser.parse_args()
    pictures = list_pictures(benchmark(wanted.dataset, DATA))
    colours = [p for p in pictures if read_picture(p).ndim == 3]
    features = installed_features()
    truths = [crop_to_multiple(read_picture(p), wanted.scale) for p in colours]
    own = np.mean([out_of_range(imresize_uint8(t, 1 / wanted.scale), t, wanted.scale) for t in truths])
    print(f"{'originals':12} out of range {100 * own:.3f} %", flush=True)
    for method in wanted.method.split(","):
        for value in wanted.crispness.split(","):
            turned = {"crispness": float(value)} if value else {}
            make = enlarger(method, wanted.scale, wanted.threads, wanted.models, **turned)
            shares = []

            def counted(low: np.ndarray) -> np.ndarray:
                result = make(low)
                if low.ndim == 3:
                    shares.append(out_of_range(low, result, wanted.scale))
                return result

            found = measure(pictures, wanted.scale, counted, "y", features)
            print(f"{method:12} {value and f'crispness {value} '}out of range {100 * np.mean(shares):.3f} %  "
                  f"{found['psnrY']:.2f} dB  LPIPS {found.get('lpips', float('nan')):.4f}", flush=True)


if __name__ == "__main__":
    main()

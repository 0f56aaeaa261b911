"""Where a slider should stand by itself:
`python -m training.measure.tune --method cs --control crispness --values 0,0.5,1 [--scale 4] [--crops 6]`. PSNR-Y and
LPIPS on the validation crops, never on the benchmark sets.
"""
import argparse
from pathlib import Path

import numpy as np

from ..kernels.resize import imresize_uint8
from ..paths import DATA
from .evaluation import enlarger, installed_features
from .validate import mean_figures, validation_crops


def figures_at(method: str, scale: int, crops: np.ndarray, features, threads: int = 1, models: Path | None = None,
               **controls: float) -> tuple[float, float]:
    """(mean PSNR-Y in dB, mean LPIPS or nan without `features`) of a bundled method with its controls so."""
    make = enlarger(method, scale, threads, models, **controls)
    return mean_figures(make, [imresize_uint8(truth, 1 / scale) for truth in crops], crops, scale, features)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--method", required=True)
    parser.add_argument("--control", required=True, choices=("crispness", "denoise", "strength", "seed"))
    parser.add_argument("--values", required=True, help="separated by commas")
    parser.add_argument("--scale", type=int, default=4)
    parser.add_argument("--crops", type=int, default=6)
    parser.add_argument("--threads", type=int, default=1)
    wanted = parser.parse_args()
    features, crops = installed_features(DATA), validation_crops()[: wanted.crops]
    for value in wanted.values.split(","):
        turned = {wanted.control: int(value) if wanted.control == "seed" else float(value)}
        psnr, distance = figures_at(wanted.method, wanted.scale, crops, features, wanted.threads, **turned)
        print(f"{wanted.method} x{wanted.scale} {wanted.control} {value}: {psnr:.2f} dB  LPIPS {distance:.4f}", flush=True)


if __name__ == "__main__":
    main()

"""Methods on photographs as cameras and the web make them:
`python -m training.measure.real --method blind-edsr,edsr,bicubic --scale 4`. The validation crops, blurred, noised,
resampled and JPEG-compressed with a fixed seed, as the blind models' validation has them.
"""
import argparse

from ..config import load
from ..paths import DATA
from .evaluation import enlarger, installed_features
from .validate import inputs, mean_figures, validation_crops

BLIND = "blind-edsr"  # whose degradations these are


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--method", required=True, help="ids of models or `bicubic`, separated by commas")
    parser.add_argument("--scale", type=int, default=4)
    parser.add_argument("--threads", type=int, default=1)
    wanted = parser.parse_args()
    truths, features = validation_crops(), installed_features(DATA)
    lows = inputs(load(BLIND), wanted.scale, truths)
    for method in wanted.method.split(","):
        make = enlarger(method, wanted.scale, wanted.threads)
        psnr, distance = mean_figures(make, lows, truths, wanted.scale, features)
        print(f"{method} x{wanted.scale}: {psnr:.2f} dB  LPIPS {distance:.4f}", flush=True)


if __name__ == "__main__":
    main()

"""Methods on photographs as cameras and the web make them:
`python -m training.measure.real --method blind-edsr,edsr,bicubic --scale 4 [--world photo] [--turn strength=0.5]`. The
validation crops, blurred, noised, resampled and JPEG-compressed with a fixed seed, as the blind models' validation has
them.
"""
import argparse
from dataclasses import replace

from ..config import load
from ..data.degrade import WORLDS
from ..paths import DATA
from .evaluation import enlarger, installed_features, turned_controls
from .validate import inputs, mean_figures, validation_crops

BLIND = "blind-edsr"  # whose validation this is, in the world of it or in another


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--method", required=True, help="ids of models or `bicubic`, separated by commas")
    parser.add_argument("--scale", type=int, default=4)
    parser.add_argument("--world", default=load(BLIND).degrade, choices=sorted(WORLDS))
    parser.add_argument("--turn", default="", help="controls of the methods, name=value separated by commas")
    parser.add_argument("--threads", type=int, default=1)
    wanted = parser.parse_args()
    truths, features = validation_crops(), installed_features(DATA)
    lows = inputs(replace(load(BLIND), degrade=wanted.world), wanted.scale, truths)
    turned = turned_controls(wanted.turn)
    for method in wanted.method.split(","):
        make = enlarger(method, wanted.scale, wanted.threads, **turned)
        psnr, distance = mean_figures(make, lows, truths, wanted.scale, features)
        print(f"{method} x{wanted.scale}: {psnr:.2f} dB  LPIPS {distance:.4f}", flush=True)


if __name__ == "__main__":
    main()

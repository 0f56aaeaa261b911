"""Figures of runs before any of them is bundled, in one table:
`python -m training.export.compare --config cs,cs-joint [--dataset Set5] [--scale 4] [--crispness 0,0.5,1]`.

The averaged weights of each config's run (its checkpoint, else what was kept of it, else what is bundled) enlarge the
validation crops, or a benchmark set's reduced pictures. LPIPS is given twice: by its own convention, for pictures in
[-1, 1], and called with pictures in [0, 1], which some published tables are of: both are needed to hold ours against theirs.
"""
import argparse

import numpy as np
import torch

from ..config import Config, load
from ..data.pictures import list_pictures, read_picture
from ..data.validation import validation_crops
from ..kernels.metrics import crop_border
from ..kernels.resize import crop_to_multiple, imresize_uint8
from ..learning.weights import source_weights
from ..measure.evaluation import figures, three_colours
from ..measure.perceptual import Features, lpips
from ..paths import benchmark
from .peer import enlarger_of


def weights_of(config: Config, scale: int) -> dict[str, torch.Tensor]:
    """The averaged weights of the config's run."""
    return source_weights(config.id if config.together else f"{config.id}:{scale}")


def means(config: Config, weights: dict, truths: list[np.ndarray], scale: int, turned: dict[str, float],
          features: Features) -> dict[str, float]:
    """Means of `figures`, and `lpipsInUnit`: LPIPS by the other convention."""
    make, rows = enlarger_of(config, scale, weights, **turned), []
    for truth in truths:
        result = make(imresize_uint8(truth, 1 / scale))
        inner = [three_colours(crop_border(picture, scale)) for picture in (result, truth)]
        rows.append(figures(result, truth, scale, "y", features) | {"lpipsInUnit": lpips(*inner, features, in_unit=True)})
    return {name: float(np.mean([row[name] for row in rows])) for name in rows[0]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--config", required=True, help="separated by commas")
    parser.add_argument("--dataset", help="a benchmark set; without: the validation crops")
    parser.add_argument("--scale", default="4", help="separated by commas")
    parser.add_argument("--crispness", default="", help="values, separated by commas; without: where it stands")
    parser.add_argument("--crops", type=int, default=12)
    parser.add_argument("--threads", type=int, default=1)
    wanted = parser.parse_args()
    torch.set_num_threads(wanted.threads)
    features = Features()
    pictures = list(map(read_picture, list_pictures(benchmark(wanted.dataset)))) if wanted.dataset else None
    for config in map(load, wanted.config.split(",")):
        for scale in map(int, wanted.scale.split(",")):
            weights = weights_of(config, scale)
            truths = [crop_to_multiple(p, scale) for p in pictures] if pictures else list(validation_crops()[: wanted.crops])
            for text in wanted.crispness.split(","):
                turned = {"crispness": float(text)} if text else {}
                found = means(config, weights, truths, scale, turned, features)
                print(f"{config.id:14} x{scale} {text and f'crispness {text:4} '}{found['psnrY']:.3f} dB  SSIM {found['ssimY']:.4f}  "
                      f"LPIPS {found['lpips']:.4f}  in [0, 1] {found['lpipsInUnit']:.4f}", flush=True)


if __name__ == "__main__":
    main()

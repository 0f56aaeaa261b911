"""Figures of runs before any of them is bundled, in one table:
`python -m training.learning.compare --config cs,cs-joint [--dataset Set5] [--scale 4] [--crispness 0,0.5,1]`.

The averaged weights of each config's run (its checkpoint, else what was kept of it, else what is bundled) enlarge the
validation crops, or a benchmark set's reduced pictures. LPIPS is given twice: by its own convention, for pictures in
[-1, 1], and called with pictures in [0, 1], which some published tables are of: both are needed to hold ours against theirs.
"""
import argparse

import numpy as np
import torch

from ..architectures import built
from ..architectures.matching import filled
from ..config import Config, load
from ..data.pictures import list_pictures, read_picture
from ..data.validation import validation_crops
from ..kernels.metrics import crop_border, score
from ..kernels.resize import crop_to_multiple, imresize_uint8
from ..measure.enlarge import enlarge
from ..measure.perceptual import Features
from ..measure.runners import module_runner, torch_runner
from ..paths import benchmark
from .weights import committed_weights, run_weights


def network(config: Config) -> torch.nn.Module:
    """The averaged network of the config's run."""
    task, scales = config.tasks()[-1]
    scale = 0 if config.together or config.kind == "implicit" else scales[0]
    weights = run_weights(config.id, scale) or committed_weights(config.id, scale)
    return filled(built(config, scales), weights, task).eval()


def runner(config: Config, module: torch.nn.Module, scale: int, crispness: float | None):
    """The network at a scale as a function of arrays."""
    if config.kind != "implicit":
        return torch_runner(module, scale, config.together)
    turned = {} if crispness is None else {"crispness": crispness}
    return module_runner(module, float(scale), config.standing() | turned)


def both_lpips(result: np.ndarray, truth: np.ndarray, features: Features) -> tuple[float, float]:
    """LPIPS of two uint8 pictures by its convention, and called with pictures in [0, 1]."""
    pair = [torch.from_numpy(p.astype(np.float32) / 255).permute(2, 0, 1)[None] for p in (result, truth)]
    with torch.no_grad():
        return float(features.each(*pair)), float(features.each(*((p + 1) / 2 for p in pair)))


def figures(config: Config, module: torch.nn.Module, truths: list[np.ndarray], scale: int, crispness: float | None,
            features: Features) -> np.ndarray:
    """Means of PSNR-Y in dB, SSIM-Y and LPIPS by both conventions, `scale` pixels of border cut."""
    run, found = runner(config, module, scale, crispness), []
    for truth in truths:
        result = enlarge(imresize_uint8(truth, 1 / scale), scale, config.kind, config.channels, run)
        inner = [crop_border(picture, scale) for picture in (result, truth)]
        found.append((*score(result, truth, scale), *both_lpips(*inner, features)))
    return np.mean(found, axis=0)


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
    for config in map(load, wanted.config.split(",")):
        module = network(config)
        for scale in map(int, wanted.scale.split(",")):
            if wanted.dataset:
                pictures = map(read_picture, list_pictures(benchmark(wanted.dataset)))
                truths = [crop_to_multiple(picture, scale) for picture in pictures]
            else:
                truths = list(validation_crops()[: wanted.crops])
            for text in wanted.crispness.split(","):
                psnr, ssim, own, plain = figures(config, module, truths, scale, float(text) if text else None, features)
                print(f"{config.id:14} x{scale} {text and f'crispness {text:4} '}{psnr:.3f} dB  SSIM {ssim:.4f}  LPIPS {own:.4f}  "
                      f"in [0, 1] {plain:.4f}", flush=True)


if __name__ == "__main__":
    main()

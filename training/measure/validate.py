"""The figures models are chosen by, on crops of the photographs that are kept aside."""
from collections.abc import Callable, Sequence

import numpy as np

from ..config import Config
from ..data.degrade import Degrader
from ..data.validation import validation_crops
from ..kernels.metrics import score
from ..kernels.resize import imresize_uint8
from .enlarge import Run, enlarge
from .perceptual import Features, lpips

SEED = 20  # the degradations of the validation crops are always the same


def inputs(config: Config, scale: int, crops: np.ndarray) -> list[np.ndarray]:
    """The small pictures: the reference bicubic's, or for blind models degraded with a fixed seed."""
    if not config.degrade:
        return [imresize_uint8(crop, 1 / scale) for crop in crops]
    return list(Degrader(config.degrade, np.random.default_rng(SEED))(crops, scale))


def mean_figures(make: Callable[[np.ndarray], np.ndarray], lows: Sequence[np.ndarray], truths: np.ndarray, scale: int,
                 features: Features | None) -> tuple[float, float]:
    """(mean PSNR-Y in dB, mean LPIPS or nan without `features`) of what `make` enlarges the small pictures to."""
    found = []
    for low, truth in zip(lows, truths):
        result = make(low)
        found.append((score(result, truth, scale)[0], lpips(result, truth, features) if features else float("nan")))
    psnr, distance = np.mean(found, axis=0)
    return float(psnr), float(distance)


def validation_figure(config: Config, run: Run, scale: int) -> float:
    """What the queue compares for this model: mean PSNR-Y in dB with `scale` pixels of border cut, or mean LPIPS for
    perceptual ones."""
    crops = validation_crops()[: config.crops]
    features = Features() if config.measure == "lpips" else None
    found = []
    for low, truth in zip(inputs(config, scale, crops), crops):
        result = enlarge(low, scale, config.kind, config.channels, run)
        found.append(lpips(result, truth, features) if features else score(result, truth, scale)[0])
    return float(np.mean(found))

"""Validation of perceptual models (LPIPS) and of blind ones (degraded inputs): the queue's other figures."""
import numpy as np

from .config import Config
from .data.degrade import Degrader
from .data.validation import validation_crops
from .enlarge import enlarge
from .metrics import score
from .perceptual import Features, lpips
from .resize import imresize_uint8

SEED = 20  # the degradations of the validation crops are always the same


def inputs(config: Config, scale: int, crops: np.ndarray) -> list[np.ndarray]:
    """The small pictures: the reference bicubic's, or degraded with a fixed seed."""
    if not config.degrade:
        return [imresize_uint8(crop, 1 / scale) for crop in crops]
    return list(Degrader(config.degrade, np.random.default_rng(SEED))(crops, scale))


def figure(config: Config, run, scale: int) -> float:
    """Mean LPIPS, or mean PSNR-Y in dB, over the validation crops."""
    crops = validation_crops()
    features = Features() if config.measure == "lpips" else None
    found = []
    for low, truth in zip(inputs(config, scale, crops), crops):
        result = enlarge(low, scale, config.kind, config.channels, run)
        found.append(lpips(result, truth, features) if features else score(result, truth, scale)[0])
    return float(np.mean(found))

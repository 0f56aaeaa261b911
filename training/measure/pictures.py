"""The pictures on which it is measured how far networks look, and which difference counts as none."""
import numpy as np

from ..data.validation import validation_crops
from ..kernels.color import Y_OFFSET, Y_WEIGHTS

LARGEST_STEP = 0.05  # difference in 8-bit steps that is taken for none
DETAILED = 3  # of the validation crops, the one that is taken


def pictures(side: int, channels: int) -> list[np.ndarray]:
    """The four pictures, float32 [1, channels, side, side] in [0, 1]; one channel: studio-swing Y."""
    y, x = np.mgrid[:side, :side].astype(np.float64)
    middle = (side - 1) / 2
    zones = 0.5 + 0.5 * np.cos(np.pi * ((x - middle) ** 2 + (y - middle) ** 2) / side)
    random = np.random.default_rng(7)
    noise = random.random((side, side, 3))
    edges = (((x // 7) + (y // 5)) % 2) * np.where(x > y, 1.0, 0.6)
    photograph = detailed(side) / 255.0
    found = []
    for picture in (photograph, zones[:, :, None].repeat(3, 2), noise, edges[:, :, None].repeat(3, 2)):
        if channels == 1:
            picture = (picture @ Y_WEIGHTS + Y_OFFSET)[:, :, None]
        found.append(np.ascontiguousarray(picture.transpose(2, 0, 1)[None], np.float32))
    return found


def detailed(side: int) -> np.ndarray:
    """uint8 [side, side, 3]: the part of a validation photograph around its middle, repeated where it is smaller."""
    crop = validation_crops()[DETAILED]
    start = max(0, (crop.shape[0] - side) // 2)
    part = crop[start : start + side, start : start + side]
    return np.tile(part, (-(-side // part.shape[0]), -(-side // part.shape[1]), 1))[:side, :side]

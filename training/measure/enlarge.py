"""From a picture to its enlargement, as the application does it: what measuring and validating share."""
from collections.abc import Callable

import numpy as np

from ..kernels.color import Y_OFFSET, Y_RANGE, rgb_to_ycbcr, ycbcr_to_rgb
from ..kernels.resize import imresize

MARGIN = 16  # pixels mirrored around a picture: as far as any network here looks, to a hundredth of an 8-bit step
Run = Callable[[np.ndarray], np.ndarray]  # float32 [1, C, H, W] -> [1, C, H', W']


def to_uint8(picture: np.ndarray) -> np.ndarray:
    """[0, 1] floats to 8 bits, clipped, halves rounded up."""
    return np.floor(np.clip(picture, 0, 1) * 255 + 0.5).astype(np.uint8)


def enlarge(low: np.ndarray, scale: int, kind: str, channels: str, run: Run) -> np.ndarray:
    """uint8 [H, W] or [H, W, 3] -> uint8, `scale` times larger, the whole picture at once.

    A network on Y gets the picture's studio-swing Y; Cb and Cr are enlarged by the reference bicubic. A grey picture g
    enters it as 16/255 + g 219/255. A network on RGB gets a grey picture three times and gives the mean of the three.
    Pre-upsampling networks get the reference bicubic enlargement (float, neither rounded nor clipped). Networks see the
    picture mirrored around its border; what runs an any-scale method (`implicit`) does that itself.
    """

    def network(planes: np.ndarray) -> np.ndarray:
        if kind == "preUpsampled":
            planes = imresize(planes, scale)
        ready = np.ascontiguousarray(planes.transpose(2, 0, 1)[None], np.float32)
        result = run(ready) if kind == "implicit" else run_mirrored(run, ready, scale if kind == "network" else 1)
        return result[0].transpose(1, 2, 0).astype(np.float64)

    unit = low.astype(np.float64) / 255.0
    grey = low.ndim == 2
    if channels == "y":
        if grey:
            return to_uint8((network((Y_OFFSET + unit * Y_RANGE)[:, :, None])[:, :, 0] - Y_OFFSET) / Y_RANGE)
        ycbcr = rgb_to_ycbcr(unit)
        large = np.concatenate([network(ycbcr[:, :, :1]), imresize(ycbcr[:, :, 1:], scale)], axis=2)
        return to_uint8(ycbcr_to_rgb(large))
    result = network(np.repeat(unit[:, :, None], 3, axis=2) if grey else unit)
    return to_uint8(result.mean(axis=2) if grey else result)


def mirrored(x: np.ndarray, margin: int = MARGIN) -> np.ndarray:
    """[N, C, H, W] with `margin` pixels more on every side, the outermost ones twice."""
    return np.pad(x, ((0, 0), (0, 0), (margin, margin), (margin, margin)), mode="symmetric")


def run_mirrored(run: Run, x: np.ndarray, factor: int) -> np.ndarray:
    """What a network of a factor makes of x when it sees it mirrored beyond its border, not an edge to black."""
    cut = MARGIN * factor
    return run(mirrored(x))[:, :, cut:-cut, cut:-cut]


def ensemble(run: Run) -> Run:
    """Self-ensemble: the mean of a network's results on the eight turns and mirrors of its input (the "+" of the
    papers), each turned back."""

    def mean(x: np.ndarray) -> np.ndarray:
        total = 0.0
        for turn in range(8):
            turned = np.rot90(x, turn % 4, axes=(2, 3))
            turned = turned[..., ::-1] if turn >= 4 else turned
            result = run(np.ascontiguousarray(turned))
            result = result[..., ::-1] if turn >= 4 else result
            total = total + np.rot90(result, -(turn % 4), axes=(2, 3))
        return total / 8

    return mean

"""What happens to photographs in the world, for blind models: blur, resampling, noise and JPEG, in random order, up to
twice (the second-order idea is Real-ESRGAN's, Wang et al. 2021; the random order BSRGAN's, Zhang et al. 2021)."""
import io

import numpy as np
from PIL import Image

from ..kernels.resize import imresize_uint8

TWICE = 0.5  # how often a picture went through the world twice
FILTERS = (Image.Resampling.BILINEAR, Image.Resampling.BICUBIC, Image.Resampling.BOX, Image.Resampling.LANCZOS)


def blur_kernel(random: np.random.Generator, widest: float) -> np.ndarray:
    """A turned, stretched Gaussian, [15, 15], summing to 1; standard deviations up to `widest` pixels."""
    along, across = random.uniform(0.2, widest, 2)
    turn = random.uniform(0, np.pi)
    y, x = np.mgrid[-7:8, -7:8]
    u, v = x * np.cos(turn) + y * np.sin(turn), y * np.cos(turn) - x * np.sin(turn)
    kernel = np.exp(-0.5 * ((u / along) ** 2 + (v / across) ** 2))
    return kernel / kernel.sum()


def blur(picture: np.ndarray, random: np.random.Generator, widest: float) -> np.ndarray:
    """Blur of a uint8 picture with mirrored edges."""
    kernel = blur_kernel(random, widest)
    padded = np.pad(picture.astype(np.float32), ((7, 7), (7, 7), (0, 0)), mode="symmetric")
    size = [padded.shape[axis] for axis in (0, 1)]
    spectrum = np.fft.rfft2(kernel, size)[:, :, None] * np.fft.rfft2(padded, axes=(0, 1))
    full = np.fft.irfft2(spectrum, size, axes=(0, 1))
    return rounded(full[14:, 14:])


def noise(picture: np.ndarray, random: np.random.Generator, strongest: float) -> np.ndarray:
    """Gaussian or shot noise, coloured or grey, of up to `strongest` 8-bit steps (at middle grey)."""
    sigma = random.uniform(0.5, strongest)
    shape = picture.shape if random.random() < 0.6 else (*picture.shape[:2], 1)
    grain = random.normal(size=shape) * sigma
    if random.random() < 0.5:
        grain = grain * np.sqrt(np.maximum(picture, 4) / 128)
    return rounded(picture + grain)


def jpeg(picture: np.ndarray, random: np.random.Generator, worst: int) -> np.ndarray:
    """JPEG of a quality between `worst` and 95, with 4:2:0 or 4:4:4 colour."""
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, "JPEG", quality=int(random.integers(worst, 96)),
                                  subsampling=int(random.choice([0, 2])))
    return np.asarray(Image.open(buffer).convert("RGB"))


def resample(picture: np.ndarray, height: int, width: int, random: np.random.Generator) -> np.ndarray:
    """Another size by one of the filters that programs use."""
    method = FILTERS[int(random.integers(len(FILTERS)))]
    return np.asarray(Image.fromarray(picture).resize((width, height), method))


def rounded(picture: np.ndarray) -> np.ndarray:
    """Floats in 8-bit steps to uint8."""
    return np.floor(np.clip(picture, 0, 255) + 0.5).astype(np.uint8)


class Degrader:
    """uint8 [N, H, W, 3] and a scale -> uint8 [N, H/scale, W/scale, 3], each picture its own way."""

    def __init__(self, kind: str, random: np.random.Generator):
        if kind != "real":
            raise ValueError(f"unknown degradation {kind!r}; there is 'real'")
        self.random = random

    def __call__(self, pictures: np.ndarray, scale: int) -> np.ndarray:
        return np.stack([self.one(picture, scale) for picture in pictures])

    def one(self, picture: np.ndarray, scale: int) -> np.ndarray:
        """One picture; the size is reached by one of the resamplings, exactly."""
        random = self.random
        height, width = picture.shape[0] // scale, picture.shape[1] // scale
        if random.random() < 0.1:  # clean ones too, so that clean pictures are not smoothed
            return imresize_uint8(picture, 1 / scale)
        twice = random.random() < TWICE
        picture = self.passed(picture, (height, width), not twice)
        return self.passed(picture, (height, width), True) if twice else picture

    def passed(self, picture: np.ndarray, size: tuple[int, int], last: bool) -> np.ndarray:
        """Once through the world: the steps in random order, JPEG at the end more often than not."""
        random = self.random
        steps = list(random.permutation(["blur", "resample", "noise"]))
        steps.insert(int(random.integers(4)) if random.random() < 0.3 else 3, "jpeg")
        for step in steps:
            small = picture.shape[0] <= size[0]
            if step == "blur" and random.random() < 0.7:
                picture = blur(picture, random, 0.9 if small else 2.4)
            elif step == "noise" and random.random() < 0.7:
                picture = noise(picture, random, 10.0)
            elif step == "jpeg" and random.random() < 0.75:
                picture = jpeg(picture, random, 40)
            elif step == "resample":
                to = size if last else [int(round(n * random.uniform(1.0, 1.6))) for n in size]
                picture = resample(picture, max(8, to[0]), max(8, to[1]), random)
        if last and picture.shape[:2] != tuple(size):
            picture = resample(picture, *size, random)
        return picture

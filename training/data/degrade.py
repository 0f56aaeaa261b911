"""What happens to photographs in the world, for blind models: blur, resampling, noise and JPEG, in random order, up to
twice (the second-order idea is Real-ESRGAN's, Wang et al. 2021; the random order BSRGAN's, Zhang et al. 2021)."""
import io
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageFilter

from ..kernels.resize import imresize_uint8
from .reduction import reduced

GRAINY = 0.5  # how often grain is added that may stay,
GRAINY_WORST = 60  # and the lowest quality of a JPEG that still shows it
CLEAN = 0.1  # how often nothing but the size changes, so that clean pictures are not smoothed
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


def webp(picture: np.ndarray, random: np.random.Generator, worst: int) -> np.ndarray:
    """Lossy WebP of a quality between `worst` and 95."""
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, "WEBP", quality=int(random.integers(worst, 96)))
    return np.asarray(Image.open(buffer).convert("RGB"))


def sharpened(picture: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Unsharp masking by 20 to 150 percent of what a blur of 0.5 to 2 pixels takes away: the halos of cameras."""
    radius, amount = random.uniform(0.5, 2.0), int(random.integers(20, 151))
    mask = ImageFilter.UnsharpMask(radius, amount, threshold=0)
    return np.asarray(Image.fromarray(picture).filter(mask))


def rounded(picture: np.ndarray) -> np.ndarray:
    """Floats in 8-bit steps to uint8."""
    return np.floor(np.clip(picture, 0, 255) + 0.5).astype(np.uint8)


@dataclass(frozen=True)
class World:
    """What a picture meets on its way: `worst` is the lowest quality of JPEG and WebP, `grain` the strongest noise in
    8-bit steps, the others are how often a thing happens."""

    twice: float  # that a picture goes through the world twice
    worst: int
    grain: float
    webp: float = 0.0  # in JPEG's place
    sharpen: float = 0.0  # after the noise and before the compression, as cameras do


# A number drawn more would change every validation picture of the blind models: what is 0 draws none.
WORLDS = {
    "real": World(twice=0.5, worst=40, grain=10.0),
    "photo": World(twice=0.5, worst=30, grain=12.0, webp=0.1, sharpen=0.25),
}


class Degrader:
    """uint8 [N, H, W, 3] and a scale -> uint8 [N, H/scale, W/scale, 3], each picture its own way. `kind`: one of
    WORLDS."""

    def __init__(self, kind: str, random: np.random.Generator):
        if kind not in WORLDS:
            raise ValueError(f"unknown degradation {kind!r}; there are {', '.join(map(repr, WORLDS))}")
        self.world, self.random = WORLDS[kind], random

    def __call__(self, pictures: np.ndarray, scale: int) -> np.ndarray:
        return np.stack([self.one(picture, (picture.shape[0] // scale, picture.shape[1] // scale))
                         for picture in pictures])

    def with_grain(self, picture: np.ndarray, size: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
        """`one`, and the grain that was added to its pixels last of all, [*size, 3] in 8-bit steps: what stays where
        nothing is to be denoised."""
        small = self.one(picture, size)
        noisy = noise(small, self.random, self.world.grain) if self.random.random() < GRAINY else small
        grain = noisy.astype(np.int16) - small
        return (jpeg(noisy, self.random, GRAINY_WORST) if self.random.random() < 0.5 else noisy), grain

    def one(self, picture: np.ndarray, size: tuple[int, int]) -> np.ndarray:
        """One picture [H, W, 3] at `size` (height, width), which one of the resamplings reaches exactly."""
        random = self.random
        if random.random() < CLEAN:
            if picture.shape[0] % size[0] == 0:
                return imresize_uint8(picture, size[0] / picture.shape[0])
            return reduced(picture, size)
        twice = random.random() < self.world.twice
        picture = self.passed(picture, size, not twice)
        return self.passed(picture, size, True) if twice else picture

    def passed(self, picture: np.ndarray, size: tuple[int, int], last: bool) -> np.ndarray:
        """Once through the world: the steps in random order, compression at the end more often than not."""
        random, world = self.random, self.world
        steps = list(random.permutation(["blur", "resample", "noise"]))
        steps.insert(int(random.integers(4)) if random.random() < 0.3 else 3, "compress")
        for step in steps:
            small = picture.shape[0] <= size[0]
            if step == "blur" and random.random() < 0.7:
                picture = blur(picture, random, 0.9 if small else 2.4)
            elif step == "noise" and random.random() < 0.7:
                picture = noise(picture, random, world.grain)
            elif step == "compress":
                if world.sharpen and random.random() < world.sharpen:
                    picture = sharpened(picture, random)
                if random.random() < 0.75:
                    picture = self.compressed(picture)
            elif step == "resample":
                to = size if last else [int(round(n * random.uniform(1.0, 1.6))) for n in size]
                picture = resample(picture, max(8, to[0]), max(8, to[1]), random)
        if last and picture.shape[:2] != tuple(size):
            picture = resample(picture, *size, random)
        return picture

    def compressed(self, picture: np.ndarray) -> np.ndarray:
        """As JPEG, or where the world has it now and then as WebP."""
        if self.world.webp and self.random.random() < self.world.webp:
            return webp(picture, self.random, self.world.worst)
        return jpeg(picture, self.random, self.world.worst)

"""Patches of one colour: photographs have them (paper, skies, walls) and detail-weighted sampling never draws them, so
that a network without a base, which must make every level itself, is off there by some levels."""
import numpy as np

BEYOND = 32  # 8-bit steps that are drawn beyond black and white, and cut off: a tenth of the levels each lies there


def flat_colours(random: np.random.Generator, count: int) -> np.ndarray:
    """uint8 [count, 3]: every other one without colour; black and white, which photographs have most of, more often."""
    levels = random.integers(-BEYOND, 256 + BEYOND, (count, 3))
    grey = random.random(count) < 0.5
    levels[grey] = levels[grey, :1]
    return levels.clip(0, 255).astype(np.uint8)


def flattened(pictures: np.ndarray, share: float, random: np.random.Generator) -> np.ndarray:
    """The pictures uint8 [N, H, W, 3] with about `share` of them one colour each. With 0 nothing is drawn from
    `random`."""
    if share <= 0:
        return pictures
    chosen = random.random(len(pictures)) < share
    found = pictures.copy()
    found[chosen] = flat_colours(random, int(chosen.sum()))[:, None, None]
    return found

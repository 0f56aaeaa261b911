"""Colours for flat places. Photographs have these (paper, skies, walls), and detail-weighted sampling never draws them."""
import numpy as np

BEYOND = 32  # 8-bit steps that are drawn beyond black and white, and cut off: a tenth of the levels each lies there


def flat_colours(random: np.random.Generator, count: int) -> np.ndarray:
    """uint8 [count, 3]: every other one without colour; black and white, which photographs have most of, more often."""
    levels = random.integers(-BEYOND, 256 + BEYOND, (count, 3))
    grey = random.random(count) < 0.5
    levels[grey] = levels[grey, :1]
    return levels.clip(0, 255).astype(np.uint8)

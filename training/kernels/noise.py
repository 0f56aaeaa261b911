"""Noise of a seed, the same as the application makes (src/engine/implicit/prior.ts)."""
import math

import numpy as np

WHOLE = 0xFFFFFFFF


def uniform(seed: int):
    """Numbers from 0 to below 1 (mulberry32), without end."""
    state = seed & WHOLE
    while True:
        state = (state + 0x6D2B79F5) & WHOLE
        mixed = (state ^ (state >> 15)) * (state | 1) & WHOLE
        mixed ^= (mixed + ((mixed ^ (mixed >> 7)) * (mixed | 61) & WHOLE)) & WHOLE
        yield (mixed ^ (mixed >> 14)) / 2**32


def noise_of(seed: int, length: int) -> np.ndarray:
    """Normally distributed float32 [length] (Box and Muller, 1958)."""
    numbers = uniform(seed)
    noise = np.empty(length + 1, np.float32)
    for i in range(0, length, 2):
        radius, angle = math.sqrt(-2 * math.log(1 - next(numbers))), 2 * math.pi * next(numbers)
        noise[i : i + 2] = radius * math.cos(angle), radius * math.sin(angle)
    return noise[:length]

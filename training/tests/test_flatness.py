"""Whether flat places stay flat."""
import numpy as np

from training.kernels.resize import imresize_uint8
from training.measure.flatness import MOST, SIDE, flattest, ripples

SCALE = 2


def picture(flat_at: tuple[int, int]) -> np.ndarray:
    """Noise with a window of nearly one colour."""
    random = np.random.default_rng(5)
    found = random.integers(0, 256, (96, 80, 3), dtype=np.uint8)
    row, column = flat_at
    found[row:row + 2 * SIDE, column:column + 2 * SIDE] = random.integers(118, 124, (2 * SIDE, 2 * SIDE, 1), dtype=np.uint8)
    return found


def bicubic(low: np.ndarray) -> np.ndarray:
    return imresize_uint8(low, SCALE)


def dotted(low: np.ndarray) -> np.ndarray:
    """The bicubic with a dot in every pixel of the small picture."""
    result = bicubic(low).astype(int)
    result[::SCALE, ::SCALE] += 12
    return result.clip(0, 255).astype(np.uint8)


def test_the_flattest_window_is_found_where_it_is():
    row, column = flattest(picture((32, 20)))
    assert 32 <= row <= 32 + SIDE and 20 <= column <= 20 + SIDE


def test_the_bicubic_draws_nothing_and_dots_are_seen():
    lows = [picture((32, 20)), picture((12, 10))]
    assert np.allclose(ripples(bicubic, lows, SCALE), 1)
    assert (ripples(dotted, lows, SCALE) > MOST).all()

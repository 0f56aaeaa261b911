"""A picture at another size by the reference bicubic, quickly: for patches, whose sizes come again and again."""
from functools import lru_cache

import numpy as np

from ..kernels.resize import dense


@lru_cache(maxsize=512)
def reducing(size: int, out: int) -> np.ndarray:
    """The antialiased bicubic reduction of one axis, dense float32 [out, size]."""
    return dense(size, out, out / size).astype(np.float32)


def reduced(high: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """uint8 [H, W, 3] -> uint8 [*size, 3], rounded to 8 bits after each pass as `imresize_uint8` does."""
    height, width = high.shape[:2]
    rows = reducing(height, size[0]) @ high.reshape(height, -1).astype(np.float32)
    rows = np.floor(rows + 0.5).clip(0, 255).reshape(size[0], width, 3)
    columns = reducing(width, size[1]) @ rows
    return np.floor(columns + 0.5).clip(0, 255).astype(np.uint8)

"""The validation crops: one window of each photograph that is kept aside."""
import os
from functools import lru_cache
from pathlib import Path

import numpy as np

from ..paths import DATA
from .pack import as_rgb, cache_folder, validation_names, versions
from .patches import CELL, cell_detail
from .pictures import read_picture

WINDOW = 480  # HR pixels a side, a multiple of every scale


def best_window(picture: np.ndarray) -> np.ndarray:
    """The WINDOW x WINDOW part of a picture with most detail (on a grid of CELL pixels)."""
    detail = np.pad(cell_detail(picture), ((1, 0), (1, 0))).cumsum(0).cumsum(1)
    n = WINDOW // CELL
    sums = detail[n:, n:] - detail[:-n, n:] - detail[n:, :-n] + detail[:-n, :-n]
    row, column = np.unravel_index(np.argmax(sums), sums.shape)
    return picture[row * CELL : row * CELL + WINDOW, column * CELL : column * CELL + WINDOW]


@lru_cache(maxsize=2)
def validation_crops(data: Path = DATA, folder: Path | None = None) -> np.ndarray:
    """uint8 [12, WINDOW, WINDOW, 3]: from the halves of large photographs, so that they are sharp."""
    cache = (folder or cache_folder()) / "validation.npy"
    if cache.exists():
        return np.load(cache)
    crops = []
    for name in validation_names():
        crops.append(best_window(versions(as_rgb(read_picture(data / "train" / f"{name}.avif")))[-1]))
    cache.parent.mkdir(parents=True, exist_ok=True)
    part = cache.with_name(f"validation.{os.getpid()}.npy")
    np.save(part, np.stack(crops))
    os.replace(part, cache)
    return np.stack(crops)

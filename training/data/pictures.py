"""Reading pictures from disk as uint8 arrays."""
from pathlib import Path

import numpy as np
from PIL import Image

SUFFIXES = {".png", ".jpg", ".jpeg", ".bmp", ".webp", ".avif", ".tif", ".tiff"}


def read_picture(path: Path) -> np.ndarray:
    """A picture as uint8: [H, W] when the file is grey, else [H, W, 3] RGB."""
    with Image.open(path) as image:
        if image.mode.startswith("I"):  # 16 bits a pixel, which Pillow's own conversion clips at 255
            return (np.asarray(image, np.float64) / 257 + 0.5).astype(np.uint8)
        return np.asarray(image.convert("L" if image.mode in ("L", "1") else "RGB"))


def list_pictures(folder: Path) -> list[Path]:
    """The pictures of a folder, by name."""
    return sorted(path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES)

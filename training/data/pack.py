"""One uint8 file a scale with every training photograph, decoded and shrunk once.

`python -m training.data.pack` writes `cache/hr.bin`, `x2.bin`, `x3.bin`, `x4.bin` and `index.json`. Photographs
longer than HALVE_ABOVE pixels enter twice, the second time at half size: at full size they are softer than the
pictures people enlarge, and few sharp edges teach little. Sizes are cut to multiples of 12 so that LR pixel (y, x)
of every scale s begins at HR pixel (s y, s x).
"""
import argparse
import json
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import torch

from .. import paths
from ..kernels.resize import imresize_uint8
from ..lock import exclusive
from ..paths import DATA
from .pictures import list_pictures, read_picture

SCALES = (2, 3, 4)
NAMES = ("hr", *(f"x{scale}" for scale in SCALES))  # of the files, without .bin
HALVE_ABOVE = 1200
MULTIPLE = 12
VALIDATION_LIST = Path(__file__).with_name("validation.txt")


def validation_names() -> list[str]:
    """Names (without suffix) of the photographs that are never trained on."""
    lines = VALIDATION_LIST.read_text().splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def as_rgb(picture: np.ndarray) -> np.ndarray:
    """[H, W] or [H, W, 3] -> [H, W, 3]."""
    return np.repeat(picture[:, :, None], 3, axis=2) if picture.ndim == 2 else picture


def versions(picture: np.ndarray) -> list[np.ndarray]:
    """The photograph and, where it is large, its half, both cut to multiples of MULTIPLE."""
    found = [picture]
    if max(picture.shape[:2]) > HALVE_ABOVE:
        found.append(imresize_uint8(picture, 0.5, torch.float32))
    return [v[: v.shape[0] // MULTIPLE * MULTIPLE, : v.shape[1] // MULTIPLE * MULTIPLE] for v in found]


def cache_folder() -> Path:
    """Where the pack and what is made of it lie."""
    return paths.RUNS / "cache"


def packed(path: Path) -> list[list[np.ndarray]]:
    """What the pack holds of a photograph: of each of its versions the planes of scale 1 and of SCALES."""
    return [[picture, *(imresize_uint8(picture, 1 / scale, torch.float32) for scale in SCALES)]
            for picture in versions(as_rgb(read_picture(path)))]


def write_pack(data: Path, folder: Path, workers: int = 1) -> None:
    """Decode every training photograph but the validation ones into `folder`; about a minute of one core."""
    folder.mkdir(parents=True, exist_ok=True)
    kept_aside = set(validation_names())
    chosen = [path for path in list_pictures(data / "train") if path.stem not in kept_aside]
    entries, place = [], 0
    with ExitStack() as stack:
        files = [stack.enter_context(open(folder / f"{name}.part", "wb")) for name in NAMES]
        # Processes are started anew: forked ones would take locks of PyTorch's threads along.
        # One thread each: sixteen processes of sixteen threads took 196 s for what one core does in a minute or two.
        pool = stack.enter_context(ProcessPoolExecutor(workers, get_context("spawn"), torch.set_num_threads, (1,))
                                   ) if workers > 1 else None
        for path, found in zip(chosen, (pool.map if pool else map)(packed, chosen)):
            for planes in found:
                for plane, file in zip(planes, files):
                    np.ascontiguousarray(plane).tofile(file)
                height, width = planes[0].shape[:2]
                entries.append({"name": path.stem, "height": height, "width": width, "pixel": place})
                place += height * width
    for name in NAMES:
        (folder / f"{name}.part").rename(folder / f"{name}.bin")
    for made_from_it in ("cells.npz", "validation.npy"):  # of a pack that was here before
        (folder / made_from_it).unlink(missing_ok=True)
    (folder / "index.part").write_text(json.dumps(entries))
    (folder / "index.part").rename(folder / "index.json")  # last: what is there is whole


class Pack:
    """The photographs and their LR versions, memory-mapped: `picture(i)` and `picture(i, scale)` are views."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.entries = json.loads((folder / "index.json").read_text())
        self.planes = {1: np.memmap(folder / "hr.bin", np.uint8, "r")}
        for scale in SCALES:
            self.planes[scale] = np.memmap(folder / f"x{scale}.bin", np.uint8, "r")

    def __len__(self) -> int:
        return len(self.entries)

    def picture(self, index: int, scale: int = 1) -> np.ndarray:
        """uint8 [H/scale, W/scale, 3] of photograph `index`; scale 1 is the photograph itself."""
        entry = self.entries[index]
        height, width = entry["height"] // scale, entry["width"] // scale
        start = entry["pixel"] // scale**2 * 3
        return self.planes[scale][start : start + height * width * 3].reshape(height, width, 3)


def open_pack(data: Path = DATA, folder: Path | None = None, workers: int = 1) -> Pack:
    """The pack, written first where it does not exist; of several processes that open it at once, one writes."""
    folder = folder or cache_folder()
    with exclusive(folder / "lock"):
        if not (folder / "index.json").exists():
            started = time.time()
            write_pack(data, folder, workers)
            print(f"pack written in {time.time() - started:.0f} s", flush=True)
    return Pack(folder)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--workers", type=int, default=1, help="processes that decode")
    wanted = parser.parse_args()
    print(f"{len(open_pack(wanted.data, workers=wanted.workers))} pictures")

"""The example of a card: `python -m training.export.examples [--method ID[,ID]]` draws resources/models/ID/example.png.

Two places of the project's own sample chart (tools/drawSample.mjs), text and leaves: the pixels as they are, bicubic,
the method. The chart is drawn by code: no photograph enters the repository in a picture either.
"""
import argparse
import io
import json

import numpy as np
from PIL import Image

from .. import paths
from ..config import load
from ..data.pictures import read_picture
from ..kernels.resize import imresize_uint8
from ..measure.evaluation import enlarger
from ..paths import REPOSITORY
from .card import write_card

CHART = REPOSITORY / "resources" / "sample" / "chart.png"
PLACES = ((368, 74, "text"), (60, 330, "leaves"))  # top, left
HEIGHT, WIDTH = 24, 40  # of a place, in the chart's pixels
MARGIN = 24  # around it, so that the network sees its surroundings
GAP = 4  # between the panels, in pixels of the example
LARGEST = 20_000  # bytes


def panels(method: str, scale: int) -> np.ndarray:
    """uint8 RGB: a row a place, in each the pixels repeated, bicubic, and the method."""
    chart = read_picture(CHART)[:, :, :3]
    make = enlarger(method, scale)
    rows = []
    for top, left, _ in PLACES:
        seen = chart[top - MARGIN : top + HEIGHT + MARGIN, left - MARGIN : left + WIDTH + MARGIN]
        cut = (slice(MARGIN * scale, (MARGIN + HEIGHT) * scale), slice(MARGIN * scale, (MARGIN + WIDTH) * scale))
        made = [seen.repeat(scale, axis=0).repeat(scale, axis=1), imresize_uint8(seen, scale), make(seen)]
        gap = np.full((HEIGHT * scale, GAP, 3), 255, np.uint8)
        rows.append(np.concatenate([made[0][cut], gap, made[1][cut], gap, made[2][cut]], axis=1))
    return np.concatenate([rows[0], np.full((GAP, rows[0].shape[1], 3), 255, np.uint8), rows[1]])


def small_png(picture: np.ndarray) -> bytes:
    """A PNG of at most LARGEST bytes: as many colours as fit."""
    for colours in (256, 128, 64, 32, 16):
        buffer = io.BytesIO()
        Image.fromarray(picture).quantize(colours, dither=Image.Dither.NONE).save(buffer, "PNG", optimize=True)
        if buffer.tell() <= LARGEST:
            return buffer.getvalue()
    raise ValueError(f"expected an example of at most {LARGEST} bytes, received {buffer.tell()} with 16 colours")


def draw_example(method: str) -> None:
    """Write the example of a bundled method at its scale nearest to 4."""
    scales = json.loads((paths.MODELS / method / "manifest.json").read_text())["scales"]
    scale = min(scales, key=lambda s: abs(s - 4))
    (paths.MODELS / method / "example.png").write_bytes(small_png(panels(method, scale)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--method", default="", help="ids, separated by commas; all that are bundled")
    wanted = parser.parse_args()
    bundled = sorted(path.parent.name for path in paths.MODELS.glob("*/manifest.json"))
    for method in wanted.method.split(",") if wanted.method else bundled:
        draw_example(method)
        path = paths.MODELS / method / "manifest.json"
        write_card(load(method), json.loads(path.read_text()), path.with_name("card.md"))
        print(f"{method}: {path.with_name('example.png').stat().st_size} bytes", flush=True)


if __name__ == "__main__":
    main()

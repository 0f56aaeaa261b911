"""How far a trained network really looks: the smallest overlap of tiles whose difference to the whole cannot be seen.

A receptive field says which pixels are connected; weights decide which of them matter. Measured on the files
themselves: the core of a tile that was read with an overlap against the same pixels of the whole picture, the largest
difference in 8-bit steps over a photograph, a zone plate, white noise and hard edges.

`python -m training.measure.reach` measures every bundled method anew and writes `measured` beside each receptive field.
"""
import argparse
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch

from .. import paths
from .liveness import live_bytes_per_pixel, note_source_bytes
from ..kernels.positions import axis
from .enlarge import Run, mirrored
from .held import held_reach
from .implicit import GraphEnlarger, load_enlarger
from .means import Halves, sampling_difference
from .pictures import LARGEST_STEP, pictures
from .session import session_runner
from .tiling import core_side, tiling_difference

# The same of what is made up in any case, the photo mirrored beyond its border: below one step it cannot be seen.
BORDER_STEP = 1.0
BORDERED = 48  # input pixels a side of the picture whose border is measured
CORE = 24  # input pixels a side of what is compared
# The same where a decoder in integers follows: a feature a little off may be rounded to the next integer, which made
# 0.01 of a step into 0.34 in LIIF.
LARGEST_STEP_ROUNDED = 0.002
# Where a decoder's controls stand meanwhile: the mean of the classes, because a choice between them flips at a rounding;
# all coefficients at work.
TURNED = {"crispness": 0.0, "denoise": 1.0, "strength": 1.0}
LADDER = (2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 16, 18, 20, 24, 28, 32, 40, 48, 64, 80)
DECODED_AT = 4  # the scale at which an implicit method's features are compared: as output pixels

# A picture [1, C, H, W], and (top, left, bottom, right) of the input pixels read -> output pixels of the core.
CoreOf = Callable[[np.ndarray, tuple[int, int, int, int]], np.ndarray]


def smallest_overlap(core_of: CoreOf, channels: int, field: int, align: int = 1,
                     largest_step: float = LARGEST_STEP) -> dict:
    """`{"overlap": input pixels on each side, "step": largest difference there in 8-bit steps}`: the smallest of LADDER
    from which on no overlap differs by `largest_step`; `field` itself, without difference, where there is none.

    `align`: tiles begin at multiples of it, so the overlap before the core is filled up to one.
    """
    whole_overlap = -(-field // align) * align
    side = CORE + 2 * whole_overlap + 2 * align
    top = whole_overlap + align
    top -= top % align
    seen = pictures(side, channels)
    wholes = [core_of(picture, (0, 0, side, side)) for picture in seen]
    best = {"overlap": field, "step": 0.0}
    for overlap in sorted((step for step in LADDER if step < field), reverse=True):
        first = (top - overlap) // align * align
        read = (first, first, top + CORE + overlap, top + CORE + overlap)
        step = 255 * max(float(np.abs(core_of(picture, read) - whole).max()) for picture, whole in zip(seen, wholes))
        if step >= largest_step:
            break
        best = {"overlap": overlap, "step": round(step, 4)}
    return best


def network_core(run: Run, scale: int, field: int) -> CoreOf:
    """The core of a network's result; `scale` 1 for one that works at the target size."""

    def core_of(picture: np.ndarray, read: tuple[int, int, int, int]) -> np.ndarray:
        top, left, bottom, right = read
        made = run(np.ascontiguousarray(picture[:, :, top:bottom, left:right]))
        start = core_start(field)
        y, x = (start - top) * scale, (start - left) * scale
        return np.clip(made[:, :, y : y + CORE * scale, x : x + CORE * scale], 0, 1)

    return core_of


def core_start(field: int, align: int = 1) -> int:
    """Where the core begins on either axis of a picture of `smallest_overlap`."""
    start = -(-field // align) * align + align
    return start - start % align


def implicit_core(enlarger: GraphEnlarger, field: int, align: int) -> CoreOf:
    """The core of an implicit method's result at DECODED_AT: the features of the tile's core in the place of the whole
    picture's, decoded there and one feature around, because the decoder reads across the tile's border."""
    scale, start = DECODED_AT, core_start(field, align)
    inner = torch.arange((start - 1) * scale, (start + CORE + 1) * scale)
    known: dict[int, np.ndarray] = {}

    def core_of(picture: np.ndarray, read: tuple[int, int, int, int]) -> np.ndarray:
        top, left, bottom, right = read
        if id(picture) not in known:
            known[id(picture)] = enlarger.features(picture)
        features = known[id(picture)].copy()
        made = enlarger.features(np.ascontiguousarray(picture[:, :, top:bottom, left:right]))
        y, x = start - top, start - left
        features[:, :, start : start + CORE, start : start + CORE] = made[:, :, y : y + CORE, x : x + CORE]
        given = torch.from_numpy(features)
        rows, columns = (axis(length, length * scale, scale).pick(inner) for length in features.shape[2:])
        controls = {name: value for name, value in TURNED.items() if name in enlarger.wanted}
        return enlarger.decoder.run(None, enlarger.feeds(given, rows, columns, (scale, scale), **controls))[0]

    return core_of


# A picture [1, C, h, w], and how much of it mirrored is given around it -> all its output pixels.
Bordered = Callable[[np.ndarray, int], np.ndarray]


def network_bordered(run: Run, scale: int) -> Bordered:
    """Of a network; `scale` as in `network_core`."""

    def made(picture: np.ndarray, border: int) -> np.ndarray:
        inside = slice(border * scale, (border + BORDERED) * scale)
        return np.clip(run(mirrored(picture, border))[:, :, inside, inside], 0, 1)

    return made


def implicit_bordered(enlarger: GraphEnlarger, align: int) -> Bordered:
    """Of an implicit method at DECODED_AT, less what its result is added to. The decoder reads a feature beyond the
    border; what is given begins at a multiple of `align`."""
    lines = axis(BORDERED, BORDERED * DECODED_AT, DECODED_AT, 1)
    controls = {name: value for name, value in TURNED.items() if name in enlarger.wanted}

    def made(picture: np.ndarray, border: int) -> np.ndarray:
        given = -(-border // align) * align
        inside = slice(given - 1, given + BORDERED + 1)
        features = torch.from_numpy(enlarger.features(mirrored(picture, given), picture)[:, :, inside, inside])
        feeds = enlarger.feeds(features, lines, lines, (DECODED_AT, DECODED_AT), **controls)
        return enlarger.decoder.run(None, feeds)[0]

    return made


def narrowest_border(made: Bordered, channels: int, overlap: int, align: int = 1) -> dict:
    """`{"overlap": input pixels, "step": largest difference in 8-bit steps}`: how much of a picture mirrored beyond its
    border is enough, so that no output pixel is more than BORDER_STEP off what it is with `overlap` pixels of it; the
    network pads with zeros beyond them. Tried is every `align`th, for what is given is filled up to a multiple of it."""
    seen = pictures(BORDERED, channels)
    wholes = [made(picture, overlap) for picture in seen]
    best = {"overlap": overlap, "step": 0.0}
    for border in range(overlap - align, 0, -align):
        step = 255 * max(float(np.abs(made(picture, border) - whole).max()) for picture, whole in zip(seen, wholes))
        if step >= BORDER_STEP:
            break
        best = {"overlap": border, "step": round(step, 4)}
    return best


def network_reach(ends: list[Path | bytes], channels: int, scale: int, field: dict) -> dict:
    """The smallest overlap of a network's file, and the narrowest border; of both ends of its strength where it has two,
    the larger."""
    widest = max(field["before"], field["after"])
    runs = [session_runner(end) for end in ends]
    found = [smallest_overlap(network_core(run, scale, widest), channels, widest) for run in runs]
    reach = max(found, key=lambda one: one["overlap"])
    borders = [narrowest_border(network_bordered(run, scale), channels, reach["overlap"]) for run in runs]
    return reach | {"border": max(borders, key=lambda one: one["overlap"])}


def implicit_reach(enlarger: GraphEnlarger, field: dict, align: int, rounded: bool) -> dict:
    """The smallest overlap of an implicit method's source graphs, and the narrowest border; `enlarger` with its decoder
    in floating point; `rounded`: on a CPU one in integers takes its place."""
    widest = max(field["before"], field["after"])
    largest_step = LARGEST_STEP_ROUNDED if rounded else LARGEST_STEP
    reach = smallest_overlap(implicit_core(enlarger, widest, align), 3, widest, align, largest_step)
    return reach | {"border": narrowest_border(implicit_bordered(enlarger, align), 3, reach["overlap"], align)}


def pooled_reach(source: Path | bytes, channels: int, entry: dict) -> dict:
    """How far a network that looks at the whole picture looks beside that, and what tiles change in it: for its entry in
    the manifest, which has the other figures already."""
    scale, align = entry["scale"], entry.get("align", 1)
    field = {side: entry["receptiveField"][side] for side in ("before", "after")}
    field |= {"exact": False, "measured": held_reach(source, channels, scale, field, align)}
    core = core_side(entry["macsPerPixel"], entry["liveBytesPerPixel"], field, align, scale)
    tiled = tiling_difference(session_runner(source), scale, core, field, align)
    return {"receptiveField": field, "tiled": tiled}


def means_reach(source: Path | bytes, channels: int, entry: dict) -> dict:
    """How far a network looks beside the means that it takes over the whole picture, and what it changes that these are
    taken of samples: for its entry in the manifest, which has the other figures already."""
    halves, scale = Halves(source), entry["scale"]
    field = {side: entry["receptiveField"][side] for side in ("before", "after")}
    widest = max(field.values())
    known: list[tuple[np.ndarray, Run]] = []

    def held(picture: np.ndarray) -> Run:
        """The network with the picture's means, which are taken once."""
        found = next((run for other, run in known if other is picture), None)
        if found is None:
            found = halves.holding_whole(picture)
            known.append((picture, found))
        return found

    reach = smallest_overlap(
        lambda picture, read: network_core(held(picture), scale, widest)(picture, read), channels, widest)
    border = narrowest_border(
        lambda picture, around: network_bordered(held(picture), scale)(picture, around), channels, reach["overlap"])
    means = {"count": len(halves.names), "macsPerPixel": halves.macs_per_pixel}
    return {"receptiveField": field | {"measured": reach | {"border": border}}, "means": means,
            "tiled": sampling_difference(halves)}


def without_integers(decoder: dict) -> dict:
    """The decoder in floating point: steps of integers are laid out by what a batch holds, whatever the overlap."""
    return {name: value for name, value in decoder.items() if name != "onCpu"}


def measure_manifest(folder: Path) -> None:
    """Write `measured` beside every receptive field of a bundled method, and what its runs take."""
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text())
    channels = 1 if manifest["channels"] == "y" else 3
    for entry in manifest["files"]:
        field = entry["receptiveField"]
        entry["liveBytesPerPixel"] = live_bytes_per_pixel(folder / entry["file"], channels)
        scale = entry["scale"] if manifest["kind"] == "network" else 1
        if "means" in entry:
            entry |= means_reach(folder / entry["file"], channels, entry)
        elif field.get("exact", True):
            ends = [entry["file"], *([entry["blend"]["file"]] if "blend" in entry else [])]
            field["measured"] = network_reach([folder / end for end in ends], channels, scale, field)
        else:
            entry |= pooled_reach(folder / entry["file"], channels, entry)
        print(f"{manifest['id']} {entry['file']}: {entry['receptiveField']}", flush=True)
    if "implicit" in manifest:
        described = manifest["implicit"]
        field = described["receptiveField"]
        exact = manifest | {"implicit": described | {"decoder": without_integers(described["decoder"])}}
        rounded = "onCpu" in described["decoder"]
        field["measured"] = implicit_reach(load_enlarger(folder, exact), field, described["align"], rounded)
        places = [(paths.ENCODERS if entry.get("shared") else folder) / entry["file"] for entry in described["source"]]
        note_source_bytes(described, places)
        print(f"{manifest['id']}: {field}", flush=True)
    path.write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--method", default="", help="ids separated by commas; without: all that are bundled")
    wanted = parser.parse_args().method.split(",")
    for folder in sorted(paths.MODELS.iterdir()):
        if (folder / "manifest.json").exists() and (wanted == [""] or folder.name in wanted):
            measure_manifest(folder)


if __name__ == "__main__":
    main()

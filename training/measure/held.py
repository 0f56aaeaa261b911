"""How far a network that looks at the whole picture looks beside that: its gates, which stand for the whole, held.

A channel's gate (RCAN, SAN) is one number made from all positions. A tile has other gates than the whole picture, all
over it, and beside that sees a border where there is none, along its edges alone. The first is what fading from tile to
tile is for; the second must not be seen. Here a tile is given the whole picture's gates, so that only this is left.
"""
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper

from .pictures import pictures
from .session import session

TILE = 120  # input pixels a side of the tile that is compared, a multiple of every `align`
FADE = 8  # input pixels on each side of an edge in which tiles fade into each other (src/shared/manifest.ts)
LARGEST_FADED_STEP = 1  # 8-bit steps, times what a pixel weighs where it fades: as near as tiles must come to the whole
# The same where tiles are of whole regions: the next overlap is a region more, work by a third, and on photographs tiles
# of SAN with one differ from the whole by some hundredths (`tiled` in its manifest); zone plates and noise make the rest.
LARGEST_FADED_STEP_REGIONS = 1.25


def gated(source: Path | bytes) -> tuple[onnxruntime.InferenceSession, onnxruntime.InferenceSession, list[str]]:
    """The network with its gates as further outputs, the same with them as inputs, and their names."""
    def loaded() -> onnx.ModelProto:
        return onnx.load_from_string(source) if isinstance(source, bytes) else onnx.load(str(source))

    telling, held = loaded(), loaded()
    gates = [node.output[0] for node in telling.graph.node if node.op_type == "Sigmoid"]
    if not gates:
        raise ValueError("expected a network with gates (Sigmoid), found none")
    telling.graph.output.extend(helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in gates)
    for node in [node for node in held.graph.node if node.op_type == "Sigmoid"]:
        held.graph.node.remove(node)
    held.graph.input.extend(helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, None, 1, 1]) for name in gates)
    return session(telling.SerializeToString()), session(held.SerializeToString()), gates


def edge_steps(source: Path | bytes, channels: int, scale: int, margin: int) -> np.ndarray:
    """The largest difference, in 8-bit steps, to the whole picture with the same gates by the distance from a tile's
    edge in input pixels (0: at the edge), over the four pictures of `pictures.py`. `margin`: how far the whole picture
    goes on around the tile."""
    telling, held, gates = gated(source)
    place = np.arange(TILE * scale) // scale
    inside = np.minimum(place, TILE - 1 - place)
    inside = np.minimum(inside[:, None], inside[None, :])
    worst = np.zeros(TILE // 2)
    for picture in pictures(TILE + 2 * margin, channels):
        whole, *found = telling.run(["output", *gates], {"input": picture})
        if any(gate.shape[2:] != (1, 1) for gate in found):
            raise ValueError(f"expected gates of one number a channel, found {[gate.shape for gate in found]}")
        part = np.ascontiguousarray(picture[:, :, margin : margin + TILE, margin : margin + TILE])
        made = held.run(["output"], {"input": part} | dict(zip(gates, found)))[0]
        start, end = margin * scale, (margin + TILE) * scale
        apart = 255 * np.abs(np.clip(made, 0, 1) - np.clip(whole[:, :, start:end, start:end], 0, 1)).max(axis=(0, 1))
        worst = np.maximum(worst, [apart[inside == distance].max() for distance in range(TILE // 2)])
    return worst


def faded_step(steps: np.ndarray, seen: int) -> float:
    """The largest of `edge_steps` times what a pixel weighs where the first `seen` weigh nothing and the next ones fade."""
    weights = np.clip((np.arange(len(steps)) - seen + 1) / (2 * FADE), 0, 1)
    return float((steps * weights).max())


def held_reach(source: Path | bytes, channels: int, scale: int, field: dict, align: int) -> dict:
    """`{"overlap": input pixels, "step": 8-bit steps}`: where so many pixels inside a tile's edge weigh nothing and the
    next ones fade, what is left of the edge is `step` at most, less than the largest that counts as none. `align`: tiles begin and
    end at multiples of it, counted from the picture's corner; what is read anyway is taken as seen."""
    margin = -(-max(field["before"], field["after"]) // align) * align
    steps = edge_steps(source, channels, scale, margin)
    largest = LARGEST_FADED_STEP if align == 1 else LARGEST_FADED_STEP_REGIONS
    best = {"overlap": margin, "step": 0.0}
    for read in range(margin, FADE, -max(1, align // 2)):  # what two neighbours share is a multiple of `align`
        step = faded_step(steps, read - FADE)
        if step >= largest:
            break
        best = {"overlap": read - FADE, "step": round(step, 4)}
    return best


def seen_edges(field: dict) -> dict:
    """`before`, `after`: input pixels inside a tile that show that it ends there, and weigh nothing (edgesOf in
    src/shared/manifest.ts); 0 where that was not measured."""
    far = field["measured"]["overlap"] if "measured" in field else 0
    return {side: min(field[side], far) for side in ("before", "after")}


def read_overlap(field: dict, align: int) -> dict:
    """`before`, `after`: input pixels that a tile reads beyond what it stands for. Where tiles fade, what two neighbours
    share is filled up to a multiple of `align` (edgesOf in src/shared/manifest.ts)."""
    def whole(length: int) -> int:
        return -(-length // align) * align

    if "measured" not in field:
        return {side: whole(field[side]) for side in ("before", "after")}
    seen = seen_edges(field)
    beyond = whole(seen["after"] + FADE)
    return {"before": whole(sum(seen.values()) + 2 * FADE) - beyond, "after": beyond}

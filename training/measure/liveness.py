"""How much memory a run of a graph takes for each pixel of its input: the values that are alive at once."""
import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
from onnx import shape_inference
from onnx.external_data_helper import load_external_data_for_model

from .session import session

SIDE = 64  # input pixels a side at which shapes are worked out
RUN_SIDE = 160  # the same where a run has to tell: whole regions and windows, of which a last one is filled up
BYTES = 4  # of a float32: graphs run in it whatever they are stored in
BLOCK = 16  # channels: convolutions are made in whole blocks of so many, a picture's three too
# Results of these take the place of an input of the same size that nobody reads afterwards.
IN_PLACE = {"Add", "Clip", "Identity", "LeakyRelu", "Mul", "PRelu", "Relu", "Reshape", "Sigmoid", "Sub", "Tanh"}


def shapes_of(model: onnx.ModelProto, fixed: dict[str, list[int]]) -> dict[str, list[int]]:
    """The shape of every value by its name, where it is known for inputs of the shapes `fixed`."""
    for entry in model.graph.input:
        for dimension, size in zip(entry.type.tensor_type.shape.dim, fixed[entry.name]):
            dimension.ClearField("dim_param")
            dimension.dim_value = size
    for entry in model.graph.output:
        for dimension in entry.type.tensor_type.shape.dim:
            dimension.Clear()
    del model.graph.value_info[:]
    graph = shape_inference.infer_shapes(model, data_prop=True).graph
    found = {}
    for entry in [*graph.input, *graph.value_info, *graph.output]:
        dimensions = entry.type.tensor_type.shape.dim
        if all(dimension.HasField("dim_value") for dimension in dimensions):
            found[entry.name] = [dimension.dim_value for dimension in dimensions]
    return found


def shapes_by_running(model: onnx.ModelProto, fixed: dict[str, list[int]], folder: str) -> dict[str, list[int]]:
    """The same of every value, from one run that gives all of them: for graphs that compute shapes, which attention in
    regions does. `folder`: where the weights lie that the file does not hold."""
    if folder:
        load_external_data_for_model(model, folder)
    for entry in model.graph.input:
        for dimension, size in zip(entry.type.tensor_type.shape.dim, fixed[entry.name]):
            dimension.dim_value = size
    names = list(dict.fromkeys(name for node in model.graph.node for name in node.output if name))
    given = {name: np.full(shape, 0.5, np.float32) for name, shape in fixed.items()}
    del model.graph.output[:]
    model.graph.output.extend(onnx.ValueInfoProto(name=name) for name in names)
    found = session(model.SerializeToString()).run(names, given)
    return {name: list(value.shape) for name, value in {**given, **dict(zip(names, found))}.items()}


def sizes_of(nodes: Sequence[onnx.NodeProto], shapes: dict[str, list[int]]) -> dict[str, int]:
    """Bytes of every value by its name: of what a convolution makes, and what takes its place, in whole blocks of
    channels."""
    blocked: set[str] = set()
    for node in nodes:
        alike = any(name in blocked and shapes[name] == shapes[node.output[0]] for name in node.input)
        if (node.op_type == "Conv" and len(shapes[node.output[0]]) == 4) or (node.op_type in IN_PLACE and alike):
            blocked.add(node.output[0])

    def size(name: str, shape: list[int]) -> int:
        if name in blocked:
            shape = [shape[0], -(-shape[1] // BLOCK) * BLOCK, *shape[2:]]
        return BYTES * math.prod(shape)

    return {name: size(name, shape) for name, shape in shapes.items()}


def live_bytes_per_pixel(source: Path | bytes, channels: int, beside: dict[str, list[int]] | None = None) -> int:
    """Bytes of the values alive at the worst moment of a run, nodes in their order, for each pixel of `input`
    [1, channels, h, w]; weights apart. `beside`: shapes of further inputs. The runtime takes up to twice that: it
    keeps copies in its own layout (measured by its peak: EDSR x4 6.4 kB against 4.1 here, SAN x2 2.0 against 1.5,
    ESRGAN 16.3 against 8.2)."""
    model = onnx.load_from_string(source) if isinstance(source, bytes) else onnx.load(str(source), load_external_data=False)
    folder = "" if isinstance(source, bytes) else str(source.parent)
    has_photo = any(entry.name == "photo" for entry in model.graph.input)

    def given(side: int) -> dict[str, list[int]]:
        photo = {"photo": [1, 3, side, side]} if has_photo else {}
        return {"input": [1, channels, side, side]} | photo | (beside or {})

    shapes, side = shapes_of(model, given(SIDE)), SIDE
    if any(name not in shapes for node in model.graph.node for name in node.output if name):
        shapes, side = shapes_by_running(model, given(RUN_SIDE), folder), RUN_SIDE
    nodes, constant = model.graph.node, {entry.name for entry in model.graph.initializer}
    sizes = sizes_of(nodes, shapes)
    last = {name: place for place, node in enumerate(nodes) for name in node.input}
    alive = {name: sizes[name] for name in ("input", "photo") if name in sizes}
    worst = 0
    for place, node in enumerate(nodes):
        if all(name in constant for name in node.input if name):
            constant.update(node.output)
            continue
        ending = [name for name in node.input if last.get(name) == place and name in alive]
        for name in filter(None, node.output):
            size = sizes[name]
            if node.op_type in IN_PLACE:
                same = next((one for one in ending if alive.get(one) == size), None)
                alive.pop(same, None)
            alive[name] = size
        worst = max(worst, sum(alive.values()))
        for name in ending:
            alive.pop(name, None)
    return round(worst / side**2)


def note_source_bytes(implicit: dict, graphs: list[Path | bytes]) -> None:
    """Write what a source pixel takes of each of an implicit method's source graphs, and of the hungriest of them.
    `implicit`: of its manifest, with the channels that each graph gives, and what it calls its prior."""
    channels = 3
    for place, (entry, graph) in enumerate(zip(implicit["source"], graphs, strict=True)):
        is_last = place == len(graphs) - 1
        prior = {"prior": [1, implicit["prior"]["noise"]]} if is_last and "prior" in implicit else {}
        entry["liveBytesPerPixel"] = live_bytes_per_pixel(graph, channels, prior)
        channels = entry["channels"]
    implicit["liveBytesPerPixel"] = max(entry["liveBytesPerPixel"] for entry in implicit["source"])

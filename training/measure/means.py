"""A network that takes means over the whole picture (channel attention), in two halves, as the application runs it: what
the means are, of samples of the picture, and what it makes of a tile with these in the place of the tile's own.

The samples are those of src/engine/kernels/samples.ts, the halves those of src/engine/onnx/globalMeans.ts.
"""
import math
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from .enlarge import Run
from .liveness import shapes_of
from .session import session
from .tiling import difference_on_photographs

SAMPLES, SIDE = 53, 32
GENERATOR = 33  # coprime to their number: how many columns further the sample of the next row is
COUNTED = 48  # pixels a side of the picture that multiplications are counted on
UNCOUNTED = 4  # rows and columns along a sample's edges, in which a network sees that it ends


def _loaded(source: Path | bytes) -> onnx.ModelProto:
    return onnx.load_from_string(source) if isinstance(source, bytes) else onnx.load(str(source))


def _axes(node: onnx.NodeProto, model: onnx.ModelProto) -> list[int]:
    """The axes that a ReduceMean is over: an attribute before opset 18, an input from then on."""
    given = [w for w in model.graph.initializer if w.name in node.input[1:2]]
    found = list(numpy_helper.to_array(given[0])) if given else next(
        (list(a.ints) for a in node.attribute if a.name == "axes"), [])
    return sorted(int(axis) % 4 for axis in found)


def global_means(model: onnx.ModelProto) -> list[onnx.NodeProto]:
    """The nodes that take the mean of every channel over all positions."""
    return [node for node in model.graph.node if node.op_type == "GlobalAveragePool"
            or node.op_type == "ReduceMean" and _axes(node, model) == [2, 3]]


def _rounded(value: float) -> int:
    """Halves up, as JavaScript does it."""
    return math.floor(value + 0.5)


def _start_around(middle: float, length: int) -> int:
    """Where a sample around a middle begins: within the picture, or as far beyond it on both sides where that is narrower."""
    last = length - SIDE
    return _rounded(last / 2) if last < 0 else min(last, max(0, _rounded(middle - SIDE / 2)))


def _scattered(k: int, by: float) -> float:
    """The k-th of numbers in [0, 1) without a period, of which multiples of `by` would have one in some pictures."""
    return (k + 0.5) ** 2 * by % 1


def samples(height: int, width: int) -> list[tuple[int, int]]:
    """(top, left) of squares of SIDE pixels evenly over the picture, each in a row and in a column of its own of SAMPLES
    by SAMPLES, somewhere in its place."""
    return [(_start_around((k + _scattered(k, math.sqrt(2))) * height / SAMPLES, height),
             _start_around((k * GENERATOR % SAMPLES + _scattered(k, math.sqrt(3))) * width / SAMPLES, width))
            for k in range(SAMPLES)]


def _macs_per_pixel(model: onnx.ModelProto) -> int:
    """Multiplications of the convolutions behind the graph's outputs, for each pixel of its input."""
    wanted, macs = {value.name for value in model.graph.output}, 0
    kernels = {weight.name: list(weight.dims) for weight in model.graph.initializer}
    behind = {name: node for node in model.graph.node for name in node.output}
    shapes = shapes_of(_loaded(model.SerializeToString()), {"input": [1, 3, COUNTED, COUNTED]})
    for node in reversed(model.graph.node):
        if not wanted.intersection(node.output):
            continue
        wanted.update(node.input)
        if node.op_type == "Conv":
            kernel = node.input[1]
            while kernel not in kernels:  # stored in fewer bits
                kernel = behind[kernel].input[0]
            macs += math.prod(shapes[node.output[0]]) * math.prod(kernels[kernel][1:])
    return round(macs / COUNTED**2)


class Halves:
    """Both halves of a network's file, run by ONNX Runtime."""

    def __init__(self, source: Path | bytes):
        model = _loaded(source)
        nodes = global_means(model)
        if not nodes:
            raise ValueError("expected a network that takes means over the whole picture, found none")
        self.names = [node.output[0] for node in nodes]
        self.whole = session(self._telling(source, 0).SerializeToString())
        self.inside = session(self._telling(source, UNCOUNTED).SerializeToString())
        self.macs_per_pixel = _macs_per_pixel(self._telling(source, 0))
        given = _loaded(source)
        for node in [node for node in given.graph.node if node.output[0] in self.names]:
            given.graph.node.remove(node)
        given.graph.input.extend(
            helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, None, 1, 1]) for name in self.names)
        self.given = session(given.SerializeToString())

    def _telling(self, source: Path | bytes, edge: int) -> onnx.ModelProto:
        """What gives the means, of all but the outermost `edge` rows and columns, in the place of the picture."""
        model = _loaded(source)
        for name, values in (("from", [edge, edge]), ("to", [-edge, -edge]), ("axes", [2, 3])):
            model.graph.initializer.append(numpy_helper.from_array(np.array(values), f"inside {name}"))
        nodes = []
        for node in model.graph.node:
            if edge and node.output[0] in self.names:
                cut = f"inside {node.output[0]}"
                nodes.append(helper.make_node("Slice", [node.input[0], *(f"inside {n}" for n in ("from", "to", "axes"))],
                                              [cut]))
                node.input[0] = cut
            nodes.append(node)
        del model.graph.node[:], model.graph.output[:]
        model.graph.node.extend(nodes)
        model.graph.output.extend(helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in self.names)
        return model

    def of_whole(self, x: np.ndarray) -> list[np.ndarray]:
        """The means [1, C, 1, 1] of a whole picture [1, C, H, W]."""
        return self.whole.run(self.names, {"input": x})

    def of_samples(self, x: np.ndarray) -> list[np.ndarray]:
        """The same of its samples; the picture is larger than one."""
        parts = [x[:, :, top : top + SIDE, left : left + SIDE] for top, left in samples(*x.shape[2:])]
        told = [self.inside.run(self.names, {"input": np.ascontiguousarray(part)}) for part in parts]
        return [np.mean(each, axis=0) for each in zip(*told)]

    def run(self, x: np.ndarray, means: list[np.ndarray]) -> np.ndarray:
        """What the network makes of [1, C, H, W] with these means."""
        return self.given.run(["output"], {"input": np.ascontiguousarray(x)} | dict(zip(self.names, means)))[0]

    def holding_whole(self, x: np.ndarray) -> Run:
        """The network with the means of the whole picture `x`, for parts of it."""
        means = self.of_whole(x)
        return lambda part: self.run(part, means)


def sampling_difference(halves: Halves) -> dict:
    """Mean and largest difference, in 8-bit steps, of pictures made with the means of their samples to those made with
    the whole's, on validation photographs. What a tile's edges change comes to it (`measured`, a twentieth at most)."""
    return difference_on_photographs(lambda x: halves.run(x, halves.of_samples(x)),
                                     lambda x: halves.run(x, halves.of_whole(x)), 4)

"""The end of a network in parts. A convolution to many channels, a pixel shuffle and a convolution to a picture's few:
nothing of a run is larger than what lies between the two, and a sum over channels can be made in parts, each of some of
them: to rounding the same numbers, with as much arithmetic, in about half of the memory (one run of EDSR takes 6.4 kB a
pixel at x4 in the place of 11.9).
"""
import math
from collections import Counter

import numpy as np
import onnx
from onnx import helper, numpy_helper

PARTS = 4  # with eight the runtime makes several at once, and takes more again
COLOURS = 4  # a picture has at most so many channels
OF_A_CHANNEL = {"DepthToSpace", "LeakyRelu", "PRelu", "Relu"}


def end_in_parts(model: onnx.ModelProto) -> onnx.ModelProto:
    """A copy of a graph whose last convolution, the one before it and what is done between them to every channel by itself,
    a pixel shuffle included, are made in PARTS; a graph that ends in another way is left as it is."""
    made = onnx.ModelProto()
    made.CopyFrom(model)
    nodes, sizes = list(made.graph.node), _sizes(made)
    chain = _end(nodes, sizes, [entry.name for entry in made.graph.output])
    parts = math.gcd(sizes[chain[-1].input[1]][1], PARTS) if chain else 1
    if parts == 1:
        return made
    at = nodes.index(chain[0])
    new = _in_parts(made.graph, chain, sizes, parts)
    nodes = [node for node in nodes if all(node is not old for old in chain)]
    del made.graph.node[:]
    made.graph.node.extend([*nodes[:at], *new, *nodes[at:]])
    return made


def _end(nodes: list[onnx.NodeProto], sizes: dict[str, list[int]], given: list[str]) -> list[onnx.NodeProto]:
    """[convolution, what is of each channel, ..., convolution to a picture]; [] where a graph has none, or something else
    reads what is between them. `given`: the graph's outputs."""
    makers = {name: node for node in nodes for name in node.output}
    read = Counter([name for node in nodes for name in node.input] + given)
    whole = [node for node in nodes if node.op_type == "Conv" and _group(node) == 1]
    for last in [node for node in whole if sizes.get(node.input[1], [math.inf])[0] <= COLOURS][::-1]:
        chain = [last]
        while (node := makers.get(chain[0].input[0])) is not None and read[node.output[0]] == 1:
            chain.insert(0, node)
            if node.op_type not in OF_A_CHANNEL:
                break
        shuffled = any(node.op_type == "DepthToSpace" for node in chain)
        if shuffled and chain[0] in whole and chain[0].input[1] in sizes:
            return chain
    return []


def _group(node: onnx.NodeProto) -> int:
    return next((attribute.i for attribute in node.attribute if attribute.name == "group"), 1)


def _sizes(model: onnx.ModelProto) -> dict[str, list[int]]:
    """The shape of every weight by its name, whatever it is stored as."""
    return {entry.name.removesuffix(".int8").removesuffix(".half"): list(entry.dims)
            for entry in model.graph.initializer}


def _in_parts(graph: onnx.GraphProto, chain: list[onnx.NodeProto], sizes: dict[str, list[int]],
              parts: int) -> list[onnx.NodeProto]:
    """The nodes that stand for `chain`. Weights are split by the graph, once, when a runtime loads it: so a file holds
    them under their own names."""
    first, *middle, last = chain
    made: list[onnx.NodeProto] = []

    def split(name: str, axis: int) -> list[str]:
        size = sizes[name][axis]
        if size == 1:  # a slope that all channels have
            return [name] * parts
        lengths = f"{name}.parts"
        graph.initializer.append(numpy_helper.from_array(np.full(parts, size // parts, np.int64), lengths))
        names = [f"{name}.{part}" for part in range(parts)]
        made.append(helper.make_node("Split", [name, lengths], names, f"{name}.split", axis=axis))
        return names

    def copy(node: onnx.NodeProto, part: int, inputs: list[str]) -> str:
        own = onnx.NodeProto()
        own.CopyFrom(node)
        own.name = f"{node.name}.{part}"
        del own.input[:], own.output[:]
        own.input.extend(inputs)
        own.output.append(f"{node.output[0]}.{part}")
        made.append(own)
        return own.output[0]

    weights = [split(name, 0) for name in first.input[1:]]
    slopes = {node.input[1]: split(node.input[1], 0) for node in middle if node.op_type == "PRelu"}
    final = split(last.input[1], 1)
    total = ""
    for part in range(parts):
        value = copy(first, part, [first.input[0], *(names[part] for names in weights)])
        for node in middle:
            value = copy(node, part, [value, *(slopes[name][part] for name in node.input[1:])])
        value = copy(last, part, [value, final[part], *(last.input[2:] if part == 0 else [])])
        if total:
            whole = last.output[0] if part == parts - 1 else f"{last.output[0]}.to{part}"
            made.append(helper.make_node("Add", [total, value], [whole], f"{last.name}.sum{part}"))
            value = whole
        total = value
    return made

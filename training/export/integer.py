"""A decoder whose widest products run in 8-bit integers: for the CPU, where they take half the time.

Static: the range of every layer's input is measured once, so that a pixel is the same whatever tile it is in. Weights
have seven bits: on processors without VNNI the products of two pairs are added in 16 bits, which eight would overflow.
"""
from collections.abc import Iterable

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

from ..measure.session import session

NARROWEST = 64  # inputs and outputs of a layer that is worth it
WEIGHT_PEAK = 63
INPUT_PEAK = 255
RUNTIME = "com.microsoft"  # the domain of ONNX Runtime's own operators
Feeds = dict[str, np.ndarray]


def wide_products(model: onnx.ModelProto) -> dict[str, list[onnx.NodeProto]]:
    """The MatMul nodes by the name of the wide weight [K, N] that they multiply by; one weight serves several cells."""
    weights = {i.name for i in model.graph.initializer if len(i.dims) == 2 and min(i.dims) >= NARROWEST}
    same = {n.output[0]: n.input[0] for n in model.graph.node if n.op_type == "Identity"}
    found: dict[str, list[onnx.NodeProto]] = {}
    for node in model.graph.node:
        weight = same.get(node.input[1], node.input[1]) if node.op_type == "MatMul" else None
        if weight in weights:
            found.setdefault(weight, []).append(node)
    return found


def input_ranges(model: onnx.ModelProto, products: dict[str, list[onnx.NodeProto]],
                 feeds: Iterable[Feeds]) -> dict[str, tuple[float, float]]:
    """Least and largest number that goes into each weight's products, zero included, over runs of the model."""
    probed = onnx.ModelProto()
    probed.CopyFrom(model)
    names = sorted({node.input[0] for nodes in products.values() for node in nodes})
    probed.graph.output.extend(helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in names)
    opened: onnxruntime.InferenceSession = session(probed.SerializeToString())
    ranges = {weight: (0.0, 0.0) for weight in products}
    for feed in feeds:
        values = dict(zip(names, opened.run(names, feed)))
        for weight, nodes in products.items():
            for node in nodes:
                value, (least, largest) = values[node.input[0]], ranges[weight]
                ranges[weight] = min(least, float(value.min())), max(largest, float(value.max()))
    return ranges


def in_integers(model: onnx.ModelProto, feeds: Iterable[Feeds]) -> onnx.ModelProto:
    """The decoder with its wide products in integers; `feeds` are runs that tell the ranges of what goes into them.

    A product takes its bias along (ONNX Runtime's MatMulIntegerToFloat), and needs no ReLU before it: rounding to
    numbers from 0 on is one.
    """
    products = wide_products(model)
    ranges = input_ranges(model, products, feeds)
    values = {i.name: numpy_helper.to_array(i) for i in model.graph.initializer}
    made_by = {n.output[0]: n for n in model.graph.node}
    bias_of = biases(model)
    dropped = {n.output[0] for n in model.graph.node if n.op_type == "Identity" and n.input[0] in products}
    kept = [i for i in model.graph.initializer if i.name not in products]
    replaced: dict[str, list[onnx.NodeProto]] = {}
    for weight, nodes in products.items():
        least, largest = ranges[weight]
        step = np.float32(max(largest - least, 1e-12) / INPUT_PEAK)
        peak = np.maximum(np.abs(values[weight]).max(axis=0), 1e-12).astype(np.float32) / WEIGHT_PEAK
        for ending, value in (("int7", np.round(values[weight] / peak).astype(np.int8)), ("step", peak),
                              ("inputStep", step), ("inputZero", np.uint8(round(-least / step)))):
            kept.append(numpy_helper.from_array(np.asarray(value), f"{weight}.{ending}"))
        for node in nodes:
            given = node.input[0]
            if least == 0 and given in made_by and made_by[given].op_type == "Relu":
                given = made_by[given].input[0]
            bias, result = bias_of.get(node.output[0], ("", node.output[0]))
            replaced[result] = product_nodes(given, weight, bias, result)
            dropped.add(node.output[0])
    quick = onnx.ModelProto()
    quick.CopyFrom(model)
    nodes = [new for node in model.graph.node if node.output[0] in replaced or node.output[0] not in dropped
             for new in replaced.get(node.output[0], [node])]
    del quick.graph.initializer[:], quick.graph.node[:]
    quick.graph.initializer.extend(kept)
    quick.graph.node.extend(used(nodes, {o.name for o in model.graph.output}))
    quick.opset_import.append(helper.make_opsetid(RUNTIME, 1))
    onnx.checker.check_model(quick)
    return quick


def biases(model: onnx.ModelProto) -> dict[str, tuple[str, str]]:
    """Of every result that goes only into an Add of a weight: (that weight, the sum)."""
    weights = {i.name for i in model.graph.initializer}
    readers: dict[str, list[onnx.NodeProto]] = {}
    for node in model.graph.node:
        for name in node.input:
            readers.setdefault(name, []).append(node)
    found = {}
    for name, (first, *more) in readers.items():
        if first.op_type == "Add" and not more:
            (other,) = [i for i in first.input if i != name] or [""]
            if other in weights:
                found[name] = other, first.output[0]
    return found


def product_nodes(given: str, weight: str, bias: str, result: str) -> list[onnx.NodeProto]:
    """Round `given` to 8 bits, multiply in integers, scale back, add the bias."""
    step, zero = f"{weight}.inputStep", f"{weight}.inputZero"
    inputs = [f"{result}.rounded", f"{weight}.int7", step, f"{weight}.step", zero, "", bias]
    return [
        helper.make_node("QuantizeLinear", [given, step, zero], [f"{result}.rounded"]),
        helper.make_node("MatMulIntegerToFloat", inputs[: 7 if bias else 5], [result], domain=RUNTIME),
    ]


def used(nodes: list[onnx.NodeProto], wanted: set[str]) -> list[onnx.NodeProto]:
    """The nodes that the wanted results come from, in their order."""
    kept = []
    for node in reversed(nodes):
        if any(name in wanted for name in node.output):
            kept.append(node)
            wanted = wanted | set(node.input)
    return kept[::-1]

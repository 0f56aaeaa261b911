"""Writing one ONNX file: names kept, constants folded, int8 and half-precision storage."""
import io
import json
import warnings
from collections.abc import Callable

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn

from ..architectures.matching import squeezed
from .parts import end_in_parts

OPSET = 17
FOLDED_AT_MOST = 1024  # numbers of a parameter that is kept beside the graph


def to_onnx(module: nn.Module, channels: int) -> onnx.ModelProto:
    """The module as a graph `input` [1, C, H, W] -> `output`, H and W free, initializers under parameter names; its end in
    parts."""
    free = {"input": {2: "height", 3: "width"}, "output": {2: "outHeight", 3: "outWidth"}}
    return end_in_parts(graph_of(module, {"input": torch.rand(1, channels, 24, 28)}, free))


def graph_of(module: nn.Module, inputs: dict[str, Tensor], free: dict[str, dict[int, str]],
             outputs: tuple[str, ...] = ("output",)) -> onnx.ModelProto:
    """The module as a graph of named inputs (in the order of its forward) and outputs; `free` axes have no fixed size.
    Initializers keep the parameters' names, those of a submodule `inner` without it."""
    buffer = io.BytesIO()
    module = module.float().eval().to(memory_format=torch.contiguous_format)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # this exporter is the one that keeps parameter names
        torch.onnx.export(module, tuple(inputs.values()), buffer, dynamo=False, opset_version=OPSET,
                          input_names=list(inputs), output_names=list(outputs), dynamic_axes=free)
    model = onnx.load_from_string(buffer.getvalue())
    model.producer_name, model.producer_version, model.doc_string = "enlarger", "", ""
    for node in model.graph.node:
        node.doc_string = ""
    _restore_names(model, module)
    onnx.checker.check_model(model, full_check=True)
    return model


def _restore_names(model: onnx.ModelProto, module: nn.Module) -> None:
    """Give folded initializers (PReLU's slopes get broadcast axes, linear layers are transposed) their parameter's name
    back, `NAME.turned` where transposed; parameters that were folded into others are kept beside the graph."""
    state = {name: tensor.detach().cpu().numpy() for name, tensor in module.state_dict().items()}
    missing = {name: value for name, value in state.items() if name not in {i.name for i in model.graph.initializer}}
    renamed = {}
    for initializer in model.graph.initializer:
        name = initializer.name
        if name not in state:
            found, turned = _parameter_of(numpy_helper.to_array(initializer), missing)
            if not found:
                continue
            del missing[found]
            name = f"{found}.turned" if turned else found
        renamed[initializer.name] = initializer.name = name.removeprefix("inner.")
        renamed[name] = initializer.name
    for node in model.graph.node:
        for slot, name in enumerate(node.input):
            node.input[slot] = renamed.get(name, name)
    for name, value in missing.items():
        plain = name.removeprefix("inner.")
        if value.size <= FOLDED_AT_MOST and _is_part(plain, model):
            entry = model.metadata_props.add()
            entry.key, entry.value = plain, json.dumps(value.tolist())


def _is_part(name: str, model: onnx.ModelProto) -> bool:
    """Whether another parameter of the same submodule is in the graph: what a graph does not use, it need not keep."""
    part = name.removeprefix("inner.").split(".")[0]
    return any(i.name.split(".")[0] == part for i in model.graph.initializer)


def _parameter_of(value: np.ndarray, missing: dict[str, np.ndarray]) -> tuple[str, bool]:
    """(name of the parameter that an initializer holds or "", whether transposed)."""
    for name, tensor in missing.items():
        if value.size != tensor.size:
            continue
        same = squeezed(torch.tensor(value)) == squeezed(torch.tensor(tensor))
        if same and np.array_equal(value.ravel(), tensor.ravel()):
            return name, False
        if value.ndim == 2 == tensor.ndim and value.shape == tensor.T.shape and np.array_equal(value, tensor.T):
            return name, True
    return "", False


FEWEST = 64  # numbers; a weight of no more is left as it is
FEWEST_IN_INT8 = 4096  # a network's first and last convolutions are smaller, and int8 costs most there
INT8_PEAK = 127
# Rounding error of a kernel in int8, as a share of its norm, above which it is halved instead. Of SRResNet two kernels are
# above it (1.3 and 3.3 %): with one of them in int8 it lost 0.26 dB, with neither nothing.
COARSEST = 0.012
COARSEST_OF_TWO = 0.02  # the same where two models share their steps, which are coarse for the one with smaller weights
Store = Callable[[onnx.ModelProto], onnx.ModelProto]
Stored = tuple[list[onnx.TensorProto], list[onnx.NodeProto]]


def _stored_anew(model: onnx.ModelProto, store: Callable[[str, np.ndarray], Stored | None]) -> onnx.ModelProto:
    """A copy of the model in which `store(name, value)` says of every float32 weight what stands for it: initializers,
    and nodes that make NAME of them (the runtime folds these when it loads the file). None: it stays."""
    small = onnx.ModelProto()
    small.CopyFrom(model)
    kept, made = [], []
    for initializer in small.graph.initializer:
        value = numpy_helper.to_array(initializer)
        is_large = value.dtype == np.float32 and value.size > FEWEST
        initializers, nodes = (store(initializer.name, value) if is_large else None) or ([initializer], [])
        kept += initializers
        made += nodes
    nodes = list(small.graph.node)
    del small.graph.initializer[:], small.graph.node[:]
    small.graph.initializer.extend(kept)
    small.graph.node.extend(made + nodes)
    onnx.checker.check_model(small)
    return small


def halve_storage(model: onnx.ModelProto) -> onnx.ModelProto:
    """Store float32 weights as float16 `NAME.half` with a Cast back to NAME: half the file, float32 arithmetic."""
    return _stored_anew(model, _halved)


def _halved(name: str, value: np.ndarray) -> Stored:
    cast = helper.make_node("Cast", [f"{name}.half"], [name], f"{name}.widen", to=TensorProto.FLOAT)
    return [numpy_helper.from_array(value.astype(np.float16), f"{name}.half")], [cast]


def quantise_storage(model: onnx.ModelProto, beside: onnx.ModelProto | None = None) -> onnx.ModelProto:
    """Store large float32 matrices and kernels as int8 `NAME.int8` and a float32 `NAME.step` an output channel, with
    NAME = int8 * step: a quarter of the file, float32 arithmetic. Those whose few large numbers would leave the others
    too coarse are halved.

    `beside`: a model of the same structure that is stored alike: both get the same steps, so that one can go between
    their int8 numbers.
    """
    others = {} if beside is None else {i.name: numpy_helper.to_array(i) for i in beside.graph.initializer}

    def quantised(name: str, value: np.ndarray) -> Stored | None:
        if value.ndim < 2 or value.size < FEWEST_IN_INT8:
            return None
        output = 1 if name.endswith(".turned") else 0
        rest = tuple(axis for axis in range(value.ndim) if axis != output)
        both = [value, others.get(name, value)]
        peak = np.maximum(*(np.abs(one).max(axis=rest, keepdims=True) for one in both))
        step = np.where(peak > 0, peak / INT8_PEAK, 1).astype(np.float32)
        if max(rounding_error(one, step) for one in both) > (COARSEST_OF_TWO if others else COARSEST):
            return _halved(name, value)
        initializers = [numpy_helper.from_array(np.round(value / step).astype(np.int8), f"{name}.int8"),
                        numpy_helper.from_array(step, f"{name}.step")]
        cast = helper.make_node("Cast", [f"{name}.int8"], [f"{name}.wide"], f"{name}.widen", to=TensorProto.FLOAT)
        return initializers, [cast, helper.make_node("Mul", [f"{name}.wide", f"{name}.step"], [name], f"{name}.scale")]

    return _stored_anew(model, quantised)


def rounding_error(value: np.ndarray, step: np.ndarray) -> float:
    """What rounding to multiples of `step` changes, as a share of the norm."""
    return float(np.linalg.norm(np.round(value / step) * step - value) / max(np.linalg.norm(value), 1e-12))

"""Writing one ONNX file: names kept, constants folded, half-precision storage, and running it again."""
import io
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import nn

from .weights import squeezed

OPSET = 17


def to_onnx(module: nn.Module, channels: int) -> onnx.ModelProto:
    """The module as a graph `input` [1, C, H, W] -> `output`, H and W free, initializers under parameter names."""
    buffer = io.BytesIO()
    free = {"input": {2: "height", 3: "width"}, "output": {2: "outHeight", 3: "outWidth"}}
    module = module.float().eval().to(memory_format=torch.contiguous_format)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # this exporter is the one that keeps parameter names
        torch.onnx.export(module, (torch.rand(1, channels, 24, 28),), buffer, dynamo=False, opset_version=OPSET,
                          input_names=["input"], output_names=["output"], dynamic_axes=free)
    model = onnx.load_from_string(buffer.getvalue())
    model.producer_name, model.producer_version, model.doc_string = "enlarger", "", ""
    for node in model.graph.node:
        node.doc_string = ""
    _restore_names(model, module)
    onnx.checker.check_model(model, full_check=True)
    return model


def _restore_names(model: onnx.ModelProto, module: nn.Module) -> None:
    """Give folded initializers (PReLU's slopes get broadcast axes) their parameter's name back."""
    state = {name: tensor.detach().cpu().numpy() for name, tensor in module.state_dict().items()}
    missing = {name: value for name, value in state.items() if name not in {i.name for i in model.graph.initializer}}
    renamed = {}
    for initializer in model.graph.initializer:
        if initializer.name in state:
            continue
        value = numpy_helper.to_array(initializer)
        for name, tensor in missing.items():
            same = value.size == tensor.size and squeezed(torch.tensor(value)) == squeezed(torch.tensor(tensor))
            if same and np.array_equal(value.ravel(), tensor.ravel()):
                renamed[initializer.name] = name
                initializer.name = name
                del missing[name]
                break
    for node in model.graph.node:
        for slot, name in enumerate(node.input):
            node.input[slot] = renamed.get(name, name)


def halve_storage(model: onnx.ModelProto) -> onnx.ModelProto:
    """Store float32 weights of more than 64 numbers as float16 `NAME.half` with a Cast back to NAME: half the file,
    float32 arithmetic (the runtime folds the Casts when it loads the file)."""
    small = onnx.ModelProto()
    small.CopyFrom(model)
    kept, casts = [], []
    for initializer in small.graph.initializer:
        value = numpy_helper.to_array(initializer)
        if value.dtype != np.float32 or value.size <= 64:
            kept.append(initializer)
            continue
        name = initializer.name
        kept.append(numpy_helper.from_array(value.astype(np.float16), f"{name}.half"))
        casts.append(helper.make_node("Cast", [f"{name}.half"], [name], f"{name}.widen", to=TensorProto.FLOAT))
    nodes = list(small.graph.node)
    del small.graph.initializer[:], small.graph.node[:]
    small.graph.initializer.extend(kept)
    small.graph.node.extend(casts + nodes)
    onnx.checker.check_model(small)
    return small


def session_runner(source: Path | bytes, threads: int = 1) -> Callable[[np.ndarray], np.ndarray]:
    """An ONNX file as a function of its `input`, on the CPU."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    given = source if isinstance(source, bytes) else str(source)
    session = onnxruntime.InferenceSession(given, options, providers=["CPUExecutionProvider"])
    return lambda x: session.run(["output"], {"input": x})[0]

"""Running an ONNX file."""
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnxruntime


def session(source: Path | bytes, threads: int = 1) -> onnxruntime.InferenceSession:
    """An ONNX file on the CPU."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    given = source if isinstance(source, bytes) else str(source)
    return onnxruntime.InferenceSession(given, options, providers=["CPUExecutionProvider"])


def session_runner(source: Path | bytes, threads: int = 1) -> Callable[[np.ndarray], np.ndarray]:
    """An ONNX file as a function of its `input`, on the CPU."""
    opened = session(source, threads)
    return lambda x: opened.run(["output"], {"input": x})[0]

"""What a manifest says of two files between whose weights `strength` goes (src/shared/manifest.ts, `blend`)."""
import hashlib

import numpy as np
import onnx
from onnx import TensorProto

KINDS = {"float32": TensorProto.FLOAT, "float16": TensorProto.FLOAT16, "int8": TensorProto.INT8}


def runs(mask: np.ndarray) -> list[tuple[int, int]]:
    """(start, length) of every run of True."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], mask.astype(np.int8), [0]])))
    return [(int(start), int(end - start)) for start, end in edges.reshape(-1, 2)]


def weight_ranges(content: bytes) -> list[dict]:
    """Where the weights lie in an ONNX file, in bytes.

    Found without reading the file's own structure: the same model with every bit of its weights turned over differs
    from it exactly there.
    """
    plain = onnx.load_from_string(content)
    if plain.SerializeToString() != content:
        raise ValueError("expected a file as this library writes it; export the model again")
    found = []
    for kind, number in KINDS.items():
        turned = onnx.ModelProto()
        turned.CopyFrom(plain)
        for tensor in turned.graph.initializer:
            if tensor.data_type == number:
                tensor.raw_data = (~np.frombuffer(tensor.raw_data, np.uint8)).tobytes()
        other = np.frombuffer(turned.SerializeToString(), np.uint8)
        differs = np.frombuffer(content, np.uint8) != other
        found += [{"offset": start, "bytes": length, "type": kind} for start, length in runs(differs)]
    return sorted(found, key=lambda part: part["offset"])


def blend_entry(name: str, first: bytes, second: bytes) -> dict:
    """`blend` of the entry on `first`: the second file's `name`, its sum, and the weights' places in both.

    Both must be of one structure and hold their weights alike, as two exports of one architecture do.
    """
    ranges = weight_ranges(first)
    if len(first) != len(second) or ranges != weight_ranges(second):
        raise ValueError(f"{name} is not laid out as the file that it is to be blended with; export both alike")
    rest = np.ones(len(first), bool)
    for part in ranges:
        rest[part["offset"] : part["offset"] + part["bytes"]] = False
    if not np.array_equal(*(np.frombuffer(content, np.uint8)[rest] for content in (first, second))):
        raise ValueError(f"{name} differs in more than its weights from the file that it is to be blended with")
    return {"file": name, "sha256": hashlib.sha256(second).hexdigest(), "ranges": ranges}

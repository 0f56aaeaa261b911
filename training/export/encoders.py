"""Encoders that several methods share: `python -m training.export.encoders [--remove]` lists those in
resources/encoders that no manifest names, or takes them away.

A file is named by its contents and never written over, so that none is swapped under decoders that were trained on
another; a manifest names the one that its decoder was trained on.
"""
import argparse
import hashlib
import json
from pathlib import Path
from typing import NamedTuple

import onnx
import torch
from torch import Tensor, nn

from .. import paths
from ..learning.weights import onnx_weights
from .files import write_file
from .onnxfile import quantise_storage

NAME = "edsr-baseline"  # of the architecture, before the dash and the sum


class Encoder(NamedTuple):
    """A file of resources/encoders and what is in it, whether it lies there yet or not."""

    file: str
    content: bytes

    @property
    def sha256(self) -> str:
        """What the file adds up to."""
        return hashlib.sha256(self.content).hexdigest()

    def write(self) -> None:
        """Put it where manifests look for it, unless it is there."""
        path = paths.ENCODERS / self.file
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            write_file(path, self.content)


def encoder_file(module: nn.Module, graph: onnx.ModelProto) -> Encoder:
    """The file of a module's encoder, whose graph this is: one that is there and holds the same weights, or a new
    one in int8."""
    new = quantise_storage(graph).SerializeToString()
    wanted = [dict(module.state_dict()), onnx_weights(new)]
    for path in sorted(paths.ENCODERS.glob(f"{NAME}-*.onnx")):
        stored = onnx_weights(path)
        if any(alike(stored, weights) for weights in wanted):
            return Encoder(path.name, path.read_bytes())
    return Encoder(f"{NAME}-{hashlib.sha256(new).hexdigest()[:8]}.onnx", new)


def alike(one: dict[str, Tensor], other: dict[str, Tensor]) -> bool:
    """Whether these are the same numbers under the same names."""
    return one.keys() == other.keys() and all(torch.equal(value, other[name]) for name, value in one.items())


def unused_encoders() -> list[Path]:
    """Shared encoders that no manifest names."""
    named = set()
    for path in paths.MODELS.glob("*/manifest.json"):
        source = json.loads(path.read_text()).get("implicit", {}).get("source", [])
        named |= {entry["file"] for entry in source if entry.get("shared")}
    return [path for path in sorted(paths.ENCODERS.glob("*.onnx")) if path.name not in named]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--remove", action="store_true")
    wanted = parser.parse_args()
    for path in unused_encoders():
        if wanted.remove:
            path.unlink()
        print(f"{path.name}: no manifest names it{', removed' if wanted.remove else ''}")


if __name__ == "__main__":
    main()

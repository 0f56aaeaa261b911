"""A network as it is inside a photo, on a picture that is smaller than what it reads."""
from collections.abc import Iterator
from contextlib import contextmanager

from torch import nn


@contextmanager
def edgeless(module: nn.Module) -> Iterator[None]:
    """Convolutions repeat the edge instead of seeing nothing beyond it: of a picture of one colour every position then
    is what it is far from any edge, however few there are."""
    padded = [layer for layer in module.modules() if isinstance(layer, nn.Conv2d) and any(layer.padding)]
    before = [layer.padding_mode for layer in padded]
    try:
        for layer in padded:
            layer.padding_mode = "replicate"
        yield
    finally:
        for layer, mode in zip(padded, before):
            layer.padding_mode = mode

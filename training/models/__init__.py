"""One architecture a file. `build(arch, scale, **sizes)` makes the module of a config."""
from importlib import import_module

from torch import nn


def build(arch: str, scale: int, **sizes) -> nn.Module:
    """The network `Net` of `training/models/<arch>.py`, [N, C, H, W] -> [N, C, H*scale, W*scale] in [0, 1].

    Pre-upsampling architectures take the picture at its final size and ignore `scale`.
    """
    return import_module(f".{arch}", __name__).Net(scale=scale, **sizes)


def build_together(arch: str, scales: tuple[int, ...], **sizes) -> nn.Module:
    """`Together` of the architecture: one set of weights for several scales, called as module(x, scale)."""
    return import_module(f".{arch}", __name__).Together(scales=scales, **sizes)

"""One architecture a file. `build(arch, scale, **sizes)` makes the module of a config.

A file has a class `Net(scale, ...)` of one scale, or a class `Together(scales, ...)` of one set of weights for several
scales, which for one scale is the network of that scale with the same parameter names.
"""
from importlib import import_module

from torch import nn

from ..config import Config


def build(arch: str, scale: int, **sizes) -> nn.Module:
    """The network of `training/architectures/<arch>.py` for one scale, [N, C, H, W] -> [N, C, H*scale, W*scale] in [0, 1].

    Pre-upsampling architectures take the picture at its final size and ignore `scale`.
    """
    architecture = import_module(f".{arch}", __name__)
    if hasattr(architecture, "Net"):
        return architecture.Net(scale=scale, **sizes)
    return architecture.Together(scales=(scale,), **sizes)


def build_together(arch: str, scales: tuple[int, ...], **sizes) -> nn.Module:
    """`Together` of the architecture: one set of weights for several scales, called as module(x, scale)."""
    return import_module(f".{arch}", __name__).Together(scales=scales, **sizes)


def build_any_scale(arch: str, **sizes) -> nn.Module:
    """The any-scale network of `training/architectures/<arch>.py`: it has encode, decode and a base."""
    return import_module(f".{arch}", __name__).Net(**sizes)


def built(config: Config, scales: tuple[int, ...] = ()) -> nn.Module:
    """The untrained network of a config: for `scales` (all of its own by default) where it is trained for several
    together, else for the first of them; any-scale ones have none."""
    if config.kind == "implicit":
        return build_any_scale(config.arch, **config.sizes)
    scales = scales or config.scales
    if config.together:
        return build_together(config.arch, scales, **config.sizes)
    return build(config.arch, scales[0], **config.sizes)

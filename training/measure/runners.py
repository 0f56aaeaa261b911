"""Modules as functions of arrays, as files are run: float32, no gradients, whole pictures."""
import numpy as np
import torch
from torch import Tensor, nn

from ..kernels.base import bicubic_base
from ..kernels.positions import axis, blend, cell
from .enlarge import Run

STRIP = 96  # output rows decoded at once: an MLP's numbers for a whole picture would not fit into memory


def torch_runner(module: nn.Module, scale: int, together: bool, device: str = "cpu") -> Run:
    """A module as the `run` of `enlarge`: float32, no gradients."""

    @torch.no_grad()
    def run(x: np.ndarray) -> np.ndarray:
        tensor = torch.from_numpy(x).to(device)
        return (module(tensor, scale) if together else module(tensor)).float().cpu().numpy()

    return run


def controls(module: nn.Module, values: dict[str, float]) -> list[Tensor]:
    """The tensors [1] of the controls a module has, by its order."""
    return [torch.tensor([values[name]]) for name in module.controls]


def module_runner(module: nn.Module, scale: float, values: dict[str, float]):
    """A module at a scale as a function of float32 arrays [1, 3, h, w] -> [1, 3, round(h s), round(w s)]."""

    @torch.no_grad()
    def run(x: np.ndarray) -> np.ndarray:
        image = torch.from_numpy(np.ascontiguousarray(x))
        size = tuple(int(n * scale + 0.5) for n in image.shape[2:])
        features = module.encode(image)
        rows, columns = (axis(n, out, scale) for n, out in zip(image.shape[2:], size))
        strips = []
        for top in range(0, size[0], STRIP):
            part = rows.pick(torch.arange(top, min(top + STRIP, size[0])))
            strip = module.decode(features, part, columns, cell((scale, scale)), *controls(module, values))
            strips.append(strip + (blend(image, part, columns) if module.base == "bilinear" else 0))
        whole = torch.cat(strips, dim=2)
        if module.base == "bicubic":
            whole = whole + bicubic_base(image, size, (scale, scale))
        return whole.numpy()

    return run

"""Modules as functions of arrays, as files are run: float32, no gradients, whole pictures."""
import numpy as np
import torch
from torch import Tensor, nn

from ..kernels.base import bicubic_base
from ..kernels.positions import axis, blend, cell
from .enlarge import MARGIN, Run, mirrored

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
    device = next(module.parameters()).device
    return [torch.tensor([values[name]], device=device) for name in module.controls]


def module_runner(module: nn.Module, scale: float, values: dict[str, float]):
    """A module, wherever it lies, at a scale as a function of float32 arrays [1, 3, h, w] -> [1, 3, round(h s),
    round(w s)], mirrored around its border."""
    device = next(module.parameters()).device

    @torch.no_grad()
    def run(x: np.ndarray) -> np.ndarray:
        image = torch.from_numpy(np.ascontiguousarray(x)).to(device)
        size = tuple(int(n * scale + 0.5) for n in image.shape[2:])
        features = module.encode(torch.from_numpy(mirrored(x)).to(device))
        rows, columns = (axis(n, out, scale, MARGIN).to(image) for n, out in zip(image.shape[2:], size))
        own = [axis(n, out, scale).to(image) for n, out in zip(image.shape[2:], size)]
        mesh, turned = cell((scale, scale)).to(image), controls(module, values)
        strips = []
        for top in range(0, size[0], STRIP):
            chosen = torch.arange(top, min(top + STRIP, size[0]), device=device)
            strip = module.decode(features, rows.pick(chosen), columns, mesh, *turned)
            strips.append(strip + (blend(image, own[0].pick(chosen), own[1]) if module.base == "bilinear" else 0))
        whole = torch.cat(strips, dim=2)
        if module.base == "bicubic":
            whole = whole + bicubic_base(image, size, (scale, scale))
        return whole.float().cpu().numpy()

    return run

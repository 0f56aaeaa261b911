"""A training run of an any-scale method."""
from functools import lru_cache
from importlib import import_module

import numpy as np
import torch
from torch import Tensor, nn

from ..data.patches import Patches
from ..resize import dense
from ..run import Run
from .pairs import AnyScalePairs, Batch
from .positions import axis, blend, cell, picked

STRIP = 96  # output rows decoded at once: an MLP's numbers for a whole picture would not fit into memory


@lru_cache(maxsize=256)
def enlarging(size: int, out: int, scale: float) -> Tensor:
    """The reference bicubic enlargement of one axis, float32 [out, size]."""
    return torch.from_numpy(dense(size, out, scale)).float()


def bicubic_base(image: Tensor, size: tuple[int, int], scale: tuple[float, float]) -> Tensor:
    """The reference bicubic enlargement [N, 3, *size] by dense products."""
    down, across = (enlarging(*axis).to(image) for axis in zip(image.shape[2:], size, scale))
    return down @ image @ across.T


def controls(module: nn.Module, values: dict[str, float]) -> list[Tensor]:
    """The tensors [1] of the controls a module has, by its order."""
    return [torch.tensor([values[name]]) for name in module.controls]


class ImplicitRun(Run):
    """One set of weights for any scale; `module` has encode, decode, base and perhaps its own loss."""

    def build(self) -> nn.Module:
        return import_module(f"..models.{self.config.arch}", __package__).Net(**self.config.sizes)

    def pairing(self, patches: Patches) -> AnyScalePairs:
        recipe = self.recipe
        return AnyScalePairs(patches, recipe.points, recipe.upper, recipe.exact_scales, recipe.beyond)

    def features(self, low: Tensor) -> Tensor:
        """What the source graphs make of a batch."""
        return self.module.encode(low)

    def batch(self) -> Batch:
        """A new batch on the device."""
        drawn = self.pairs.draw(self.recipe.batch, self.recipe.patch)
        low = drawn.low.to(self.device).contiguous(memory_format=self.format)
        return drawn._replace(low=low, truth=drawn.truth.to(self.device), rows=drawn.rows.to(low),
                              columns=drawn.columns.to(low), cell=drawn.cell.to(low))

    def loss(self, half: bool, fraction: float) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        batch = self.batch()
        with torch.autocast(self.device, torch.bfloat16, enabled=half):
            features = self.features(batch.low)
        if hasattr(self.module, "loss"):
            with torch.autocast(self.device, torch.bfloat16, enabled=half):
                loss = self.module.loss(features, batch)
            return loss, (loss, loss)
        with torch.autocast(self.device, torch.bfloat16, enabled=half and self.module.base != "bicubic"):
            result = self.module.decode(features, batch.rows, batch.columns, batch.cell)
        result = result.float() + self.base(batch)
        return self.objective.generator(result, batch.truth, fraction), (result, batch.truth)

    def base(self, batch: Batch) -> Tensor | float:
        """What the decoder's result is added to at the chosen pixels."""
        if self.module.base == "none":
            return 0.0
        if self.module.base == "bilinear":
            return blend(batch.low, batch.rows, batch.columns)
        whole = bicubic_base(batch.low, tuple(batch.whole.shape[2:]), (batch.scale, batch.scale))
        return picked(whole, batch.chosen)

    def runner(self, scale: int):
        return module_runner(self.module, float(scale), self.config.standing())


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

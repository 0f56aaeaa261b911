"""A training run of an any-scale method."""
import torch
from torch import Tensor, nn

from ..architectures import build_any_scale
from ..data.implicit_pairs import AnyScalePairs, Batch
from ..data.patches import Patches
from ..data.resident import ResidentAnyScalePairs, ResidentPatches
from ..kernels.base import bicubic_base
from ..kernels.positions import blend, picked
from ..measure.runners import module_runner
from .run import Run


class ImplicitRun(Run):
    """One set of weights for any scale; `module` has encode, decode, base and perhaps its own loss."""

    def build(self) -> nn.Module:
        return build_any_scale(self.config.arch, **self.config.sizes)

    def pairing(self, patches: Patches | ResidentPatches) -> AnyScalePairs:
        recipe = self.recipe
        if isinstance(patches, ResidentPatches):
            return ResidentAnyScalePairs(patches, recipe.points, recipe.upper, recipe.exact_scales, recipe.beyond)
        return AnyScalePairs(patches, recipe.points, recipe.upper, recipe.exact_scales, recipe.beyond,
                             self.config.degrade)

    def features(self, low: Tensor) -> Tensor:
        """What the source graphs make of a batch."""
        return self.module.encode(low)

    def batch(self, fraction: float) -> Batch:
        """A new batch on the device."""
        drawn = self.pairs.draw(self.batch_at(fraction), self.recipe.patch)
        low = drawn.low.to(self.device).contiguous(memory_format=self.format)
        chosen = tuple(places.to(self.device) for places in drawn.chosen)
        return drawn._replace(low=low, truth=drawn.truth.to(self.device), rows=drawn.rows.to(low), chosen=chosen,
                              columns=drawn.columns.to(low), cell=drawn.cell.to(low), whole=drawn.whole.to(self.device))

    def loss(self, half: bool, fraction: float) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        batch = self.batch(fraction)
        with torch.autocast(self.kind, torch.bfloat16, enabled=half):
            features = self.features(batch.low)
        if hasattr(self.module, "loss"):
            with torch.autocast(self.kind, torch.bfloat16, enabled=half):
                loss = self.module.loss(features, batch)
            return loss, (loss, loss)
        with torch.autocast(self.kind, torch.bfloat16, enabled=half and self.module.base != "bicubic"):
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

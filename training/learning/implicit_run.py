"""A training run of an any-scale method."""
import torch
from torch import Tensor

from ..architectures.edgeless import edgeless
from ..data.ahead import AnyScalePairsAhead, any_scale_pairs
from ..data.flats import flat_colours
from ..data.implicit_pairs import AnyScalePairs, Batch, window
from ..data.patches import Patches
from ..data.resident import ResidentAnyScalePairs, ResidentPatches
from ..kernels.base import bicubic_base
from ..kernels.positions import axis, blend, cell, picked
from ..measure.runners import module_runner
from .run import Run

FLATS = 32  # colours a step
FLAT_SIDE = 8  # their pixels a side: one window of LIIFusion's attention
FLAT_POINTS = 6  # rows and columns of output pixels asked for


class ImplicitRun(Run):
    """One set of weights for any scale; `module` has encode, decode, base and perhaps its own loss."""

    can_capture = False  # every scale is a shape of its own

    def pairing(self, patches: Patches | ResidentPatches) -> AnyScalePairs | AnyScalePairsAhead:
        recipe = self.recipe
        if isinstance(patches, ResidentPatches):
            return ResidentAnyScalePairs(patches, recipe.points, recipe.upper, recipe.exact_scales, recipe.beyond)
        if self.workers and self.config.degrade:
            return AnyScalePairsAhead(self.config, patches, self.workers)
        return any_scale_pairs(self.config, patches)

    def features(self, low: Tensor) -> Tensor:
        """What the source graphs make of a batch."""
        return self.module.encode(low)

    def batch(self, fraction: float) -> Batch:
        """A new batch on the device."""
        drawn = self.pairs.draw(self.batch_at(fraction), self.recipe.patch)
        low = drawn.low.to(self.device).contiguous(memory_format=self.format)
        chosen = tuple(places.to(self.device) for places in drawn.chosen)
        return drawn._replace(low=low, truth=drawn.truth.to(self.device), rows=drawn.rows.to(low), chosen=chosen,
                              columns=drawn.columns.to(low), cell=drawn.cell.to(low), whole=drawn.whole.to(self.device),
                              grain=None if drawn.grain is None else drawn.grain.to(low))

    def loss(self, batch: Batch, half: bool, fraction: float) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        loss, pair = self.picture_loss(batch, half, fraction)
        return (loss + self.recipe.flat * self.flat_loss(batch, fraction) if self.recipe.flat else loss), pair

    def flat_loss(self, batch: Batch, fraction: float) -> Tensor:
        """The mean distance from flat colours to what they become, at a scale between 1 and the largest trained one. A
        network without a base must make every level itself, and hardly meets one that fills all that it sees."""
        random = self.pairs.patches.random
        colours = torch.from_numpy(flat_colours(random, FLATS)).to(batch.low)[:, :, None, None] / 255
        size = round(FLAT_SIDE * random.uniform(1, self.recipe.upper))
        full = axis(FLAT_SIDE, size, size / FLAT_SIDE).to(colours)
        rows, columns = (full.pick(torch.from_numpy(random.choice(size, FLAT_POINTS)).to(self.device)) for _ in range(2))
        values = [torch.full((1,), float(random.random())).to(colours) for _ in self.module.controls]
        features = self.flat_features(colours.expand(-1, -1, FLAT_SIDE, FLAT_SIDE), batch, fraction)
        result = self.module.decode(features, rows, columns, cell((size / FLAT_SIDE,) * 2).to(colours), *values)
        return (result + (0 if self.module.base == "none" else colours) - colours).abs().mean()

    def flat_features(self, flats: Tensor, batch: Batch, fraction: float) -> Tensor:
        """What the source graphs make of flat places [FLATS, 3, FLAT_SIDE, FLAT_SIDE] far from any edge."""
        with edgeless(self.module):
            return self.features(flats)

    def picture_loss(self, batch: Batch, half: bool, fraction: float) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        """As `loss`, of the pictures alone."""
        if self.recipe.adversarial or self.recipe.content:
            batch = window(batch, self.recipe.points, self.pairs.patches.random)
        with torch.autocast(self.kind, torch.bfloat16, enabled=half):
            features = self.features(batch.low)
        if hasattr(self.module, "loss"):
            with torch.autocast(self.kind, torch.bfloat16, enabled=half):
                loss = self.module.loss(features, batch)
            return loss, (loss, loss)
        values = [torch.full((1,), self.turned(name)).to(batch.low) for name in self.module.controls]
        with torch.autocast(self.kind, torch.bfloat16, enabled=half and self.module.base != "bicubic"):
            result = self.module.decode(features, batch.rows, batch.columns, batch.cell, *values)
        result, truth = result.float() + self.base(batch), self.truth(batch, values)
        with torch.autocast(self.kind, torch.bfloat16, enabled=half and self.objective.opponent is not None):
            return self.objective.generator(result, truth, fraction), (result, truth)

    def turned(self, control: str) -> float:
        """Where a control of the decoder stands for this batch: `strength` where it stands for all that its head makes,
        which is what learns; `denoise` at either end every other time, else between, and at 1 where strength learns."""
        random = self.pairs.patches.random
        if control == "strength":
            return 1 / self.module.ends["strength"]
        if control == "denoise" and "strength" in self.module.controls:
            return 1.0
        if control != "denoise" or self.pairs.degrade is None:
            raise SystemExit(f"{self.task}: the control {control} has nothing to learn from; there is `denoise`, with "
                             "`degrade` in the config")
        return float(random.integers(2)) if random.random() < 0.5 else float(random.random())

    def truth(self, batch: Batch, values: list[Tensor]) -> Tensor:
        """What the result is held against: with `denoise` below 1, with that share of the grain still on it."""
        if not values or batch.grain is None:
            return batch.truth
        grain = bicubic_base(batch.grain, tuple(batch.whole.shape[2:]), (batch.scale, batch.scale))
        return batch.truth + (1 - values[0]) * picked(grain, batch.chosen)

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

"""LIIFusion's training: which vector conditions the decoder, what learns when, and the losses beside the pictures'."""
import torch
from torch import Tensor

from ..architectures.edgeless import edgeless
from ..architectures.liifusion import Net
from ..architectures.prior_encoder import SIZE, resampled
from ..data.implicit_pairs import Batch, window
from .implicit_run import ImplicitRun

DIFFUSION = 0.05  # weight of the distance of foreseen and known priors
CONDITION_FROM = 0.6  # of a run of stage 1: from here on only the condition path learns


def known_prior(net: Net, batch: Batch) -> Tensor:
    """z_0 [N, SIZE]: what the prior encoder makes of the LR and HR patches."""
    size = net.prior_encoder.FOLD * batch.low.shape[2]
    return net.prior_encoder(batch.low, resampled(batch.whole.to(batch.low), (size, size)))


def conditioning(known: Tensor, foreseen: Tensor, share: float) -> Tensor:
    """Priors [N, SIZE] of stage 1: the first `share` of the samples as foreseen (which learns nothing by it)."""
    count = round(share * known.shape[0])
    return torch.cat([foreseen[:count].detach(), known[count:]])


def distance(known: Tensor, foreseen: Tensor, other: Tensor, varied: float) -> Tensor:
    """L_diff of priors [N, SIZE] against two that were foreseen from different noise: the mean distance to the known
    less `varied` half of their own. 0 is as published: least where both are the median, whatever the noise. 1 is the
    energy score (Gneiting, Raftery 2007) of every number: least where they are spread as the known priors are."""
    far = ((foreseen - known).abs().mean() + (other - known).abs().mean()) / 2
    return far - varied / 2 * (foreseen - other).abs().mean()


class FusionRun(ImplicitRun):
    """Stage 1 of a run: until CONDITION_FROM the decoder learns with the known prior while the condition path learns
    to foresee it; then the condition path learns alone, by the picture too. Stage 2: all at once, on whole windows."""

    module: Net

    def begin(self, minutes: float, resume: bool, encoder: str = "") -> None:
        super().begin(minutes, resume, encoder)
        if self.module.stage == 2 and not self.module.prior_encoder.learnt:
            sources = ", ".join(self.config.start)
            raise SystemExit(f"{self.task}: expected a trained prior encoder in the checkpoint or in {sources}, found "
                             f"none (bundled files do not hold it); train {sources} first")

    def noise(self, count: int) -> Tensor:
        """Normal numbers [count, SIZE] that depend on the recipe's seed and the step alone."""
        generator = torch.Generator().manual_seed(1_000_003 * self.recipe.seed + self.books.steps)
        return torch.randn(count, SIZE, generator=generator).to(self.device)

    def is_alone(self, fraction: float) -> bool:
        """Whether nothing but the condition path learns."""
        return self.module.stage == 1 and fraction >= CONDITION_FROM

    def flat_features(self, flats: Tensor, batch: Batch, fraction: float) -> Tensor:
        """Every other flat picture as a photo of its own, the others as places in the photographs of the batch; ungated,
        because nothing is learned of what the photo itself brings (architectures/flats.py). The
        condition path learns by it where it learns by pictures."""
        net, count, side = self.module, flats.shape[0], self.module.prior_side
        own = flats[::2, :, :1, :1].expand(-1, -1, side, side)
        photos = batch.low[torch.arange(count // 2) % batch.low.shape[0]]
        with torch.set_grad_enabled(self.is_alone(fraction) or net.stage == 2):
            conditions = [net.condition_encoder(pictures) for pictures in (own, photos)]
            condition = torch.stack(conditions, dim=1).flatten(0, 1)
            prior = net.foresee(condition, self.noise(count))
        with edgeless(net):
            return net.features(net.encoder(flats), prior)

    def picture_loss(self, batch: Batch, half: bool, fraction: float) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        net = self.module
        alone = self.is_alone(fraction)
        net.learning(alone)
        if net.stage == 2:
            batch = window(batch, self.recipe.points, self.pairs.patches.random)
        with torch.autocast(self.kind, torch.bfloat16, enabled=half):
            encoded = net.encoder(batch.low)
            with torch.set_grad_enabled(net.stage == 1 and not alone):
                known = known_prior(net, batch)
            condition, count = net.condition_encoder(batch.low), batch.low.shape[0]
            foreseen, other = (net.foresee(condition, part).float() for part in self.noise(2 * count).split(count))
            prior = foreseen if alone or net.stage == 2 else conditioning(known, foreseen, net.foreseen)
            features = net.features(encoded, prior, batch.low if net.flats else None)
            result = net.decode(features, batch.rows, batch.columns, batch.cell).float()
        gap = distance(known.detach().float(), foreseen, other, net.varied)
        with torch.autocast(self.kind, torch.bfloat16, enabled=half and self.objective.opponent is not None):
            pictures = self.objective.generator(result, batch.truth, fraction)
        return pictures + DIFFUSION * gap, (result, batch.truth)

"""What a run minimises: a pixel loss, and for perceptual models content and adversarial losses beside it."""
from collections.abc import Callable, Iterable

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..architectures.discriminator import Discriminator
from ..config import Config
from ..kernels import losses
from ..measure.perceptual import Features


def for_every_step(truth: Tensor, result: Tensor) -> Tensor:
    """`truth` [N, C, H, W] once for each of the k steps that a recursive network stacked in `result` [k N, C, H, W]
    (`Net` of memnet, drcn, srfbn in training): every step's picture is held against it, equally weighed."""
    steps = result.shape[0] // truth.shape[0]
    return truth if steps == 1 else truth.repeat(steps, 1, 1, 1)


class Objective:
    """`generator(result, truth)` is the loss to minimise; `discriminator_step` trains the opponent, if there is one."""

    def __init__(self, config: Config, device: str):
        recipe = config.recipe
        self.recipe = recipe
        self.loss = None if recipe.loss in losses.OF_LOGITS else losses.pixel_loss(recipe.loss)
        self.finish = losses.pixel_loss(recipe.finish_loss) if recipe.finish_loss else self.loss
        self.content = None
        if recipe.content:
            self.content = Features().to(device)
        self.opponent: nn.Module | None = None
        if recipe.adversarial:
            self.opponent = Discriminator(recipe.discriminator_width, 16 * recipe.discriminator_width).to(device)
            self.optimiser = torch.optim.Adam(self.opponent.parameters(), recipe.discriminator_rate)

    def generator(self, result: Tensor, truth: Tensor, fraction: float) -> Tensor:
        """The loss of float32 result and truth [N, C, H, W] at `fraction` of the run; a result of several steps is
        stacked along N."""
        truth = for_every_step(truth, result)
        pixel = self.finish if fraction >= self.recipe.finish_from else self.loss
        total = self.recipe.pixel * pixel(result, truth) if self.recipe.pixel else result.new_zeros(())
        if self.content is not None:
            total = total + self.recipe.content * self.content(self.zoomed(result), self.zoomed(truth))
        if self.opponent is not None:
            self.opponent.requires_grad_(False)
            fake = self.opponent(result)
            if self.recipe.relativistic:
                with torch.no_grad():
                    real = self.opponent(truth)
                against = losses.relativistic_generator(real, fake)
            else:
                against = losses.vanilla_generator(fake)
            total = total + self.recipe.adversarial * against
        return total

    def zoomed(self, picture: Tensor) -> Tensor:
        """As the content loss sees it: AlexNet's first layer goes in steps of 4 pixels and is blind to a pattern of
        dots that a network then draws everywhere; enlarged, the pattern is coarser than its steps."""
        zoom = self.recipe.content_zoom
        return F.interpolate(picture, scale_factor=zoom, mode="bilinear") if zoom > 1 else picture

    def discriminator_step(self, result: Tensor, truth: Tensor, factor: float,
                           average: Callable[[Iterable[Tensor]], None] = lambda _: None) -> None:
        """One step of the opponent on a detached result; `factor` scales its rate, `average` is done to its gradients
        (of several processes)."""
        if self.opponent is None:
            return
        self.opponent.requires_grad_(True)
        for group in self.optimiser.param_groups:
            group["lr"] = self.recipe.discriminator_rate * factor
        real, fake = self.opponent(truth), self.opponent(result.detach())
        both = losses.relativistic_discriminator if self.recipe.relativistic else losses.vanilla_discriminator
        self.optimiser.zero_grad(set_to_none=True)
        both(real, fake).backward()
        average(self.opponent.parameters())
        self.optimiser.step()

    def state(self) -> dict:
        """What a checkpoint keeps of the opponent."""
        if self.opponent is None:
            return {}
        return {"opponent": self.opponent.state_dict(), "optimiser": self.optimiser.state_dict()}

    def restore(self, state: dict) -> None:
        """The inverse of `state`; an empty state changes nothing."""
        if self.opponent is not None and state:
            self.opponent.load_state_dict(state["opponent"])
            self.optimiser.load_state_dict(state["optimiser"])

"""One training run: its network, data and objective, and one step after the other."""
from pathlib import Path

import torch
from torch import Tensor, nn

from .. import paths
from ..architectures import build, build_together
from ..config import Config
from ..data.pack import Pack
from ..data.pairs import Pairs
from ..data.patches import Patches
from ..measure.runners import torch_runner
from ..measure.validate import validation_figure
from .average import Average
from .beginning import take_bundled, take_start
from .checkpoint import read_checkpoint, write_checkpoint
from .clock import Clock, unfinished
from .objective import Objective
from .optimisers import optimiser_of
from .weights import bundled_is_better, committed_account

EMBEDDING = 24  # small pictures that an embedding is fitted on: 1,600 pixels each for 1,729 unknowns a channel


class Run:
    """A bounded run of one task."""

    def __init__(self, config: Config, task: str, scales: tuple[int, ...], device: str, pack: Pack,
                 data: Path = paths.DATA):
        self.config, self.task, self.scales, self.device, self.data = config, task, scales, device, data
        self.recipe = config.recipe
        self.folder = paths.RUNS / task
        self.folder.mkdir(parents=True, exist_ok=True)
        torch.manual_seed(self.recipe.seed)
        self.module = self.build()
        self.pairs = self.pairing(Patches(pack, self.recipe.seed, self.recipe.large))
        self.format = torch.channels_last if self.recipe.channels_last else torch.contiguous_format
        self.steps = 0  # of all runs of this task
        self.minutes = 0.0  # wall minutes of all runs before this one
        self.looks: list[dict] = []
        self.closed = False

    def build(self) -> nn.Module:
        """The network of this task, untrained."""
        if self.config.together:
            return build_together(self.config.arch, self.scales, **self.config.sizes)
        return build(self.config.arch, self.scales[0], **self.config.sizes)

    def pairing(self, patches: Patches):
        """What its batches are drawn from."""
        return Pairs(self.config, patches)

    def begin(self, minutes: float, resume: bool) -> None:
        """Fetch the weights and start the clock: where the last run was cut off, or a new one of `minutes`."""
        state = read_checkpoint(self.folder) if resume else None
        trained = True
        if state:
            self.module.load_state_dict(state["module"])
        elif not (resume and self._begin_as_bundled()):
            trained = take_start(self.module, self.config, self.task, self.scales, self.data, self._pictures)
        self._train_mode()
        self.module.to(self.device, memory_format=self.format)
        self.average = Average(self.module, self.recipe.ema)
        self.objective = Objective(self.config, self.device)
        if self.config.frozen:
            self.module.get_submodule(self.config.frozen).requires_grad_(False)
        self.optimiser = optimiser_of(self.recipe, [p for p in self.module.parameters() if p.requires_grad])
        rate = self.recipe.rate * (self.recipe.again if trained else 1.0)
        self.clock = Clock(minutes, rate, self.recipe.optimiser)
        if state:
            self._restore(state)

    def _begin_as_bundled(self) -> bool:
        if not take_bundled(self.module, self.config, self.task, self.scales):
            return False
        account = committed_account(self.config.id, self.task)
        self.steps, self.minutes = account.get("steps", 0), account.get("minutes", 0.0)
        print(f"{self.task}: starts from the committed weights, {self.steps} steps old", flush=True)
        return True

    def _pictures(self) -> Tensor:
        return torch.cat([self.pairs.draw(scale, EMBEDDING // len(self.scales), self.recipe.patch)[0]
                          for scale in self.scales])

    def _train_mode(self) -> None:
        """As for training; normalisations that are frozen keep the statistics they have."""
        self.module.train()
        for layer in self.module.modules():
            if self.recipe.frozen_norm and isinstance(layer, nn.BatchNorm2d):
                layer.eval()

    def _restore(self, state: dict) -> None:
        self.average.put(state["ema"])
        self.steps, self.minutes, self.looks = state["steps"], state["minutes"], state["looks"]
        # A run under another recipe cannot be gone on with: what its optimiser knew means nothing to this one.
        goes_on = unfinished(state["run"]) and state["run"].get("optimiser") == self.recipe.optimiser
        if goes_on:  # the schedule of the run that was cut off goes on, for its own minutes
            self.clock = Clock.restored(state["run"])
            self.optimiser.load_state_dict(state["optimiser"])
            self.pairs.patches.restore(state["random"])
        else:  # a new run starts from the averaged weights, or from the bundled ones where the last run made it worse
            self.module.load_state_dict(self.average.weights)
            if self.looks and bundled_is_better(self.config, self.looks[-1], self.scales):
                take_bundled(self.module, self.config, self.task, self.scales)
                self.average.restart()
            self.pairs.patches.reseed(self.recipe.seed + self.steps)
        self.objective.restore(state["objective"])
        print(f"{self.task}: goes on after {self.steps} steps, {'unfinished' if goes_on else 'new'} run", flush=True)

    def step(self) -> Tensor:
        """One batch; its loss, still on the device: asking for its value waits for the device."""
        fraction = self.clock.fraction
        factor = self.clock.factor(self.recipe.warmup, fraction)
        for group in self.optimiser.param_groups:
            group["lr"] = self.clock.rate * factor
        half = self.recipe.half and fraction < self.recipe.exact_from
        loss, pair = self.loss(half, fraction)
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        if self.recipe.clip:
            torch.nn.utils.clip_grad_norm_(self.module.parameters(), self.recipe.clip)
        self.optimiser.step()
        with torch.autocast(self.device, torch.bfloat16, enabled=half):
            self.objective.discriminator_step(*pair, factor)
        self.average.update(self.clock.step)
        self.steps += 1
        self.clock.step += 1
        return loss.detach()

    def loss(self, half: bool, fraction: float) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        """The loss of a new batch, in bf16 where `half`, and what the opponent is to tell apart: (result, truth)."""
        scale = self.scales[self.steps % len(self.scales)]
        x, truth = self.pairs.draw(scale, self.recipe.batch, self.recipe.patch)
        x = x.to(self.device).contiguous(memory_format=self.format)
        truth = truth.to(self.device)
        with torch.autocast(self.device, torch.bfloat16, enabled=half):
            result = self.module(x, scale) if self.config.together else self.module(x)
        result = result.float()
        with torch.autocast(self.device, torch.bfloat16, enabled=half and self.objective.opponent is not None):
            return self.objective.generator(result, truth, fraction), (result, truth)

    def log(self, loss: float) -> None:
        """One line on standard output."""
        fraction, step = self.clock.fraction, self.clock.step
        rate = self.clock.rate * self.clock.factor(self.recipe.warmup, fraction)
        print(f"{self.task}: step {self.steps} {100 * fraction:.0f}% rate {rate:.1e} loss {loss:.3g} "
              f"{60 * self.clock.passed / max(1, step):.3f} s/step", flush=True)

    def look(self) -> dict[str, float]:
        """Validation figures of the averaged weights, by scale (`x2`, ...)."""
        current = {n: t.clone() for n, t in self.module.state_dict().items()}
        self.module.load_state_dict(self.average.weights)
        self.module.eval()
        figures = {}
        for scale in self.scales:
            figures[f"x{scale}"] = round(validation_figure(self.config, self.runner(scale), scale), 4)
        self.module.load_state_dict(current)
        self._train_mode()
        self.looks.append({"step": self.steps, "minutes": round(self.minutes + self.clock.passed, 2), **figures})
        print(f"{self.task}: step {self.steps} validation {figures}", flush=True)
        return figures

    def runner(self, scale: int):
        """The module at a scale as a function of arrays [1, C, H, W]."""
        return torch_runner(self.module, scale, self.config.together, self.device)

    def finish(self) -> dict:
        """Look once more, close the run's account and return the record."""
        if self.recipe.validate_minutes:
            self.look()
        self.closed = True
        self.minutes += self.clock.minutes
        return self.record()

    def record(self) -> dict:
        """What is said of this task: steps, minutes, validation figures so far."""
        return {"task": self.task, "steps": self.steps, "minutes": round(self.minutes, 2), "device": self.device,
                "looks": self.looks}

    def save(self) -> None:
        """Write the checkpoint."""
        write_checkpoint(self.folder, {
            "module": self.module.state_dict(), "ema": self.average.weights, "optimiser": self.optimiser.state_dict(),
            "steps": self.steps, "minutes": self.minutes, "looks": self.looks, "run": self.clock.state(self.closed),
            "random": self.pairs.patches.state(), "objective": self.objective.state(),
        })

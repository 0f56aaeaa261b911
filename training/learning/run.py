"""A bounded run of one task: a learner with a clock, an optimiser, an average, books and a checkpoint."""
from pathlib import Path

import torch
from torch import Tensor

from .. import paths
from ..config import Config
from ..data.pack import Pack
from ..measure.validate import validation_figure
from .average import Average
from .beginning import stand_on, take, take_bundled, take_start
from .books import Books
from .checkpoint import read_checkpoint, write_checkpoint
from .clock import Clock, unfinished
from .device import device_name
from .learner import Learner
from .objective import Objective
from .optimisers import optimiser_name, optimiser_of
from .team import ALONE, Team
from .weights import bundled_is_better, committed_account, further_kept


class Run(Learner):
    """A learner for so many minutes: it begins, steps, is looked at, saved and finished."""

    def __init__(self, config: Config, task: str, scales: tuple[int, ...], device: str, pack: Pack,
                 data: Path = paths.DATA, team: Team = ALONE, workers: int = 0):
        self.books = Books()
        super().__init__(config, task, scales, device, pack, data, team, workers)
        self.folder = paths.RUNS / task
        self.folder.mkdir(parents=True, exist_ok=True)
        self.closed = False

    @property
    def turn(self) -> int:
        return self.books.steps

    def begin(self, minutes: float, resume: bool, encoder: str = "") -> None:
        """Fetch the weights and start the clock: where the last run was cut off, or a new one of `minutes`. A new one
        may move to another encoder, that of the source `encoder`."""
        state = read_checkpoint(self.folder) if resume else None
        kept = None
        trained = True
        if state:
            self.module.load_state_dict(state["module"])
        elif resume and (kept := self._kept()):
            take(self.module, kept["ema"])
        elif not (resume and self._begin_as_bundled()):
            trained = take_start(self.module, self.config, self.task, self.scales, self.data, self.pictures)
        self.train_mode()
        self.module.to(self.device, memory_format=self.format)
        self.team.begin_alike(self.module.state_dict().values())
        self.average = Average(self.module, self.recipe.ema)
        self.objective = Objective(self.config, self.device)
        self.freeze()
        name = optimiser_name(self.recipe, self.device)
        self.optimiser = optimiser_of(name, self.recipe, self.learning())
        rate = self.recipe.rate * (self.recipe.again if trained else 1.0)
        self.clock = Clock(minutes, rate, name)
        if state:
            self._restore(state)
        elif kept and unfinished(kept["run"]):  # its schedule goes on; what its optimiser knew is found again
            self.clock = Clock.restored({**kept["run"], "step": 0, "optimiser": name})
        if encoder and not self.clock.step and not self.clock.elapsed:
            stand_on(self.module, self.config, self.task, encoder, self.data)
            self.average.restart()
        self.books.loss = self.recipe.losses()
        self.books.counted = self.clock.passed

    def _kept(self) -> dict | None:
        """The kept run, unless what is bundled is further."""
        kept = further_kept(self.config.id, self.task)
        if kept:
            self.books = Books.read(kept)
            print(f"{self.task}: starts from the kept run, {self.books.steps} steps old", flush=True)
        return kept

    def _begin_as_bundled(self) -> bool:
        if not take_bundled(self.module, self.config, self.task, self.scales):
            return False
        self.books = Books.of_account(committed_account(self.config.id, self.task))
        print(f"{self.task}: starts from the committed weights, {self.books.steps} steps old", flush=True)
        return True

    def _restore(self, state: dict) -> None:
        self.average.put(state["ema"])
        self.books = Books.read(state)
        # A run under another recipe cannot be gone on with: what its optimiser knew means nothing to this one.
        goes_on = unfinished(state["run"]) and state["run"].get("optimiser") == self.clock.optimiser
        if goes_on:  # the schedule of the run that was cut off goes on, for its own minutes
            self.clock = Clock.restored(state["run"])
            self.optimiser.load_state_dict(state["optimiser"])
            if self.team.leads:
                self.pairs.patches.restore(state["random"])
            else:
                self.pairs.patches.reseed(self.seed())
        else:  # a new run starts from the averaged weights, or from the bundled ones where the last run made it worse
            self.module.load_state_dict(self.average.weights)
            if self.books.looks and bundled_is_better(self.config, self.books.looks[-1], self.scales):
                take_bundled(self.module, self.config, self.task, self.scales)
                self.average.restart()
            self.pairs.patches.reseed(self.seed())
        self.objective.restore(state["objective"])
        print(f"{self.task}: goes on after {self.books.steps} steps, {'unfinished' if goes_on else 'new'} run", flush=True)

    def step(self, fraction: float | None = None) -> Tensor:
        """One batch at `fraction` of the run (now); its loss, still on the device: asking for its value waits."""
        fraction = self.clock.fraction if fraction is None else fraction
        factor = self.clock.factor(self.recipe.warmup, fraction)
        for group in self.optimiser.param_groups:
            group["lr"] = self.clock.rate * factor
        half = self.half and fraction < self.recipe.exact_from
        loss, pair = self.gradients(half, fraction)
        self.team.average_gradients(self.module.parameters())
        if self.recipe.clip:
            torch.nn.utils.clip_grad_norm_(self.module.parameters(), self.recipe.clip)
        self.optimiser.step()
        if pair:
            with torch.autocast(self.kind, torch.bfloat16, enabled=half):
                self.objective.discriminator_step(*pair, factor, self.team.average_gradients)
        self.average.update(self.clock.step)
        self.books.steps += 1
        self.clock.step += 1
        return loss.detach()

    def log(self, loss: float) -> None:
        """One line on standard output."""
        fraction, step = self.clock.fraction, self.clock.step
        rate = self.clock.rate * self.clock.factor(self.recipe.warmup, fraction)
        print(f"{self.task}: step {self.books.steps} {100 * fraction:.0f}% rate {rate:.1e} loss {loss:.3g} "
              f"{60 * self.clock.passed / max(1, step):.3f} s/step", flush=True)

    def validate(self) -> dict[str, float]:
        """Validation figures of the averaged weights, by scale (`x2`, ...)."""
        current = {n: t.clone() for n, t in self.module.state_dict().items()}
        self.module.load_state_dict(self.average.weights)
        self.module.eval()
        figures = {}
        for scale in self.scales:
            figures[f"x{scale}"] = round(validation_figure(self.config, self.runner(scale), scale), 4)
        self.module.load_state_dict(current)
        self.train_mode()
        minutes = round(self.books.minutes + self.clock.passed, 2)
        self.books.looks.append({"step": self.books.steps, "minutes": minutes, **figures})
        print(f"{self.task}: step {self.books.steps} validation {figures}", flush=True)
        return figures

    def finish(self) -> dict:
        """Validate once more, close the run's account and return the record."""
        if self.recipe.validate_minutes:
            self.validate()
        self._count()
        self.closed = True
        self.books.minutes += self.clock.minutes
        return self.books.record(self.task)

    def _count(self) -> None:
        self.books.count(device_name(self.device, self.team.size), min(self.clock.passed, self.clock.minutes))

    def save(self) -> None:
        """Write the checkpoint."""
        if not self.closed:
            self._count()
        write_checkpoint(self.folder, {
            "module": self.module.state_dict(), "ema": self.average.weights, "optimiser": self.optimiser.state_dict(),
            **self.books.state(), "run": self.clock.state(self.closed),
            "random": self.pairs.patches.state(), "objective": self.objective.state(),
        })

    def fall_back(self) -> None:
        """After numbers that are none: the averages of the last checkpoint, at half the rate."""
        state = read_checkpoint(self.folder)
        if state is None:
            raise SystemExit(f"{self.task}: the loss became no number before the first checkpoint; lower `rate` in its "
                             "config, or train it without bf16 (half = false)")
        self.module.load_state_dict(state["ema"])
        self.average.restart()
        self.clock.rate /= 2
        self.optimiser = optimiser_of(self.clock.optimiser, self.recipe, self.learning())
        print(f"{self.task}: no number any more; back to the last checkpoint, at half the rate", flush=True)

"""One training run: its model, optimiser, average, clock and checkpoint."""
import math
import os
import time
from pathlib import Path

import torch
from torch import Tensor, nn

from .config import Config
from .data.pack import Pack
from .data.patches import Patches
from .data.pairs import Pairs
from .embed import embed
from .models import build, build_together
from .objective import Objective
from .paths import DATA, RUNS
from .soap import Soap
from .validate import torch_runner, validation_figure
from .weights import bundled_is_better, committed_account, committed_weights, load_matching, source_weights


EMBEDDING = 24  # small pictures that an embedding is fitted on: 1,600 pixels each for 1,729 unknowns a channel


class Run:
    """A bounded run of one task. Its clock is wall time, of which a killed run loses a minute at most."""

    def __init__(self, config: Config, task: str, scales: tuple[int, ...], device: str, pack: Pack, data: Path = DATA):
        self.config, self.task, self.scales, self.device, self.data = config, task, scales, device, data
        self.recipe = config.recipe
        self.folder = RUNS / task
        self.folder.mkdir(parents=True, exist_ok=True)
        torch.manual_seed(self.recipe.seed)
        self.module = self.build()
        self.pairs = self.pairing(Patches(pack, self.recipe.seed))
        self.format = torch.channels_last if self.recipe.channels_last else torch.contiguous_format
        self.steps = 0  # of all runs of this task
        self.minutes = 0.0  # wall minutes of all runs before this one
        self.begun: dict = {}  # this run: its minutes, those elapsed, its steps, its optimiser
        self.looks: list[dict] = []

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
        state = self._read() if resume else None
        known = True
        if state:
            self.module.load_state_dict(state["module"])
        elif not (resume and self._load_committed()):
            known = self._load_start()
        self._train_mode()
        self.module.to(self.device, memory_format=self.format)
        self.average = {n: t.detach().clone() for n, t in self.module.state_dict().items()}
        self.objective = Objective(self.config, self.device)
        if self.config.frozen:
            self.module.get_submodule(self.config.frozen).requires_grad_(False)
        parameters = [parameter for parameter in self.module.parameters() if parameter.requires_grad]
        if self.recipe.optimiser == "soap":
            self.optimiser = Soap(parameters, self.recipe.rate, self.recipe.betas, self.recipe.refresh,
                                  widest=self.recipe.widest)
        else:
            self.optimiser = torch.optim.Adam(parameters, self.recipe.rate, self.recipe.betas, fused=True)
        self.begun = {"minutes": minutes, "elapsed": 0.0, "step": 0, "optimiser": self.recipe.optimiser,
                      "rate": self.recipe.rate * (self.recipe.again if known else 1.0)}
        if state:
            self._restore(state, minutes)
        self.started = time.monotonic() - 60 * self.begun["elapsed"]

    def _load_committed(self, books: bool = True) -> bool:
        # A model trained together has one file a scale that all hold the shared part: any order will do.
        found = [committed_weights(self.config.id, scale) for scale in self.scales or (0,)]
        if not any(found):
            return False
        for weights in found:
            self._load(weights)
        self._check_whole(set().union(*found))
        if books:
            account = committed_account(self.config.id, self.task)
            self.steps, self.minutes = account.get("steps", 0), account.get("minutes", 0.0)
            print(f"{self.task}: starts from the committed weights, {self.steps} steps old", flush=True)
        return True

    def _check_whole(self, found: set[str]) -> None:
        """Refuse to go on from a bundled network of which a part is missing: the rest would be trained against one
        that nobody trained. Parts that only training needs begin anew."""
        absent = sorted(self.module.state_dict().keys() - found)
        anew = tuple(f"{part}." for part in getattr(self.module, "training_only", ()))
        normalised = {name for name, layer in self.module.named_modules() if isinstance(layer, nn.BatchNorm2d)}
        # Bundled normalisations are folded into the convolutions before them and begin as the identity.
        missing = [n for n in absent if not n.startswith(anew) and n.rpartition(".")[0] not in normalised]
        if missing:
            raise SystemExit(f"{self.task}: the bundled files lack {len(missing)} of the network's tensors "
                             f"({', '.join(missing[:3])}, ...); export the model again, or start without --resume")
        if begun := sorted({n.partition(".")[0] for n in absent if n.startswith(anew)}):
            print(f"{self.task}: {', '.join(begun)} is not bundled and begins anew", flush=True)

    def _load(self, weights: dict[str, Tensor]) -> int:
        """Take over what fits, and what the network knows how to make its own; how many tensors fitted."""
        count = load_matching(self.module, weights)
        if hasattr(self.module, "adopt"):
            self.module.adopt(weights)
        return count

    def _load_start(self) -> bool:
        """Whether the network is a trained one already, which the full rate would undo."""
        trained, found = False, set()
        for source in self.config.start:
            if source.startswith("embed:"):
                embed(self.module, source_weights(source.removeprefix("embed:"), self.data), self._pictures)
                print(f"{self.task}: begins as {source.removeprefix('embed:')}", flush=True)
                trained = True
            elif source != f"{self.config.id}:{self.scales[0]}":
                weights = source_weights(source, self.data)
                found |= weights.keys()
                print(f"{self.task}: {self._load(weights)} tensors from {source}", flush=True)
        self._check_frozen(found)
        return trained

    def _check_frozen(self, found: set[str]) -> None:
        """Refuse to train against a frozen part that nobody trained."""
        frozen = self.config.frozen
        missing = [n for n in self.module.state_dict() if frozen and n.startswith(f"{frozen}.") and n not in found]
        if missing:
            raise SystemExit(f"{self.task}: {frozen!r} stays as it starts, and {len(missing)} of its tensors are in none "
                             f"of {', '.join(self.config.start) or 'no start'}; train or bundle one of these first")

    def _pictures(self) -> Tensor:
        """Small pictures of every scale, as the network will see them."""
        return torch.cat([self.pairs.draw(scale, EMBEDDING // len(self.scales), self.recipe.patch)[0]
                          for scale in self.scales])

    def _train_mode(self) -> None:
        """As for training; normalisations that are frozen keep the statistics they have."""
        self.module.train()
        for layer in self.module.modules():
            if self.recipe.frozen_norm and isinstance(layer, nn.BatchNorm2d):
                layer.eval()

    def _read(self) -> dict | None:
        path = self.folder / "checkpoint.pt"
        return torch.load(path, map_location="cpu", weights_only=True) if path.exists() else None

    def _restore(self, state: dict, minutes: float) -> None:
        for name, value in state["ema"].items():
            self.average[name].copy_(value)
        self.steps, self.minutes, self.looks = state["steps"], state["minutes"], state["looks"]
        unfinished = state["run"]["elapsed"] < state["run"]["minutes"]
        # A run under another recipe cannot be gone on with: what its optimiser knew means nothing to this one.
        unfinished = unfinished and state["run"].get("optimiser") == self.recipe.optimiser
        if unfinished:  # the schedule of the run that was cut off goes on, for its own minutes
            self.begun = dict(state["run"])
            self.optimiser.load_state_dict(state["optimiser"])
            self.pairs.patches.restore(state["random"])
            self.objective.restore(state["objective"])
        else:  # a new run starts from the averaged weights, or from the bundled ones where the last run made it worse
            self.module.load_state_dict({n: t.clone() for n, t in self.average.items()})
            if self.looks and bundled_is_better(self.config, self.looks[-1], self.scales):
                self._load_committed(books=False)
                self.average = {n: t.detach().clone() for n, t in self.module.state_dict().items()}
            self.pairs.patches.reseed(self.recipe.seed + self.steps)
            self.objective.restore(state["objective"])
        print(f"{self.task}: goes on after {self.steps} steps, {'unfinished' if unfinished else 'new'} run", flush=True)

    @property
    def elapsed(self) -> float:
        """Minutes of this run so far."""
        return (time.monotonic() - self.started) / 60

    @property
    def fraction(self) -> float:
        """How much of this run is over, 0 to 1 and more."""
        return self.elapsed / self.begun["minutes"]

    def factor(self) -> float:
        """Warm-up, then half a cosine over the run's own minutes: what the rates are multiplied by."""
        warm = min(1.0, (self.begun["step"] + 1) / max(1, self.recipe.warmup))
        return warm * 0.5 * (1 + math.cos(math.pi * min(1.0, self.fraction)))

    def step(self) -> float:
        """One batch; its loss."""
        fraction, factor = self.fraction, self.factor()
        for group in self.optimiser.param_groups:
            group["lr"] = self.begun["rate"] * factor
        half = self.recipe.half and fraction < self.recipe.exact_from
        loss, pair = self.loss(half, fraction)
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        if self.recipe.clip:
            torch.nn.utils.clip_grad_norm_(self.module.parameters(), self.recipe.clip)
        self.optimiser.step()
        with torch.autocast(self.device, torch.bfloat16, enabled=half):
            self.objective.discriminator_step(*pair, factor)
        self._average()
        self.steps += 1
        self.begun["step"] += 1
        return float(loss.detach())

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

    @torch.no_grad()
    def _average(self) -> None:
        keep = min(self.recipe.ema, (1 + self.begun["step"]) / (10 + self.begun["step"]))
        now = self.module.state_dict()
        floats = [n for n, t in now.items() if t.is_floating_point()]
        torch._foreach_lerp_([self.average[n] for n in floats], [now[n] for n in floats], 1 - keep)
        for name in now.keys() - set(floats):
            self.average[name].copy_(now[name])

    def log(self, loss: float) -> None:
        """One line on standard output."""
        pace = 60 * self.elapsed / max(1, self.begun["step"])
        print(f"{self.task}: step {self.steps} {100 * self.fraction:.0f}% rate {self.begun['rate'] * self.factor():.1e} "
              f"loss {loss:.3g} {pace:.3f} s/step", flush=True)

    def look(self) -> dict[str, float]:
        """Validation figures of the averaged weights, by scale (`x2`, ...)."""
        current = {n: t.clone() for n, t in self.module.state_dict().items()}
        self.module.load_state_dict(self.average)
        self.module.eval()
        figures = {}
        for scale in self.scales:
            run = self.runner(scale)
            figures[f"x{scale}"] = round(validation_figure(self.config, run, scale), 4)
        self.module.load_state_dict(current)
        self._train_mode()
        self.looks.append({"step": self.steps, "minutes": round(self.minutes + self.elapsed, 2), **figures})
        print(f"{self.task}: step {self.steps} validation {figures}", flush=True)
        return figures

    def runner(self, scale: int):
        """The module at a scale as a function of arrays [1, C, H, W]."""
        return torch_runner(self.module, scale, self.config.together, self.device)

    def finish(self) -> dict:
        """Look once more, close the run's account and return the record."""
        if self.recipe.validate_minutes:
            self.look()
        self.begun["elapsed"] = self.begun["minutes"]
        self.minutes += self.begun["minutes"]
        return self.record()

    def record(self) -> dict:
        """What is said of this task: steps, minutes, validation figures so far."""
        return {"task": self.task, "steps": self.steps, "minutes": round(self.minutes, 2), "device": self.device,
                "looks": self.looks}

    def save(self) -> None:
        """Write the checkpoint beside the old one, then put it in its place: a kill leaves one of the two whole."""
        if self.begun["elapsed"] < self.begun["minutes"]:
            self.begun["elapsed"] = min(self.elapsed, self.begun["minutes"] * 0.999)
        state = {
            "module": self.module.state_dict(), "ema": self.average, "optimiser": self.optimiser.state_dict(),
            "steps": self.steps, "minutes": self.minutes, "looks": self.looks, "run": dict(self.begun),
            "random": self.pairs.patches.state(), "objective": self.objective.state(),
        }
        part = self.folder / "checkpoint.part"
        torch.save(state, part)
        os.replace(part, self.folder / "checkpoint.pt")

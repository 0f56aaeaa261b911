"""The experiments behind Enlarger Fast, at equal steps:
`python -m training.learning.pilot --steps 1500 [--only NAME[,NAME]]`.

Every variant begins from nothing, sees the same batches and is told apart from the first by one thing. Differences
under 0.03 dB mean nothing: one seed each. docs/enlarger.md has what was found.
"""
import argparse
import dataclasses
import time

import torch

from ..config import Config, load
from ..data.pack import Pack, open_pack
from ..measure.validate import validation_figure
from ..paths import DATA
from .clock import Clock
from .implicit_run import ImplicitRun

BATCH, PATCH = 8, 24
SCALES = (2, 3, 4, 8)


class StepClock(Clock):
    """A run that is as long as its steps, whatever the machine does beside it."""

    steps_in_all = 1

    @property
    def fraction(self) -> float:
        return self.step / self.steps_in_all


def variants() -> dict[str, Config]:
    """What is compared, by name."""
    fast = load("enlarger-fast")
    recipe = dataclasses.replace(fast.recipe, batch=BATCH, patch=PATCH, warmup=100)
    base = dataclasses.replace(fast, recipe=recipe)

    def sized(**sizes) -> Config:
        return dataclasses.replace(base, sizes=sizes)

    def trained(**changed) -> Config:
        return dataclasses.replace(base, recipe=dataclasses.replace(recipe, **changed))

    # LIIF's decoder on the same body sees 24 x 24 output pixels a patch: all of them would cost forty times as much.
    liif = dataclasses.replace(base, arch="liif", sizes={"body": "span", "width": 32, "blocks": 6},
                               recipe=dataclasses.replace(recipe, points=24))
    return {
        "fast": base,
        "liif": liif,
        "linear-head": sized(head=0),
        "basis-6": sized(basis=6),
        "basis-12": sized(basis=12),
        "no-gains": sized(gains=False),
        "no-tent": sized(tent=False),
        "residual-body": sized(body="edsr", width=32, blocks=9),
        "fourier-loss": trained(loss="l1_fft"),
        "half-rate": trained(rate=recipe.rate / 2),
        "full-size": trained(large=1.0),
        "adam": trained(optimiser="adam", rate=1e-3, betas=(0.9, 0.99)),
    }


def compared(name: str, config: Config, steps: int, pack: Pack) -> dict[str, float]:
    """Validation figures after so many steps, and the seconds that they took."""
    config = dataclasses.replace(config, id=f"pilot-{name}", start=(), frozen="")
    run = ImplicitRun(config, config.id, config.scales, "cpu", pack)
    run.begin(1, False)
    run.clock = StepClock(1, run.clock.rate, run.clock.optimiser)
    run.clock.steps_in_all = steps
    started = time.monotonic()
    for _ in range(steps):
        run.step()
    seconds = time.monotonic() - started
    run.module.load_state_dict(run.average.weights)
    run.module.eval()
    figures = {f"x{scale}": round(validation_figure(config, run.runner(scale), scale), 2) for scale in SCALES}
    run.folder.rmdir()
    return figures | {"seconds": round(seconds)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--steps", type=int, required=True)
    parser.add_argument("--only", default="", help="names of variants, separated by commas")
    parser.add_argument("--seeds", default="1", help="separated by commas")
    parser.add_argument("--threads", type=int, default=1)
    wanted = parser.parse_args()
    torch.set_num_threads(wanted.threads)
    only = [name for name in wanted.only.split(",") if name]
    for seed in wanted.seeds.split(","):
        for name, config in variants().items():
            if not only or name in only:
                seeded = dataclasses.replace(config, recipe=dataclasses.replace(config.recipe, seed=int(seed)))
                print(name, f"seed {seed}", compared(name, seeded, wanted.steps, open_pack(DATA)), flush=True)


if __name__ == "__main__":
    main()

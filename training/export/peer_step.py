"""A step of training a method in PyTorch, as one would write it in research code: eager, float32, Adam.

`python -m training.export.peer_step --method edsr --scale 2 --threads 2` takes the step that
`enlarger finetune` takes: eight patches of 32 x 32, the mean absolute difference, the gradient cut to a length of 1.
It prints, as JSON, the median seconds of a step and the process's largest resident memory in MiB.
`npm run bench:finetune` holds the application against it.
"""
import argparse
import json
import resource
import statistics
import time
from collections.abc import Callable

import torch
from torch import Tensor, nn

from ..architectures import built
from ..config import Config, load
from ..kernels.positions import axis, cell

COUNT, SIDE = 8, 32  # patches of a step, and their sides in reduced pixels
WARM_UPS = 2
RATE, CLIP = 1e-4, 1.0


def student(config: Config, scale: int) -> tuple[nn.Module, Callable[[Tensor], Tensor]]:
    """The network, and what it makes of a batch of patches [n, channels, h, w]. What a step costs does not depend on its
    weights, so it begins at none."""
    module = built(config, (scale,))
    if config.kind == "implicit":
        places, mesh = axis(SIDE, SIDE * scale, scale), cell((scale, scale))
        return module, lambda low: module.decode(module.encode(low), places, places, mesh)
    return module, (lambda low: module(low, scale)) if config.together else module


def step_of(config: Config, scale: int) -> Callable[[], None]:
    """One step after another, on patches of noise: what a step costs does not depend on what is on them."""
    torch.manual_seed(1)
    module, enlarge = student(config, scale)
    module.train()
    optimiser = torch.optim.Adam(module.parameters(), lr=RATE)
    small = torch.rand(COUNT, config.input_channels, SIDE, SIDE)
    large = torch.rand(COUNT, config.input_channels, SIDE * scale, SIDE * scale)

    def step() -> None:
        optimiser.zero_grad()
        nn.functional.l1_loss(enlarge(small), large).backward()
        nn.utils.clip_grad_norm_(module.parameters(), CLIP)
        optimiser.step()

    return step


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--method", required=True, help="id of a model")
    parser.add_argument("--scale", type=int, required=True)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--steps", type=int, default=20)
    wanted = parser.parse_args()
    torch.set_num_threads(wanted.threads)
    step = step_of(load(wanted.method), wanted.scale)
    seconds = []
    for _ in range(WARM_UPS + wanted.steps):
        begun = time.perf_counter()
        step()
        seconds.append(time.perf_counter() - begun)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"secondsPerStep": statistics.median(seconds[WARM_UPS:]), "megabytes": round(peak)}))


if __name__ == "__main__":
    main()

"""A bundled method in PyTorch as one would run it in research code: eager, float32, the whole picture at once.

`python -m training.export.peer --method fsrcnn,edsr --scale 2 --threads 2` then reads lines `METHOD INPUT OUTPUT` from
standard input; after each file is enlarged and written, it prints the seconds that took (reading and writing
included). `npm run bench -- --only peers` holds the application against it.
"""
import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from ..config import Config, load
from ..learning.weights import committed_weights
from ..measure.enlarge import enlarge
from ..measure.runners import module_runner, torch_runner
from .candidates import network
from .implicit import any_scale_network


def enlarger_of(config: Config, scale: int, weights: dict, **turned: float) -> Callable[[np.ndarray], np.ndarray]:
    """uint8 picture -> uint8 picture by a network with these weights, its controls where they stand but for those that
    are `turned`; SystemExit where the weights do not fill it."""
    if config.kind == "implicit":
        module = any_scale_network(config, weights).eval()
        run = module_runner(module, float(scale), config.standing() | turned)
    else:
        run = torch_runner(network(config, scale, weights).eval(), scale, config.together)
    return lambda low: enlarge(low, scale, config.kind, config.channels, run)


def peer(config: Config, scale: int) -> Callable[[np.ndarray], np.ndarray]:
    """`enlarger_of` the bundled weights."""
    return enlarger_of(config, scale, committed_weights(config.id, 0 if config.kind == "implicit" else scale))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--method", required=True, help="ids of models, separated by commas")
    parser.add_argument("--scale", type=int, required=True)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    wanted = parser.parse_args()
    torch.set_num_threads(wanted.threads)
    made = {method: peer(load(method), wanted.scale) for method in wanted.method.split(",")}
    print(f"torch {torch.__version__}, {wanted.threads} threads", flush=True)
    for line in sys.stdin:
        method, source, output = line.split()
        start = time.perf_counter()
        low = np.asarray(Image.open(source).convert("RGB"))
        Image.fromarray(made[method](low)).save(Path(output))
        print(f"{time.perf_counter() - start:.4f}", flush=True)


if __name__ == "__main__":
    main()

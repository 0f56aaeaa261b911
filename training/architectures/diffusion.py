"""A vector's diffusion in four steps: the schedule, the way back and the network that knows the noise.

Source: DiffIR (Xia et al., 2023), whose four steps and betas these are.
"""
import math
from collections.abc import Callable

import torch
from torch import Tensor, nn

from .prior_encoder import SIZE, SLOPE

STEPS = 4
FIRST_BETA, LAST_BETA = 0.1, 0.99


def alphas() -> list[float]:
    """a_1 .. a_T: 1 - beta, the square roots of the betas evenly spaced."""
    low, high = math.sqrt(FIRST_BETA), math.sqrt(LAST_BETA)
    return [1 - (low + (high - low) * step / (STEPS - 1)) ** 2 for step in range(STEPS)]


ALPHAS = alphas()
KEPT = [math.prod(ALPHAS[: step + 1]) for step in range(STEPS)]  # abar_1 .. abar_T, of the signal's power


def way_back(noise: Tensor, predicted: Callable[[Tensor, int], Tensor]) -> Tensor:
    """From pure noise z_T to z_0 [N, SIZE], all steps, none of them drawing noise again:
    z_{t-1} = (z_t - eps (1 - a_t) / sqrt(1 - abar_t)) / sqrt(a_t) with eps = predicted(z_t, t), t = T .. 1."""
    z = noise
    for step in range(STEPS, 0, -1):
        a, kept = ALPHAS[step - 1], KEPT[step - 1]
        z = (z - predicted(z, step) * ((1 - a) / math.sqrt(1 - kept))) / math.sqrt(a)
    return z


class Layer(nn.Module):
    """linear - LeakyReLU + skip."""

    def __init__(self, width: int):
        super().__init__()
        self.linear = nn.Linear(width, width)

    def forward(self, x: Tensor) -> Tensor:
        return x + nn.functional.leaky_relu(self.linear(x), SLOPE)


class Denoiser(nn.Module):
    """(z_t [N, SIZE], step t, condition z_c [N, SIZE]) -> the noise in z_t, [N, SIZE].

    The MLP corrects the condition to a guess of z_0, and the noise follows from z_t and the guess: a network that
    gives the noise itself errs 1 / sqrt(abar_T), about 20 times, in z_0. The MLP's last layer begins at zero: the
    prior begins as the condition.
    """

    def __init__(self, width: int = 256, layers: int = 3):
        super().__init__()
        self.first = nn.Linear(2 * SIZE + 1, width)
        self.layers = nn.Sequential(*[Layer(width) for _ in range(layers)])
        self.last = nn.Linear(width, SIZE)
        nn.init.zeros_(self.last.weight)
        nn.init.zeros_(self.last.bias)

    def forward(self, z: Tensor, step: int, condition: Tensor) -> Tensor:
        when = torch.full_like(z[:, :1], step / STEPS)
        hidden = nn.functional.leaky_relu(self.first(torch.cat([z, condition, when], dim=1)), SLOPE)
        guess = condition + self.last(self.layers(hidden))
        kept = KEPT[step - 1]
        return (z - math.sqrt(kept) * guess) / math.sqrt(1 - kept)

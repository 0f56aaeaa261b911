"""DRCN (Kim, Lee, Lee: Deeply-Recursive Convolutional Network for Image Super-Resolution, 2016)."""
import torch
from torch import Tensor, nn

from .mixture import Mixture
from .start import see_edges


class Together(nn.Module):
    """[N, 1, H, W] -> [N, 1, H, W]: bicubically enlarged Y -> Y refined, one set of weights for every scale.

    Published: one convolution of 256 channels applied 16 times; each recursion is rebuilt to a picture by the same two
    convolutions, and the result is their learned mixture. In training all recursions' pictures come out beside it (see
    `Mixture`); the paper moves the weight of its loss from them to the mixture while it trains, here all weigh the same.
    """

    def __init__(self, scales: tuple[int, ...] = (2, 3, 4), width: int = 256, recursions: int = 16):
        super().__init__()
        self.embed = nn.Sequential(nn.Conv2d(1, width, 3, padding=1), nn.ReLU(),
                                   nn.Conv2d(width, width, 3, padding=1), nn.ReLU())
        self.recur = nn.Conv2d(width, width, 3, padding=1)
        self.rebuild = nn.Sequential(nn.Conv2d(width, width, 3, padding=1), nn.ReLU(),
                                     nn.Conv2d(width, 1, 3, padding=1))
        self.mix = Mixture(recursions)
        self.recursions = recursions
        for layer in (self.embed[2], self.rebuild[0]):
            nn.init.kaiming_normal_(layer.weight)
            nn.init.zeros_(layer.bias)
        see_edges(self.embed[0], 0.5)
        nn.init.dirac_(self.recur.weight)  # the paper: each channel carries itself on
        nn.init.zeros_(self.recur.bias)
        nn.init.normal_(self.rebuild[2].weight, std=1e-3)  # begins as the bicubic
        nn.init.zeros_(self.rebuild[2].bias)

    def forward(self, x: Tensor, scale: int = 0) -> Tensor:
        y = self.embed(x)
        residuals = []
        for _ in range(self.recursions):
            y = torch.relu(self.recur(y))
            residuals.append(self.rebuild(y))
        return self.mix(x, residuals)

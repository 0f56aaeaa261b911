"""MemNet (Tai, Yang, Liu, Xu: MemNet: A Persistent Memory Network for Image Restoration, 2017).

The published units normalise before each ReLU; as in `drrn.py` there is no normalisation here, and the convolutions
are the paper's.
"""
import torch
from torch import Tensor, nn

from .mixture import Mixture
from .start import see_edges


class Memory(nn.Module):
    """Memory block: `recursions` times one residual unit (short-term memory), put together with the results of all
    blocks before (long-term memory, a list of [N, width, H, W]) by a gate, a 1x1 convolution, to [N, width, H, W]."""

    def __init__(self, width: int, recursions: int, before: int):
        super().__init__()
        self.conv1 = nn.Conv2d(width, width, 3, padding=1)
        self.conv2 = nn.Conv2d(width, width, 3, padding=1)
        self.gate = nn.Conv2d((recursions + before) * width, width, 1)
        self.recursions = recursions
        for layer in (self.conv1, self.conv2, self.gate):
            nn.init.kaiming_normal_(layer.weight)
            nn.init.zeros_(layer.bias)
        with torch.no_grad():
            self.conv2.weight.mul_(0.1)  # a recursion would double the variance, and thirty-six of them overflow

    def forward(self, before: list[Tensor]) -> Tensor:
        y = before[-1]
        short = []
        for _ in range(self.recursions):
            y = y + self.conv2(torch.relu(self.conv1(torch.relu(y))))
            short.append(y)
        return self.gate(torch.relu(torch.cat(short + before, dim=1)))


class Together(nn.Module):
    """[N, 1, H, W] -> [N, 1, H, W]: bicubically enlarged Y -> Y refined, one set of weights for every scale.

    Published: M6R6, 6 blocks of 6 recursions of 64 channels; 676,992 weights without biases. Every block's memory is
    rebuilt to a picture by one convolution, and the result is their learned mixture. In training all blocks' pictures
    come out beside it (see `Mixture`); the paper weighs these losses equally too (its alpha is 1 / (M + 1)).
    """

    def __init__(self, scales: tuple[int, ...] = (2, 3, 4), width: int = 64, blocks: int = 6, recursions: int = 6):
        super().__init__()
        self.enter = nn.Conv2d(1, width, 3, padding=1)
        self.blocks = nn.ModuleList(Memory(width, recursions, i + 1) for i in range(blocks))
        self.rebuild = nn.Conv2d(width, 1, 3, padding=1)
        self.mix = Mixture(blocks)
        see_edges(self.enter, 0.5)
        nn.init.normal_(self.rebuild.weight, std=1e-3)  # begins as the bicubic
        nn.init.zeros_(self.rebuild.bias)

    def forward(self, x: Tensor, scale: int = 0) -> Tensor:
        memories = [self.enter(x)]
        residuals = []
        for block in self.blocks:
            memories.append(block(memories))
            residuals.append(self.rebuild(torch.relu(memories[-1])))
        return self.mix(x, residuals)

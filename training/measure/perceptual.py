"""LPIPS v0.1 with AlexNet features (Zhang et al. 2018), as a metric and as a content loss.

VGG19, which the papers' content losses use, is not at hand; this takes its place and the cards say so. Its weights
stay in the data folder: they are for training and measuring and are not bundled.
"""
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..paths import DATA

SHIFT = (-0.030, -0.088, -0.188)  # LPIPS' own input normalisation, for pictures in [-1, 1]
SPREAD = (0.458, 0.448, 0.450)
STRIDES = (4, 1, 1, 1, 1)
PADDINGS = (2, 2, 1, 1, 1)
POOLED_BEFORE = (False, True, True, False, False)


class Features(nn.Module):
    """(result, truth) RGB [N, 3, H, W] in [0, 1] -> mean LPIPS distance, a scalar; `each` keeps the N numbers."""

    def __init__(self, data: Path = DATA):
        super().__init__()
        path = data / "metrics" / "lpips_alex.npz"
        if not path.exists():
            raise SystemExit(f"LPIPS weights are not at {path}; set ENLARGER_DATA to the data folder")
        stored = np.load(path)
        for name in stored.files:
            self.register_buffer(name.replace(".", "_"), torch.from_numpy(stored[name]))
        self.register_buffer("shift", torch.tensor(SHIFT)[None, :, None, None])
        self.register_buffer("spread", torch.tensor(SPREAD)[None, :, None, None])

    def maps(self, x: Tensor) -> list[Tensor]:
        """The five feature maps after their ReLU."""
        x = (x * 2 - 1 - self.shift) / self.spread
        found = []
        for number in range(5):
            if POOLED_BEFORE[number]:
                x = F.max_pool2d(x, 3, 2)
            weight, bias = getattr(self, f"conv{number + 1}_weight"), getattr(self, f"conv{number + 1}_bias")
            x = F.relu(F.conv2d(x, weight, bias, STRIDES[number], PADDINGS[number]))
            found.append(x)
        return found

    def each(self, result: Tensor, truth: Tensor) -> Tensor:
        """LPIPS of each pair, [N]."""
        with torch.no_grad():
            wanted = self.maps(truth)
        total = result.new_zeros(result.shape[0])
        for number, (a, b) in enumerate(zip(self.maps(result), wanted)):
            gap = (unit(a) - unit(b)).square()
            linear = getattr(self, f"lin{number}")
            total = total + (gap * linear[None, :, None, None]).sum(dim=1).mean(dim=(1, 2))
        return total

    def forward(self, result: Tensor, truth: Tensor) -> Tensor:
        return self.each(result, truth).mean()


def unit(x: Tensor) -> Tensor:
    """Feature vectors of length one at every position, as LPIPS normalises them."""
    return x / (x.square().sum(dim=1, keepdim=True).sqrt() + 1e-10)


def lpips(first: np.ndarray, second: np.ndarray, features: Features, in_unit: bool = False) -> float:
    """LPIPS of two uint8 [H, W, 3] pictures. `in_unit`: as where its network, which expects pictures in [-1, 1], was
    called with pictures in [0, 1]; some published tables are of that."""
    pair = [torch.from_numpy(p.astype(np.float32) / 255).permute(2, 0, 1)[None] for p in (first, second)]
    if in_unit:
        pair = [(picture + 1) / 2 for picture in pair]
    with torch.no_grad():
        return float(features.each(*pair))

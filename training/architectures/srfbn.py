"""SRFBN (Li, Yang, Liu, Yang, Jeon, Wu: Feedback Network for Image Super-Resolution, 2019)."""
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .dbpn import down, point, up
from .colour import MEAN


class Feedback(nn.Module):
    """([N, width, H, W] features of the picture, the same of the step before) -> the same: `groups` of an
    up-convolution and a down-convolution, each given all maps of its size before it."""

    def __init__(self, width: int, groups: int, scale: int):
        super().__init__()
        self.enter = point(2 * width, width)
        self.join_small = nn.ModuleList(point((i + 1) * width, width) for i in range(1, groups))
        self.join_large = nn.ModuleList(point((i + 1) * width, width) for i in range(1, groups))
        self.ups = nn.ModuleList(up(width, scale) for _ in range(groups))
        self.downs = nn.ModuleList(down(width, scale) for _ in range(groups))
        self.leave = point(groups * width, width)

    def forward(self, features: Tensor, before: Tensor) -> Tensor:
        small = [self.enter(torch.cat([features, before], dim=1))]
        large: list[Tensor] = []
        for group, (forth, back) in enumerate(zip(self.ups, self.downs)):
            joined = self.join_small[group - 1](torch.cat(small, dim=1)) if group else small[0]
            large.append(forth(joined))
            joined = self.join_large[group - 1](torch.cat(large, dim=1)) if group else large[0]
            small.append(back(joined))
        return self.leave(torch.cat(small[1:], dim=1))


class Net(nn.Module):
    """[N, 3, H, W] -> [N, 3, H*scale, W*scale]: `steps` times the same feedback block, which sees the picture's
    features and its own last result; each step gives a residual of the bilinear enlargement, and the last one counts.

    Published: 4 steps of 6 groups of 64 (SRFBN), of 3 groups of 32 (SRFBN-S). In training all steps come out,
    [steps N, 3, ...], weighed equally as in the paper.
    """

    def __init__(self, scale: int, width: int = 64, groups: int = 6, steps: int = 4):
        super().__init__()
        self.scale, self.steps = scale, steps
        self.head = nn.Sequential(nn.Conv2d(3, 4 * width, 3, padding=1), nn.PReLU(), *point(4 * width, width))
        self.feedback = Feedback(width, groups, scale)
        self.enlarge = up(width, scale)
        self.tail = nn.Conv2d(width, 3, 3, padding=1)
        nn.init.normal_(self.tail.weight, std=1e-3)  # begins as the bilinear enlargement
        nn.init.zeros_(self.tail.bias)

    def forward(self, x: Tensor) -> Tensor:
        features = self.head(x - MEAN)
        base = F.interpolate(x, scale_factor=self.scale, mode="bilinear", align_corners=False)
        hidden = features
        results = []
        for step in range(self.steps):
            hidden = self.feedback(features, hidden)
            if self.training or step == self.steps - 1:
                results.append(base + self.tail(self.enlarge(hidden)))
        return torch.cat(results) if self.training else results[0]

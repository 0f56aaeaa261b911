"""Input and target tensors of a training step, made from patches as the config wants them."""
from functools import lru_cache

import numpy as np
import torch
from torch import Tensor

from ..config import Config
from ..kernels.resize import dense
from .patches import Patches, to_network

MARGIN = 4  # LR pixels around a patch that is enlarged bicubically, so that its edge sees real neighbours


@lru_cache(maxsize=16)
def enlarging(size: int, scale: int) -> np.ndarray:
    """Dense bicubic enlargement of one axis without its MARGIN: float32 [size*scale, size + 2*MARGIN]."""
    whole = size + 2 * MARGIN
    return dense(whole, whole * scale, float(scale))[MARGIN * scale : -MARGIN * scale].astype(np.float32)


class Pairs:
    """Draws (input, target) float32 [N, C, H, W] in the network's channels."""

    def __init__(self, config: Config, patches: Patches):
        self.config, self.patches = config, patches
        self.degrade = None
        if config.degrade:
            if config.kind == "preUpsampled":
                raise ValueError(f"{config.id}: `degrade` is for networks that take the small picture, not for "
                                 "preUpsampled ones; remove one of the two from its config")
            from .degrade import Degrader

            self.degrade = Degrader(config.degrade, patches.random)

    def draw(self, scale: int, count: int, patch: int) -> tuple[Tensor, Tensor]:
        """A batch; `patch` in pixels of the network's input."""
        channels = self.config.channels
        if self.config.kind == "preUpsampled":
            size = patch // scale
            low, high = self.patches.batch(scale, count, size + 2 * MARGIN)
            cut = MARGIN * scale
            axis = enlarging(size, scale)
            x = axis @ to_network(low, channels) @ axis.T
            return torch.from_numpy(x), torch.from_numpy(to_network(high[:, cut:-cut, cut:-cut], channels))
        low, high = self.patches.batch(scale, count, patch)
        if self.degrade is not None:
            low = self.degrade(high, scale)
        return torch.from_numpy(to_network(low, channels)), torch.from_numpy(to_network(high, channels))

"""The enlargement that an any-scale network's result is added to."""
from functools import lru_cache

import torch
from torch import Tensor

from .resize import dense


@lru_cache(maxsize=256)
def enlarging(size: int, out: int, scale: float, device: torch.device) -> Tensor:
    """The reference bicubic enlargement of one axis, float32 [out, size]."""
    return torch.from_numpy(dense(size, out, scale)).float().to(device)


def bicubic_base(image: Tensor, size: tuple[int, int], scale: tuple[float, float]) -> Tensor:
    """The reference bicubic enlargement [N, 3, *size] by dense products."""
    down, across = (enlarging(*axis, image.device).to(image.dtype) for axis in zip(image.shape[2:], size, scale))
    return down @ image @ across.T

"""CS: super-resolution by cross-entropy. LTE whose last layer gives 256 logits a colour, one for every 8-bit value."""
import torch
from torch import Tensor

from ..implicit.positions import Axis
from ..losses import cross_entropy
from .lte import Net as Lte

LEVELS = 256
SHARPEST = 1e-3  # least temperature: below it float32 logits leave one value anyway


def split_colours(logits: Tensor) -> Tensor:
    """[N, 3 * 256, H, W] (a colour's 256 together) -> [N, 256, 3, H, W]."""
    count, _, height, width = logits.shape
    return logits.reshape(count, 3, LEVELS, height, width).permute(0, 2, 1, 3, 4)


def expected_level(logits: Tensor, crispness: Tensor) -> Tensor:
    """Logits [N, 256, 3, H, W] -> [N, 3, H, W] in 0..255: the mean of the distribution sharpened to the temperature
    1 - crispness. Crispness 0 is the expectation, 1 the most probable value."""
    heat = (1 - crispness).clamp_min(SHARPEST)
    share = torch.softmax((logits - logits.amax(dim=1, keepdim=True)) / heat, dim=1)
    values = torch.arange(LEVELS, dtype=share.dtype, device=share.device)
    return (share * values[:, None, None, None]).sum(dim=1)


class Net(Lte):
    """LTE's encoder and texture; 768 numbers an output pixel; crispness chooses between mean and mode."""

    base = "none"
    controls = ("crispness",)

    def __init__(self, width: int = 64, blocks: int = 16):
        super().__init__(width, blocks, 3 * LEVELS)

    def logits(self, features: Tensor, rows: Axis, columns: Axis, cell: Tensor) -> Tensor:
        """[N, 256, 3, H, W]."""
        return split_colours(self.numbers(features, rows, columns, cell))

    def decode(self, features: Tensor, rows: Axis, columns: Axis, cell: Tensor, crispness: Tensor) -> Tensor:
        return expected_level(self.logits(features, rows, columns, cell), crispness) / 255

    def loss(self, features: Tensor, batch) -> Tensor:
        """Cross-entropy against the 8-bit value of every colour."""
        logits = self.logits(features, batch.rows, batch.columns, batch.cell)
        return cross_entropy(logits.float(), batch.truth)

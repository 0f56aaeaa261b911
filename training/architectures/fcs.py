"""FCS: frequency-specific cross-entropy. Low frequencies are regressed by L2, high ones classified, jointly."""
import torch
from torch import Tensor

from ..kernels.losses import frequency_specific, low_pass
from ..kernels.positions import Axis, blend, picked
from .cs import MIDDLE, Distribution, expected_level, is_folded, split_colours
from .lte import Net as Lte

EVEN = 650.0  # 255 squared over 100


class Net(Lte):
    """LTE's encoder and texture, three numbers for the low frequencies (added to the bilinear enlargement) and
    3 * 256 logits for the high ones; `sigma` (output pixels at x1, so it grows with the scale) cuts them apart."""

    base = "bilinear"
    controls = ("crispness",)
    training_only = ("high.shape",)

    def __init__(self, width: int = 64, blocks: int = 16, sigma: float = 1.0):
        super().__init__(width, blocks)
        self.high = Distribution()
        self.sigma = sigma

    def numbers(self, features: Tensor, rows: Axis, columns: Axis, cell: Tensor) -> Tensor:
        hidden = self.texture(features, rows, columns, cell)
        return torch.cat([self.out(hidden), self.high(hidden)], dim=-1).permute(0, 3, 1, 2)

    def adopt(self, weights: dict[str, Tensor]) -> None:
        """Go on from a bundled one, which is folded."""
        if is_folded(weights, "high"):
            self.high.still()

    def fold(self) -> None:
        """Be what is bundled."""
        self.high.fold()

    def split(self, numbers: Tensor) -> tuple[Tensor, Tensor]:
        """[N, 3 + 768, H, W] -> low frequencies less the bilinear [N, 3, H, W], logits [N, 256, 3, H, W]."""
        return numbers[:, :3], split_colours(numbers[:, 3:])

    def decode(self, features: Tensor, rows: Axis, columns: Axis, cell: Tensor, crispness: Tensor) -> Tensor:
        low, logits = self.split(self.numbers(features, rows, columns, cell))
        return low + (expected_level(logits, crispness) - MIDDLE) / 255

    def loss(self, features: Tensor, batch) -> Tensor:
        """`frequency_specific`, both parts weighing alike: squared errors of colours in [0, 1] are small."""
        sigma = self.sigma * batch.scale
        radius = min(int(2.5 * sigma) + 1, batch.whole.shape[-1] - 1)
        smooth = picked(low_pass(batch.whole, radius, sigma), batch.chosen)
        low, logits = self.split(self.numbers(features, batch.rows, batch.columns, batch.cell))
        low = low.float() + blend(batch.low, batch.rows, batch.columns)
        return frequency_specific(low, logits.float(), batch.truth, smooth, EVEN)

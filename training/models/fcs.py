"""FCS: frequency-specific cross-entropy. Low frequencies are regressed by L2, high ones classified, jointly."""
import torch
from torch import Tensor

from ..implicit.positions import Axis, blend, picked
from ..losses import frequency_specific, low_pass
from .cs import LEVELS, MIDDLE, centre, expected_level, split_colours
from .lte import Net as Lte

EVEN = 650.0  # 255 squared over 100


class Net(Lte):
    """LTE's encoder and texture, three numbers for the low frequencies (added to the bilinear enlargement) and
    3 * 256 logits for the high ones; `sigma` (output pixels at x1, so it grows with the scale) cuts them apart."""

    base = "bilinear"
    controls = ("crispness",)

    def __init__(self, width: int = 64, blocks: int = 16, sigma: float = 1.0):
        super().__init__(width, blocks, 3 + 3 * LEVELS)
        self.sigma = sigma
        centre(self.out, 3, torch.zeros(3, self.out.in_features), torch.zeros(3))

    def adopt(self, weights: dict[str, Tensor]) -> None:
        """Begin as the LTE whose weights these are: its result for low frequencies, high ones spread around 0."""
        if "out.weight" in weights and len(weights["out.weight"]) == 3:
            with torch.no_grad():
                self.out.weight[:3].copy_(weights["out.weight"])
                self.out.bias[:3].copy_(weights["out.bias"])

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

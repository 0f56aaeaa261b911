"""FCS: frequency-specific cross-entropy. Low frequencies are regressed by L2, high ones classified, jointly."""
from torch import Tensor

from ..kernels.losses import frequency_specific, low_pass
from ..kernels.positions import Axis, blend, picked
from .cs import MIDDLE, Distribution, by_colour, classes_first, is_folded, levels_of
from .lte import DEPTH
from .lte import Net as Lte

EVEN = 650.0  # 255 squared over 100


class Net(Lte):
    """LTE's encoder and texture, three numbers for the low frequencies (added to the bilinear enlargement) and
    3 * 256 logits for the high ones; `sigma` (output pixels at x1, so it grows with the scale) cuts them apart. `flats` as
    LTE's."""

    base = "bilinear"
    controls = ("crispness",)
    training_only = ("high.shape",)

    def __init__(self, width: int = 64, blocks: int = 16, sigma: float = 1.0, flats: bool = False):
        super().__init__(width, blocks, flats)
        self.high = Distribution()
        self.sigma = sigma

    def adopt(self, weights: dict[str, Tensor]) -> None:
        """Go on from a bundled one, which is folded."""
        if is_folded(weights, "high"):
            self.high.still()

    def fold(self) -> None:
        """Be what is bundled."""
        self.high.fold()

    def parts(self, features: Tensor, rows: Axis, columns: Axis, cell: Tensor) -> tuple[Tensor, Tensor]:
        """(low frequencies less the bilinear [N, 3, H, W], logits [N, H, W, 3, 256])."""
        hidden = self.texture(features[:, :DEPTH], rows, columns, cell)
        return self.out(hidden).permute(0, 3, 1, 2), by_colour(self.high(hidden))

    def made(self, features: Tensor, rows: Axis, columns: Axis, cell: Tensor, crispness: Tensor) -> Tensor:
        low, logits = self.parts(features, rows, columns, cell)
        return low + (levels_of(logits, crispness) - MIDDLE) / 255

    def loss(self, features: Tensor, batch) -> Tensor:
        """`frequency_specific`, both parts weighing alike: squared errors of colours in [0, 1] are small."""
        sigma = self.sigma * batch.scale
        radius = min(int(2.5 * sigma) + 1, batch.whole.shape[-1] - 1)
        smooth = picked(low_pass(batch.whole, radius, sigma), batch.chosen)
        low, logits = self.parts(features, batch.rows, batch.columns, batch.cell)
        low = low.float() + blend(batch.low, batch.rows, batch.columns)
        return frequency_specific(low, classes_first(logits), batch.truth, smooth, EVEN)

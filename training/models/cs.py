"""CS: super-resolution by cross-entropy. LTE whose last layer gives 256 logits a colour, one for every 8-bit difference
to the bilinear enlargement (published: for every 8-bit value, which takes far longer to learn)."""
import torch
from torch import Tensor, nn

from ..implicit.positions import Axis, blend
from ..losses import cross_entropy
from .lte import Net as Lte

LEVELS = 256
MIDDLE = 128  # the class of a difference of 0
SPREAD = 6.0  # standard deviation, in 8-bit steps, of the distributions that training begins with
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


@torch.no_grad()
def centre(layer: nn.Linear, first: int, weight: Tensor, bias: Tensor) -> None:
    """Let outputs `first`.. of `layer`, 256 logits for each of the colours of `weight` [3, n] and `bias` [3], be those of
    a Gaussian around 255 times what weight and bias regress: k m / s^2 - k^2 / 2 s^2 is linear in its centre m."""
    step = (torch.arange(LEVELS) - MIDDLE).to(weight) / SPREAD**2
    steep = 255 * step[None, :, None]
    layer.weight[first:].copy_((steep * weight[:, None]).flatten(0, 1))
    even = -step * step * SPREAD**2 / 2
    layer.bias[first:].copy_((steep[..., 0] * bias[:, None] + even).flatten())


class Net(Lte):
    """LTE's encoder and texture; 768 numbers an output pixel; crispness chooses between mean and mode."""

    base = "bilinear"
    controls = ("crispness",)

    def __init__(self, width: int = 64, blocks: int = 16):
        super().__init__(width, blocks, 3 * LEVELS)
        centre(self.out, 0, torch.zeros(3, self.out.in_features), torch.zeros(3))

    def adopt(self, weights: dict[str, Tensor]) -> None:
        """Begin as the LTE whose weights these are: every distribution around what it regresses."""
        if "out.weight" in weights and len(weights["out.weight"]) == 3:
            centre(self.out, 0, weights["out.weight"], weights["out.bias"])

    def logits(self, features: Tensor, rows: Axis, columns: Axis, cell: Tensor) -> Tensor:
        """[N, 256, 3, H, W]."""
        return split_colours(self.numbers(features, rows, columns, cell))

    def decode(self, features: Tensor, rows: Axis, columns: Axis, cell: Tensor, crispness: Tensor) -> Tensor:
        return (expected_level(self.logits(features, rows, columns, cell), crispness) - MIDDLE) / 255

    def loss(self, features: Tensor, batch) -> Tensor:
        """Cross-entropy against the 8-bit difference of every colour to the bilinear enlargement."""
        logits = self.logits(features, batch.rows, batch.columns, batch.cell)
        difference = batch.truth - blend(batch.low, batch.rows, batch.columns)
        return cross_entropy(logits.float(), difference + MIDDLE / 255)

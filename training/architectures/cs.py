"""CS: super-resolution by cross-entropy. LTE whose last layer gives 256 logits a colour, one for every 8-bit difference
to the bilinear enlargement. What else the classes can be is here to be measured (README.md, "What was measured"): 8-bit
values, as published; differences in luma and chroma, whose likeliest values are one colour where three channels that
are asked apart can each choose another edge; and truths that lie next to each other counted as nearly right."""
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..kernels.color import DIFFERENCES
from ..kernels.losses import cross_entropy
from ..kernels.positions import Axis, blend
from .lte import Net as Lte

LEVELS = 256
MIDDLE = 128  # the class of a difference of 0
SPREAD = 12.0  # standard deviation, in 8-bit steps, of the distributions that training begins with
WIDTHS = (2.0, 8.0, 32.0)  # 8-bit steps
SHARPEST = 1e-3  # least temperature: below it float32 logits leave one value anyway


def by_colour(numbers: Tensor) -> Tensor:
    """[N, H, W, 3 * 256] (a colour's 256 together) -> logits [N, H, W, 3, 256]. The classes are last because a softmax
    along any other axis is one of numbers that lie apart: it took longer than all the layers before it."""
    return numbers.unflatten(-1, (3, LEVELS))


def expected_level(logits: Tensor, crispness: Tensor) -> Tensor:
    """Logits [..., 256] -> [...] in 0..255: the mean of the distribution sharpened to the temperature 1 - crispness.
    Crispness 0 is the expectation, 1 the most probable value."""
    heat = (1 - crispness).clamp_min(SHARPEST)
    share = torch.softmax((logits - logits.amax(dim=-1, keepdim=True)) / heat, dim=-1)
    return share @ torch.arange(LEVELS, dtype=share.dtype, device=share.device)


def levels_of(logits: Tensor, crispness: Tensor) -> Tensor:
    """Logits [N, H, W, 3, 256] -> `expected_level` as a picture [N, 3, H, W]."""
    return expected_level(logits, crispness).permute(0, 3, 1, 2)


def classes_first(logits: Tensor) -> Tensor:
    """Logits [N, H, W, 3, 256] -> [N, 256, 3, H, W], as losses take them."""
    return logits.float().permute(0, 4, 3, 1, 2)


def turned_by(matrix: Tensor, colours: Tensor) -> Tensor:
    """[N, 3, H, W] times a matrix [3, 3] of colours."""
    return F.conv2d(colours, matrix[:, :, None, None])


def shapes() -> Tensor:
    """[256, 8]: directions in which whole distributions move: k/s and -k^2/2s^2 (a Gaussian's centre and width), then
    sides and tails of several widths."""
    k = torch.arange(LEVELS) - float(MIDDLE)
    wide = k / SPREAD
    sides = [torch.tanh(k / width) for width in WIDTHS]
    tails = [-torch.log1p((k / width).square()) for width in WIDTHS]
    return torch.stack([wide, -wide.square() / 2, *sides, *tails], dim=1)


class Distribution(nn.Module):
    """Hidden numbers [..., n] -> logits [..., 3 * 256] by one linear layer. While it is trained its weight is a sum: a
    free one, and one that moves whole distributions by `shapes`, without which every one of the 256 would have to
    learn by itself where its colour is. `fold` makes it the one layer that it is."""

    def __init__(self, width: int = 256):
        super().__init__()
        self.free = nn.Linear(width, 3 * LEVELS)
        self.shape = nn.Linear(width, 3 * shapes().shape[1])
        self.register_buffer("basis", shapes(), persistent=False)
        self.folded = False
        for layer in (self.free, self.shape):
            nn.init.zeros_(layer.weight)
            nn.init.zeros_(layer.bias)
        self.centre(torch.zeros(3, width), torch.zeros(3))

    @torch.no_grad()
    def centre(self, weight: Tensor, bias: Tensor) -> None:
        """Gaussians around 255 times what a linear layer (weight [3, n], bias [3]) regresses: in the exponent
        k m / s^2 - k^2 / 2 s^2 the centre m is linear."""
        count = self.basis.shape[1]
        self.shape.weight[::count].copy_(weight * 255 / SPREAD)
        self.shape.bias[::count].copy_(bias * 255 / SPREAD)
        self.shape.bias[1::count].fill_(1)

    def whole(self) -> tuple[Tensor, Tensor]:
        """(weight [768, n], bias [768]) of both together."""
        shape = self.shape.weight.unflatten(0, (3, -1))
        weight = torch.einsum("kr,crn->ckn", self.basis, shape).flatten(0, 1)
        bias = (self.shape.bias.unflatten(0, (3, -1)) @ self.basis.T).flatten()
        return self.free.weight + weight, self.free.bias + bias

    @torch.no_grad()
    def still(self) -> None:
        """Without shapes: what a folded one is learned further from."""
        self.shape.weight.zero_()
        self.shape.bias.zero_()

    @torch.no_grad()
    def fold(self) -> None:
        """Move all into the free layer."""
        weight, bias = self.whole()
        self.free.weight.copy_(weight)
        self.free.bias.copy_(bias)
        self.still()
        self.folded = True

    def forward(self, x: Tensor) -> Tensor:
        return self.free(x) if self.folded else nn.functional.linear(x, *self.whole())


def is_folded(weights: dict[str, Tensor], name: str) -> bool:
    """Whether these are bundled weights of a `Distribution` of that name."""
    return f"{name}.free.weight" in weights and f"{name}.shape.weight" not in weights


class Net(Lte):
    """LTE's encoder and texture; 768 numbers an output pixel; crispness chooses between mean and mode. `classes`:
    `difference` to the bilinear enlargement, or `value`; `colours`: what has classes, `rgb` or `ycbcr` (differences
    only); `smooth`: the standard deviation, in classes, of what counts as the truth, 0 for that class alone;
    `flats` as LTE's, with classes `difference`."""

    controls = ("crispness",)
    training_only = ("out.shape",)

    def __init__(self, width: int = 64, blocks: int = 16, classes: str = "difference", colours: str = "rgb",
                 smooth: float = 0.0, flats: bool = False):
        super().__init__(width, blocks, flats)
        if (classes, colours) not in (("difference", "rgb"), ("difference", "ycbcr"), ("value", "rgb")):
            raise ValueError("expected classes `difference` of colours `rgb` or `ycbcr`, or classes `value` of `rgb`, "
                             f"received {classes!r} of {colours!r}")
        if flats and classes == "value":
            raise ValueError("expected `flats` with classes `difference`: values are not added to anything")
        self.out = Distribution()
        self.base = "bilinear" if classes == "difference" else "none"
        self.middle = MIDDLE if classes == "difference" else 0
        self.smooth = smooth
        if classes == "value":
            self.out.still()  # nothing is known of where a value lies: all are as likely
        self.turned = colours == "ycbcr"
        turn = torch.from_numpy(DIFFERENCES).float() if self.turned else torch.eye(3)
        self.register_buffer("turn", turn, persistent=False)  # RGB differences -> what has classes
        self.register_buffer("back", torch.linalg.inv(turn), persistent=False)

    def adopt(self, weights: dict[str, Tensor]) -> None:
        """Begin as the LTE whose weights these are, every distribution around the difference that it regresses; or as a
        folded one."""
        if "out.weight" in weights and self.base == "bilinear":
            self.out.centre(self.turn @ weights["out.weight"], self.turn @ weights["out.bias"])
        elif is_folded(weights, "out"):
            self.out.still()

    def fold(self) -> None:
        """Be what is bundled."""
        self.out.fold()

    def logits(self, features: Tensor, rows: Axis, columns: Axis, cell: Tensor) -> Tensor:
        """[N, H, W, 3, 256]."""
        return by_colour(self.numbers(features, rows, columns, cell))

    def made(self, features: Tensor, rows: Axis, columns: Axis, cell: Tensor, crispness: Tensor) -> Tensor:
        levels = levels_of(self.logits(features, rows, columns, cell), crispness) - self.middle
        return (turned_by(self.back, levels) if self.turned else levels) / 255

    def loss(self, features: Tensor, batch) -> Tensor:
        """Cross-entropy against the class of every colour."""
        logits = self.logits(features, batch.rows, batch.columns, batch.cell)
        truth = batch.truth
        if self.base == "bilinear":
            truth = truth - blend(batch.low, batch.rows, batch.columns)
        truth = turned_by(self.turn, truth) if self.turned else truth
        return cross_entropy(classes_first(logits), truth + self.middle / 255, self.smooth)

"""A picture as one vector: the prior and condition encoders of LIIFusion, after DiffIR's (Xia et al., 2023) CPEN."""
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .colour import MEAN

SIZE = 256  # numbers of a prior: 4 C for C = 64 feature channels
SLOPE = 0.1


class Block(nn.Module):
    """conv - LeakyReLU - conv + skip."""

    def __init__(self, width: int):
        super().__init__()
        self.conv1 = nn.Conv2d(width, width, 3, padding=1)
        self.conv2 = nn.Conv2d(width, width, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.conv2(F.leaky_relu(self.conv1(x), SLOPE))


class VectorEncoder(nn.Module):
    """Colours [N, channels, H, W] -> [N, SIZE]: convolution, residual blocks, two convolutions of stride 2, the mean
    over all positions, two linear layers.

    The published encoder keeps the resolution to its end; the strides save two thirds of its work. It starts with He's
    weights and without biases: with the usual ones the vectors of any two photographs begin alike to a few per cent,
    and training then makes them equal. `head` may be called alone, on the mean of the `pooled` vectors of several
    patches: a photo is then what one large patch would be.
    """

    def __init__(self, channels: int, width: int = 64, blocks: int = 4):
        super().__init__()
        self.first = nn.Conv2d(channels, width, 3, padding=1)
        self.blocks = nn.Sequential(*[Block(width) for _ in range(blocks)])
        self.shrink1 = nn.Conv2d(width, 2 * width, 3, 2, 1)
        self.shrink2 = nn.Conv2d(2 * width, SIZE, 3, 2, 1)
        self.linear1 = nn.Linear(SIZE, SIZE)
        self.linear2 = nn.Linear(SIZE, SIZE)
        for layer in self.modules():
            if isinstance(layer, (nn.Conv2d, nn.Linear)):
                nn.init.kaiming_normal_(layer.weight, SLOPE)
                nn.init.zeros_(layer.bias)
        with torch.no_grad():
            for block in self.blocks:
                block.conv2.weight.mul_(0.1)

    def pooled(self, x: Tensor) -> Tensor:
        """[N, channels, H, W] -> [N, SIZE]: the mean over positions of the last feature maps."""
        x = self.blocks(F.leaky_relu(self.first(x - MEAN), SLOPE))
        x = F.leaky_relu(self.shrink1(x), SLOPE)
        return F.leaky_relu(self.shrink2(x), SLOPE).mean(dim=(2, 3))

    def head(self, pooled: Tensor) -> Tensor:
        """[N, SIZE] pooled -> [N, SIZE]."""
        return self.linear2(F.leaky_relu(self.linear1(pooled), SLOPE))

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.pooled(x))


class PriorEncoder(VectorEncoder):
    """(LR [N, 3, h, w], HR at 4 times its size [N, 3, 4h, 4w]) -> z [N, SIZE], each number of mean 0 and spread 1
    among photographs.

    The scale of training pairs varies, the encoder's input must not: the HR patch, of 1 to 4 times the LR's size, is
    enlarged to 4 times before (`resampled`), by which it loses nothing, and so is the LR patch. Both then are
    folded to LR positions of 96 channels.

    The normalisation is not published. It keeps the vectors from becoming one and the same, as they else do within a
    hundred steps (the decoder does well without them at first), and gives them the spread of the denoiser's noise.
    """

    FOLD = 4

    def __init__(self, width: int = 64, blocks: int = 4):
        super().__init__(6 * self.FOLD**2, width, blocks)
        self.norm = nn.BatchNorm1d(SIZE, affine=False, momentum=0.02)

    @property
    def learnt(self) -> int:
        """Steps that it has had."""
        return int(self.norm.num_batches_tracked)

    def forward(self, low: Tensor, high: Tensor) -> Tensor:
        size = self.FOLD * low.shape[2], self.FOLD * low.shape[3]
        folded = F.pixel_unshuffle(torch.cat([resampled(low, size), high], dim=1), self.FOLD)
        return self.norm(super().forward(folded).float())


class ConditionEncoder(VectorEncoder):
    """LR [N, 3, h, w] -> z_c [N, SIZE]: the prior encoder's shape without the folding, which adds nothing to what an
    LR patch alone holds."""

    def __init__(self, width: int = 64, blocks: int = 4):
        super().__init__(3, width, blocks)
        nn.init.zeros_(self.linear2.weight)  # begins as the mean of the priors


def resampled(x: Tensor, size: tuple[int, int]) -> Tensor:
    """[N, 3, H, W] -> [N, 3, *size] by the bicubic kernel (a = -0.5; weights renormalised at the border)."""
    return F.interpolate(x, size, mode="bicubic", align_corners=False, antialias=True)


def photo_patches(image: Tensor, side: int, most: int = 4) -> Tensor:
    """The patches [n, 3, side, side] that a photo's prior is made of: at most `most` along each axis of
    [1, 3, H, W], evenly spread from edge to edge; a shorter axis is mirrored until it is long enough."""
    for dim in (2, 3):
        size = image.shape[dim]
        places = torch.arange(max(size, side)) % (2 * size)
        image = image.index_select(dim, torch.where(places < size, places, 2 * size - 1 - places))
    rows, columns = (starts(size, side, most) for size in image.shape[2:])
    return torch.cat([image[:, :, y : y + side, x : x + side] for y in rows for x in columns])


def starts(size: int, side: int, most: int) -> list[int]:
    """Where patches of one axis begin: the first at 0, the last at size - side where there are several."""
    count = min(most, -(-size // side))
    return [int(step * (size - side) / max(1, count - 1) + 0.5) for step in range(count)]

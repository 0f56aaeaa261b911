"""A picture as one vector: the prior and condition encoders of LIIFusion, after DiffIR's (Xia et al., 2023) CPEN."""
import torch
import torch.nn.functional as F
from torch import Tensor, nn

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
    """[N, channels, H, W] -> [N, SIZE] of mean 0 and spread 1: convolution, residual blocks, two convolutions of
    stride 2, the mean over all positions, two linear layers.

    The published encoder keeps the resolution to its end and does not normalise. The strides save two thirds of its
    work; the normalisation gives the vector the spread of the noise that the denoiser starts from. The last layer may
    be called alone (`head`), on the mean of `pooled` vectors of several patches: a photo is then what one large patch
    would be.
    """

    def __init__(self, channels: int, width: int = 64, blocks: int = 4):
        super().__init__()
        self.first = nn.Conv2d(channels, width, 3, padding=1)
        self.blocks = nn.Sequential(*[Block(width) for _ in range(blocks)])
        self.shrink1 = nn.Conv2d(width, 2 * width, 3, 2, 1)
        self.shrink2 = nn.Conv2d(2 * width, SIZE, 3, 2, 1)
        self.linear1 = nn.Linear(SIZE, SIZE)
        self.linear2 = nn.Linear(SIZE, SIZE)

    def pooled(self, x: Tensor) -> Tensor:
        """[N, channels, H, W] -> [N, SIZE]: the mean over positions of the last feature maps."""
        x = self.blocks(F.leaky_relu(self.first(x), SLOPE))
        x = F.leaky_relu(self.shrink1(x), SLOPE)
        return F.leaky_relu(self.shrink2(x), SLOPE).mean(dim=(2, 3))

    def head(self, pooled: Tensor) -> Tensor:
        """[N, SIZE] pooled -> [N, SIZE], each of mean 0 and spread 1."""
        z = self.linear2(F.leaky_relu(self.linear1(pooled), SLOPE))
        return F.layer_norm(z, (SIZE,))

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.pooled(x))


class PriorEncoder(VectorEncoder):
    """(LR [N, 3, h, w], HR at 4 times its size [N, 3, 4h, 4w]) -> z [N, SIZE].

    The scale of training pairs varies, the encoder's input must not: the HR patch, of 1 to 4 times the LR's size, is
    enlarged to 4 times before (`resampled`), by which it loses nothing, and so is the LR patch. Both then are
    folded to LR positions of 96 channels.
    """

    FOLD = 4

    def __init__(self, width: int = 64, blocks: int = 4):
        super().__init__(6 * self.FOLD**2, width, blocks)
        self.register_buffer("learnt", torch.zeros(1, dtype=torch.int64))  # steps that it has had

    def forward(self, low: Tensor, high: Tensor) -> Tensor:
        size = self.FOLD * low.shape[2], self.FOLD * low.shape[3]
        return super().forward(F.pixel_unshuffle(torch.cat([resampled(low, size), high], dim=1), self.FOLD))


class ConditionEncoder(VectorEncoder):
    """LR [N, 3, h, w] -> z_c [N, SIZE]: the prior encoder's shape without the folding, which adds nothing to what an
    LR patch alone holds."""

    def __init__(self, width: int = 64, blocks: int = 4):
        super().__init__(3, width, blocks)


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
    count = min(most, size // side)
    return [round(step * (size - side) / max(1, count - 1)) for step in range(count)]

"""What keeps flat places flat in a network that was trained to invent.

Two things, both of the small picture alone. A flat-field correction, as of cameras: what the network answers to a flat
colour less that colour, by the colour and by the place in the small pixel, is subtracted everywhere; it is a small table
of 1x1 convolutions that is not trained but fitted to the finished network (export/flat_field.py). And a gate: where a
small pixel's neighbourhood has no structure, what goes beyond the photo's plain (bilinear) enlargement fades out, so that
one colour stays that colour to the last bit, whatever the network makes of it.
"""
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .colour import MEAN

SIDE = 5  # of the neighbourhood, in small pixels
# Ranges of colour in it, in 8-bit steps: below the first all fades out, from the second on nothing does.
NOTHING, STRUCTURE = 1.0, 5.0
EXACTLY = 0.0, 1.0  # the same, where only what is flat to the last level is held


def structure(image: Tensor, nothing: float = NOTHING, full: float = STRUCTURE) -> Tensor:
    """[N, C, h, w] in [0, 1] -> [N, 1, h, w] from 0, where the SIDE x SIDE pixels around are of nearly one colour, to 1:
    a ramp of the largest range of a channel among them, from `nothing` to `full` steps of 8 bits."""
    most, least = F.max_pool2d(image, SIDE, 1, SIDE // 2), -F.max_pool2d(-image, SIDE, 1, SIDE // 2)
    range_of = (most - least).amax(dim=1, keepdim=True)
    return ((255 * range_of - nothing) / (full - nothing)).clamp(0, 1)


def enlarged(x: Tensor, scale: int) -> Tensor:
    """[N, C, h, w] -> [N, C, h*scale, w*scale], bilinearly."""
    return F.interpolate(x, scale_factor=scale, mode="bilinear", align_corners=False)


def told_apart(photo: Tensor) -> Tensor:
    """[N, 3, h, w] -> [N, 4, h, w]: what a pixel brings of its own colour, and how much it takes of what is made of it.
    A decoder that blends cells blends these alike, and fades out where the photo is flat."""
    share = structure(photo)
    return torch.cat([(1 - share) * photo, share], dim=1)


class Correction(nn.Module):
    """`outputs` numbers of each small pixel's own colour, `shift(relu(hidden(colour)))`: zero until they are fitted to a
    finished network, and no gradient changes them."""

    def __init__(self, outputs: int, hidden: int):
        super().__init__()
        self.hidden = nn.Conv2d(3, hidden, 1)
        self.shift = nn.Conv2d(hidden, outputs, 1)
        nn.init.zeros_(self.shift.weight)
        nn.init.zeros_(self.shift.bias)
        self.requires_grad_(False)

    def features(self, colours: Tensor) -> Tensor:
        """[N, 3, h, w] -> what `shift` is linear in, [N, hidden, h, w]."""
        return torch.relu(self.hidden(colours - MEAN))

    def numbers(self, image: Tensor) -> Tensor:
        """[N, 3, h, w] -> [N, outputs, h, w]."""
        return self.shift(self.features(image))


class Flats(Correction):
    """(small picture [N, 3, h, w], what a network made of it [N, 3, h*scale, w*scale]) -> the same, corrected and gated.

    `gated` False: corrected alone. That is for blind networks, for which steps and grain of a few levels are faults that
    must go, and for those that are right to a level or two without it.
    """

    def __init__(self, scale: int, hidden: int = 64, gated: bool = True):
        super().__init__(3 * scale**2, hidden)
        self.scale = scale
        self.gated = gated
        self.frozen_gate = False  # held half open, where it is asked which pixels are connected

    def correction(self, image: Tensor) -> Tensor:
        """What is subtracted, [N, 3, h*scale, w*scale]."""
        return F.pixel_shuffle(self.numbers(image), self.scale)

    def forward(self, image: Tensor, made: Tensor) -> Tensor:
        corrected = made - self.correction(image)
        if not self.gated:
            return corrected
        plain = enlarged(image, self.scale)
        share = 0.5 if self.frozen_gate else enlarged(structure(image), self.scale)
        return plain + share * (corrected - plain)


class FlatSets(Correction):
    """(small picture [N, 3, h, w], `sets` sets of coefficients of a separable decoder [N, sets*3*each, h, w], what they
    add being 0 for a flat colour that stays itself) -> the same: of the first coefficient of each colour, which is a
    constant's, is taken what the network answers to flat colours, and all fade out where the picture is flat to the last
    level. More is left to a blind network, for which grain of a few levels is a fault that must go."""

    def __init__(self, sets: int, each: int, hidden: int = 512):
        super().__init__(3 * sets, hidden)
        self.each = each
        self.frozen_gate = False  # as of `Flats`

    def forward(self, image: Tensor, coefficients: Tensor) -> Tensor:
        apart = coefficients.unflatten(1, (-1, self.each))
        off = F.pad(self.numbers(image)[:, :, None], (0, 0, 0, 0, 0, self.each - 1))
        return (apart - off).flatten(1, 2) * (0.5 if self.frozen_gate else structure(image, *EXACTLY))

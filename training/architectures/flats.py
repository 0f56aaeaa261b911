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

from .edsr import MEAN

SIDE = 5  # of the neighbourhood, in small pixels
# Ranges of colour in it, in 8-bit steps: below the first all fades out, from the second on nothing does.
NOTHING, STRUCTURE = 1.0, 5.0


def structure(image: Tensor) -> Tensor:
    """[N, C, h, w] in [0, 1] -> [N, 1, h, w] from 0, where the SIDE x SIDE pixels around are of nearly one colour, to 1:
    a ramp of the largest range of a channel among them."""
    most, least = F.max_pool2d(image, SIDE, 1, SIDE // 2), -F.max_pool2d(-image, SIDE, 1, SIDE // 2)
    range_of = (most - least).amax(dim=1, keepdim=True)
    return ((255 * range_of - NOTHING) / (STRUCTURE - NOTHING)).clamp(0, 1)


def enlarged(x: Tensor, scale: int) -> Tensor:
    """[N, C, h, w] -> [N, C, h*scale, w*scale], bilinearly."""
    return F.interpolate(x, scale_factor=scale, mode="bilinear", align_corners=False)


def told_apart(photo: Tensor) -> Tensor:
    """[N, 3, h, w] -> [N, 4, h, w]: what a pixel brings of its own colour, and how much it takes of what is made of it.
    A decoder that blends cells blends these alike, and fades out where the photo is flat."""
    share = structure(photo)
    return torch.cat([(1 - share) * photo, share], dim=1)


class Flats(nn.Module):
    """(small picture [N, 3, h, w], what a network made of it [N, 3, h*scale, w*scale]) -> the same, corrected and gated.

    `gated` False: corrected alone. That is for blind networks, for which steps and grain of a few levels are faults that
    must go. The correction is `shift(relu(hidden(colour)))`, 3 scale^2 numbers of each small pixel's own colour, and
    zero until it is fitted; no gradient changes it.
    """

    def __init__(self, scale: int, hidden: int = 64, gated: bool = True):
        super().__init__()
        self.scale = scale
        self.gated = gated
        self.hidden = nn.Conv2d(3, hidden, 1)
        self.shift = nn.Conv2d(hidden, 3 * scale**2, 1)
        nn.init.zeros_(self.shift.weight)
        nn.init.zeros_(self.shift.bias)
        self.requires_grad_(False)
        self.frozen_gate = False  # held half open, where it is asked which pixels are connected

    def features(self, colours: Tensor) -> Tensor:
        """[N, 3, h, w] -> what `shift` is linear in, [N, hidden, h, w]."""
        return torch.relu(self.hidden(colours - MEAN))

    def correction(self, image: Tensor) -> Tensor:
        """What is subtracted, [N, 3, h*scale, w*scale]."""
        return F.pixel_shuffle(self.shift(self.features(image)), self.scale)

    def forward(self, image: Tensor, made: Tensor) -> Tensor:
        corrected = made - self.correction(image)
        if not self.gated:
            return corrected
        plain = enlarged(image, self.scale)
        share = 0.5 if self.frozen_gate else enlarged(structure(image), self.scale)
        return plain + share * (corrected - plain)

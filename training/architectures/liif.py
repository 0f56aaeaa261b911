"""LIIF (Chen, Liu, Wang: Learning Continuous Image Representation with Local Implicit Image Function, 2021)."""
import torch
from torch import Tensor, nn

from ..kernels.positions import Axis, blend
from .colour import MEAN
from .corners import Hidden, Place, blended
from .flats import told_apart
from .separable import body_of

HIDDEN = 256  # maps of the first layer


class Decoder(nn.Module):
    """Features of the first layer [N, 256, h, w] -> RGB [N, 3, H, W] at the positions; mean still off."""

    def __init__(self, width: int = 256, hidden: int = 3, cell: bool = True, ensemble: bool = True):
        super().__init__()
        self.place = Place(width, cell)
        self.hidden = Hidden(width, hidden)
        self.out = nn.Linear(width, 3)
        self.ensemble = ensemble

    def forward(self, features: Tensor, rows: Axis, columns: Axis, cell: Tensor, share: Tensor | None = None) -> Tensor:
        """`share` [N, 1, h, w]: how much of each cell is taken; the last layer's bias comes in full."""
        def at(x: Tensor, row: Tensor, column: Tensor, *share: Tensor) -> Tensor:
            made = self.hidden(self.place(x, row, column, cell))
            return made * share[0] if share else made

        beside = () if share is None else (share,)
        return self.out(blended(features, rows, columns, at, self.ensemble, beside)).permute(0, 3, 1, 2)

    def colours(self, features: Tensor, apart: Tensor, rows: Axis, columns: Axis, cell: Tensor) -> Tensor:
        """RGB at the positions; as much of what is made of each cell as `apart` [N, 4, h, w] (`told_apart`) says, and its
        own colour for the rest; with no channels in it, all."""
        if not apart.shape[1]:
            return self(features, rows, columns, cell) + MEAN
        own, share = blend(apart, rows, columns).split((3, 1), dim=1)
        constant = (self.out.bias + MEAN)[:, None, None]  # comes in full, and is taken as much as the rest
        return self(features, rows, columns, cell, apart[:, 3:]) + MEAN + own - (1 - share) * constant


class Net(nn.Module):
    """EDSR-baseline's encoder, the first MLP layer as a convolution (3x3: feature unfolding; 1x1 without), the rest
    of the MLP (256-256-256-256-3 in all) at the output pixels. Switches for the paper's ablations, and another body for
    comparing decoders (training/learning/pilot.py). `flats`: cells around which the photo is flat bring their own colour
    in the place of what is made of them (flats.py)."""

    base = "none"
    controls = ()
    shared = "encoder"

    def __init__(self, width: int = 64, blocks: int = 16, unfold: bool = True, cell: bool = True,
                 ensemble: bool = True, body: str = "edsr", flats: bool = False):
        super().__init__()
        self.flats = flats
        self.encoder = body_of(body, width, blocks)
        self.first = nn.Conv2d(width, HIDDEN, 3 if unfold else 1, padding=1 if unfold else 0)
        self.decoder = Decoder(cell=cell, ensemble=ensemble)

    def features(self, encoded: Tensor, photo: Tensor | None = None) -> Tensor:
        """The encoder's maps [N, 64, h, w] -> what the decoder reads [N, HIDDEN, h, w]: the part of the first layer that
        needs no position; and where the photo [N, 3, h, w] is given the four numbers of `told_apart` behind it."""
        made = self.first(encoded)
        return made if photo is None else torch.cat([made, told_apart(photo)], dim=1)

    def encode(self, image: Tensor) -> Tensor:
        return self.features(self.encoder(image), image if self.flats else None)

    def decode(self, features: Tensor, rows: Axis, columns: Axis, cell: Tensor) -> Tensor:
        """Features -> RGB [N, 3, H, W] at the positions."""
        return self.decoder.colours(features[:, :HIDDEN], features[:, HIDDEN:], rows, columns, cell)

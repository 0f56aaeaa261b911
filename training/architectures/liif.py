"""LIIF (Chen, Liu, Wang: Learning Continuous Image Representation with Local Implicit Image Function, 2021)."""
from torch import Tensor, nn

from ..kernels.positions import Axis
from .corners import Hidden, Place, blended
from .edsr import MEAN
from .separable import body_of


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


class Net(nn.Module):
    """EDSR-baseline's encoder, the first MLP layer as a convolution (3x3: feature unfolding; 1x1 without), the rest
    of the MLP (256-256-256-256-3 in all) at the output pixels. Switches for the paper's ablations, and another body for
    comparing decoders (training/learning/pilot.py)."""

    base = "none"
    controls = ()
    shared = "encoder"

    def __init__(self, width: int = 64, blocks: int = 16, unfold: bool = True, cell: bool = True,
                 ensemble: bool = True, body: str = "edsr"):
        super().__init__()
        self.encoder = body_of(body, width, blocks)
        self.first = nn.Conv2d(width, 256, 3 if unfold else 1, padding=1 if unfold else 0)
        self.decoder = Decoder(cell=cell, ensemble=ensemble)

    def features(self, encoded: Tensor) -> Tensor:
        """The encoder's maps [N, 64, h, w] -> what the decoder reads; the part of the first layer that needs no
        position."""
        return self.first(encoded)

    def encode(self, image: Tensor) -> Tensor:
        return self.features(self.encoder(image))

    def decode(self, features: Tensor, rows: Axis, columns: Axis, cell: Tensor) -> Tensor:
        return self.decoder(features, rows, columns, cell) + MEAN

"""LIIFusion: LIIF conditioned on a vector that a small diffusion model imagines from the photo.

What the publication leaves open is chosen here as DiffIR does it for the vectors (prior_encoder.py, diffusion.py) and
as Swin does it for the windows (window_attention.py). At the beginning the vector changes nothing and the attention
adds nothing: the network is LIIF, whose trained layers (`first`, `decoder`) it takes over by name.
"""
import torch
from torch import Tensor, nn

from ..kernels.noise import noise_of
from ..kernels.positions import Axis
from .diffusion import Denoiser, way_back
from .edsr import Encoder
from .flats import told_apart
from .liif import HIDDEN, Decoder
from .prior_encoder import SIZE, ConditionEncoder, PriorEncoder, photo_patches
from .window_attention import REACH, WINDOW, CrossAttention


class Injector(nn.Module):
    """Features M [N, C, h, w] and a prior z [N, SIZE] -> z_a M + z_b, where z_a and z_b [N, C] come from an MLP; z_a
    begins at 1 and z_b at 0."""

    def __init__(self, width: int):
        super().__init__()
        self.mlp = nn.Sequential(nn.Linear(SIZE, SIZE), nn.ReLU(), nn.Linear(SIZE, 2 * width))
        nn.init.zeros_(self.mlp[2].weight)
        nn.init.zeros_(self.mlp[2].bias)

    def forward(self, features: Tensor, prior: Tensor) -> Tensor:
        gain, shift = self.mlp(prior)[:, :, None, None].chunk(2, dim=1)
        return features * (1 + gain) + shift


class FadingScale(nn.Module):
    """The scale as a condition of the first layer [N, 256, h, w]: a gain and a shift a channel, learnt functions of
    the cell, that fade out from the largest trained scale to twice it: nothing was learnt about them there.

    The prior itself is made once a photo and cannot know the scale.
    """

    def __init__(self, upper: float, hidden: int = 32):
        super().__init__()
        self.upper = upper
        self.mlp = nn.Sequential(nn.Linear(2, hidden), nn.ReLU(), nn.Linear(hidden, 2 * HIDDEN))
        nn.init.zeros_(self.mlp[2].weight)
        nn.init.zeros_(self.mlp[2].bias)

    def forward(self, features: Tensor, cell: Tensor) -> Tensor:
        fade = (2 - 2 / cell.min() / self.upper).clamp(0, 1)
        gain, shift = (self.mlp(cell) * fade)[None, :, None, None].chunk(2, dim=1)
        return features * (1 + gain) + shift


class Net(nn.Module):
    """`stage` 1: the decoder learns with the prior encoder's vector, then the condition path learns to foresee it.
    2: all but the two encoders of stage 1 learn together, with a perceptual model's losses (learning/fusion_run.py).

    `scale_condition`: "fade", or "" as published. `foreseen`: the share of stage 1's samples whose vector is the
    condition path's, so that the decoder does not trust it more than it deserves (published: 0). `varied`: 0, as
    published, teaches the denoiser the likeliest prior, whatever the noise; 1 as many as there may be. `flats`: cells around which
    the photo is flat bring their own colour in the place of what is made of them (flats.py).
    """

    base = "none"
    controls = ()  # of the decoder; the seed is the noise that the prior is made of
    shared = "encoder"
    align = WINDOW
    training_only = ("prior_encoder",)
    prior_side = 48
    noise_size = SIZE

    def __init__(self, width: int = 64, blocks: int = 16, heads: int = 4, stage: int = 1, foreseen: float = 0.0,
                 varied: float = 0.0, scale_condition: str = "", upper: float = 4.0, flats: bool = False):
        super().__init__()
        if stage not in (1, 2):
            raise ValueError(f"LIIFusion has the stages 1 and 2, not {stage}")
        if scale_condition not in ("", "fade"):
            raise ValueError(f'scale_condition is "" or "fade", not {scale_condition!r}')
        self.stage, self.foreseen, self.varied = stage, foreseen, varied
        self.flats = flats
        # Of the encoder's convolutions, of a shifted window that meets plain ones, and of the first layer.
        reach = 2 * blocks + 2 + REACH + 1
        self.reach = {"before": reach, "after": reach}
        self.encoder = Encoder(width, blocks)
        self.prior_encoder = PriorEncoder()
        self.condition_encoder = ConditionEncoder()
        self.denoiser = Denoiser()
        self.injector = Injector(width)
        self.attention = nn.ModuleList(CrossAttention(width, heads, shift) for shift in (0, WINDOW // 2))
        self.first = nn.Conv2d(width, HIDDEN, 3, padding=1)
        self.scale_condition = FadingScale(upper) if scale_condition else None
        self.decoder = Decoder(width=HIDDEN)

    def features(self, encoded: Tensor, prior: Tensor, photo: Tensor | None = None) -> Tensor:
        """The encoder's features [N, C, h, w] and priors [N, SIZE] -> the first layer's [N, 256, h, w], and where the
        photo [N, 3, h, w] is given the four numbers of `told_apart` behind them."""
        x = self.injector(encoded, prior)
        for layer in self.attention:
            x = layer(x, encoded)
        made = self.first(x)
        return made if photo is None else torch.cat([made, told_apart(photo)], dim=1)

    def decode(self, features: Tensor, rows: Axis, columns: Axis, cell: Tensor) -> Tensor:
        """The first layer's features -> RGB [N, 3, H, W] at the positions; as much of it as the features say, if they do
        (`features`)."""
        made, apart = features[:, :HIDDEN], features[:, HIDDEN:]
        if self.scale_condition is not None:
            made = self.scale_condition(made, cell)
        return self.decoder.colours(made, apart, rows, columns, cell)

    def foresee(self, condition: Tensor, noise: Tensor) -> Tensor:
        """Conditions z_c [N, SIZE] and normal noise [N, SIZE] -> priors [N, SIZE], by the four steps."""
        return way_back(noise, lambda z, step: self.denoiser(z, step, condition))

    def prior(self, patches: Tensor, noise: Tensor) -> Tensor:
        """Patches [n, 3, side, side] of one photo and noise [1, SIZE] -> its prior [1, SIZE]."""
        pooled = self.condition_encoder.pooled(patches).mean(dim=0, keepdim=True)
        return self.foresee(self.condition_encoder.head(pooled), noise)

    def encode(self, image: Tensor, seed: int = 1) -> Tensor:
        """A photo [1, 3, h, w] -> features of the first layer, conditioned on what `seed` makes it imagine."""
        noise = torch.from_numpy(noise_of(seed, SIZE))[None].to(image)
        prior = self.prior(photo_patches(image, self.prior_side), noise)
        return self.features(self.encoder(image), prior, image if self.flats else None)

    def learning(self, condition_alone: bool) -> None:
        """Set which weights learn: never the shared encoder; the prior encoder only with the decoder of stage 1;
        in stage 1, `condition_alone`, nothing but the path that foresees the prior."""
        path = {"condition_encoder", "denoiser"}
        for name, part in self.named_children():
            if name == "encoder":
                part.requires_grad_(False)
            elif name == "prior_encoder":
                learns = self.stage == 1 and not condition_alone
                part.requires_grad_(learns).train(learns)
            else:
                part.requires_grad_(name in path or not condition_alone)

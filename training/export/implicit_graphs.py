"""The graphs of an any-scale method, as docs/implicit.md describes them, from its module."""
from typing import NamedTuple

import onnx
import torch
from torch import Tensor, nn

from ..architectures.flats import SIDE
from ..architectures.separable import Decoder as SeparableDecoder
from ..kernels.positions import Axis, axis, cell, decoder_inputs
from .anatomy import COUNTED, macs_per_pixel, receptive_field
from .onnxfile import graph_of, to_onnx

FREE = {name: {2: "height", 3: "width"} for name in ("input", "photo", "output")}


class Part(nn.Module):
    """Of a module what one graph makes, as its forward; its weights under the names that they have in the module."""

    def __init__(self, inner: nn.Module):
        super().__init__()
        self.inner = inner


class Encoding(Part):
    """`encode` of a module as its forward."""

    def forward(self, image: Tensor) -> Tensor:
        return self.inner.encode(image)


class Encoder(Part):
    """The encoder of a module as its forward."""

    def forward(self, image: Tensor) -> Tensor:
        return self.inner.encoder(image)


class Features(Part):
    """What a module makes of its encoder's maps (and of the photo's prior and its pixels) as its forward."""

    def forward(self, encoded: Tensor, *beside: Tensor) -> Tensor:
        return self.inner.features(encoded, *beside)


class Decoding(Part):
    """`decode` of a module as its forward, on flat inputs in the order of DECODER_INPUTS."""

    def forward(self, features: Tensor, row_index: Tensor, row_offset: Tensor, row_weight: Tensor,
                column_index: Tensor, column_offset: Tensor, column_weight: Tensor, size: Tensor,
                *controls: Tensor) -> Tensor:
        rows = Axis(row_index.long(), row_offset, row_weight)
        columns = Axis(column_index.long(), column_offset, column_weight)
        return self.inner.decode(features, rows, columns, size, *controls)


class SeparableBasis(Part):
    """What a separable decoder's sums are made with (docs/implicit.md): the functions of both axes at all rows and
    columns, times the cells' shares, the coefficients' gains, and where there are controls how much of each of its sets
    of coefficients is taken."""

    def forward(self, row_offset: Tensor, row_weight: Tensor, column_offset: Tensor, column_weight: Tensor,
                size: Tensor, *controls: Tensor) -> tuple[Tensor, ...]:
        decoder = self.inner.decoder
        rows = decoder.basis.shares(row_offset, row_weight, size[0])
        columns = decoder.basis.shares(column_offset, column_weight, size[1])
        sets = (self.inner.sets(*controls),) if controls else ()
        return rows, columns, decoder.gain(size[None] / 2), *sets


class Prior(Part):
    """`prior` of a module as its forward."""

    def forward(self, patches: Tensor, noise: Tensor) -> Tensor:
        return self.inner.prior(patches, noise)


class Graphs(NamedTuple):
    """An any-scale method as files: the encoder (`shared` with other methods or its own), what makes features of its
    maps, decoder, prior or nothing, a separable decoder's basis. `channels` and `macs` (a source pixel) are of the first
    two; `reach`: source pixels that the second sees on each side, None where that is not the same everywhere."""

    encoder: onnx.ModelProto
    shared: bool
    source: onnx.ModelProto
    decoder: onnx.ModelProto
    prior: onnx.ModelProto | None
    channels: list[int]
    macs: list[int]
    reach: int | None
    decoder_macs: int
    basis: onnx.ModelProto | None


def decoder_graph(module: nn.Module, features: Tensor, controls: tuple[str, ...]) -> onnx.ModelProto:
    """The decoder of a module; what it does not use of the inputs is not in the graph."""
    height, width = features.shape[2:]
    rows, columns = axis(height, 2 * height + 1, 2.3), axis(width, 3 * width, 3.0)
    inputs = decoder_inputs(features, rows, columns, (2.3, 3.0))
    inputs |= {name: torch.tensor([0.5]) for name in controls}
    free = {"features": {2: "height", 3: "width"}, "output": {2: "rows", 3: "columns"}}
    for name in ("Index", "Offset", "Weight"):
        free |= {f"row{name}": {1: "rows"}, f"column{name}": {1: "columns"}}
    return graph_of(Decoding(module), inputs, free)


def basis_graph(module: nn.Module) -> onnx.ModelProto | None:
    """The basis of a decoder that is separable; None of every other."""
    decoder = getattr(module, "decoder", None)
    if not isinstance(decoder, SeparableDecoder) or decoder.gain is None:
        return None
    inputs = {f"{name}{part}": torch.rand(2, length) for name, length in (("row", 7), ("column", 9))
              for part in ("Offset", "Weight")} | {"cell": torch.tensor([0.7, 0.6])}
    inputs |= {name: torch.tensor([0.5]) for name in module.controls}
    free = {f"{name}{part}": {1: f"{name}s"} for name in ("row", "column") for part in ("Offset", "Weight")}
    free |= {name: {1: name} for name in ("rows", "columns")}
    outputs = ("rows", "columns", "gains", *(("sets",) if module.controls else ()))
    return graph_of(SeparableBasis(module), inputs, free, outputs)


def decoder_macs(module: nn.Module, features: Tensor) -> int:
    """Multiply-adds of the linear layers for an output pixel, and what the module says it does beside them."""
    total = 0
    height, width = features.shape[2:]
    rows, columns = axis(height, 4 * height, 4.0), axis(width, 4 * width, 4.0)

    def count(layer: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> None:
        nonlocal total
        total += output.numel() * layer.in_features

    hooks = [layer.register_forward_hook(count) for layer in module.modules() if isinstance(layer, nn.Linear)]
    with torch.no_grad():
        module.decode(features, rows, columns, cell((4.0, 4.0)), *(torch.tensor([0.5]) for _ in module.controls))
    for hook in hooks:
        hook.remove()
    return round(total / (16 * height * width)) + getattr(module, "other_macs", 0)


@torch.no_grad()
def graphs_of(module: nn.Module) -> Graphs:
    """All graphs of a module in evaluation mode."""
    module = module.float().eval()
    image = torch.rand(1, 3, 24, 32)
    has_prior = hasattr(module, "prior")
    encoded = module.encoder(image)
    inputs = {"input": encoded}
    prior = None
    if has_prior:
        patches, noise = torch.rand(2, 3, module.prior_side, module.prior_side), torch.randn(1, module.noise_size)
        prior = graph_of(Prior(module), {"patches": patches, "noise": noise}, {"patches": {0: "count"}}, ("prior",))
        inputs["prior"] = module.prior(patches, noise)
    beside = [inputs["prior"]] if has_prior else []
    if getattr(module, "flats", False):
        inputs["photo"] = image
        beside.append(torch.rand(1, 3, COUNTED, COUNTED))
    features = module.features(*inputs.values())
    encoder = to_onnx(module.encoder if module.shared else Encoder(module), 3)
    macs = [macs_per_pixel(module.encoder, 3),
            macs_per_pixel(Features(module), encoded.shape[1], tuple(beside))]
    return Graphs(encoder, bool(module.shared), graph_of(Features(module), inputs, FREE),
                  decoder_graph(module, features, module.controls), prior, [encoded.shape[1], features.shape[1]], macs,
                  head_reach(module, encoded.shape[1]), decoder_macs(module, features), basis_graph(module))


def head_reach(module: nn.Module, channels: int) -> int | None:
    """Source pixels on each side that the features of a pixel are made of, counted in the encoder's maps
    and, where it looks at the photo's structure, in the photo."""
    if getattr(module, "reach", None) or getattr(module, "align", 1) != 1:
        return None
    with torch.enable_grad():
        seen = max(receptive_field(Features(module), channels, 1).values())
    return max(seen, SIDE // 2) if getattr(module, "flats", False) else seen

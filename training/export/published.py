"""LIIF's decoder as its authors formulate it, for measuring what our formulation saves:
`python -m training.export.published --method liif --out FILE`.

The same inputs and the same pixels as the bundled `decoder.onnx` gives, but from the encoder's own features: they are
unfolded (3x3, 576 numbers a cell), and at each of the four cells around an output pixel the whole MLP
(580-256-256-256-256-3) runs on the concatenation of features, offset and cell.
"""
import argparse
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..architectures import built
from ..architectures.colour import MEAN
from ..architectures.liif import Net
from ..architectures.matching import load_matching
from ..config import load
from ..kernels.positions import axis, decoder_inputs
from ..learning.weights import committed_weights
from .onnxfile import graph_of


def unfolded(features: Tensor) -> Tensor:
    """[1, C, h, w] -> [h, w, C * 9], zeros beyond the border; a channel's nine neighbours together."""
    height, width = features.shape[2:]
    wide = F.pad(features, [1, 1, 1, 1])
    parts = [wide[:, :, y : y + height, x : x + width] for y in range(3) for x in range(3)]
    return torch.stack(parts, dim=2).flatten(1, 2)[0].permute(1, 2, 0)


class Published(nn.Module):
    """The decoder of a `liif.Net` on the encoder's features, as published."""

    def __init__(self, net: Net):
        super().__init__()
        place = net.decoder.place
        first = nn.Linear(net.first.weight[0].numel() + 4, 256)
        with torch.no_grad():
            first.weight.copy_(torch.cat([net.first.weight.flatten(1), place.offset.T, place.cell.T], dim=1))
            first.bias.copy_(net.first.bias)
        layers: list[nn.Module] = [first, nn.ReLU()]
        for layer in net.decoder.hidden.layers:
            layers += [layer, nn.ReLU()]
        self.mlp = nn.Sequential(*layers, net.decoder.out)

    def forward(self, features: Tensor, row_index: Tensor, row_offset: Tensor, row_weight: Tensor,
                column_index: Tensor, column_offset: Tensor, column_weight: Tensor, cell: Tensor) -> Tensor:
        cells = unfolded(features)
        total: Tensor | float = 0.0
        for i in range(2):
            down = cells.index_select(0, row_index[i].long())
            for j in range(2):
                here = down.index_select(1, column_index[j].long())
                shape = here.shape[:2]
                offset = torch.stack([row_offset[i][:, None].expand(shape), column_offset[j].expand(shape)], dim=-1)
                x = torch.cat([here, offset, cell.expand(*shape, 2)], dim=-1)
                share = row_weight[i][:, None] * column_weight[j]
                total = total + self.mlp(x) * share[:, :, None]
        return total.permute(2, 0, 1)[None] + MEAN


def bundled(method: str) -> Net:
    """The bundled any-scale network with its weights."""
    config = load(method)
    net = built(config)
    weights = committed_weights(method, 0)
    if load_matching(net, weights) != len(net.state_dict()):
        raise SystemExit(f"{method} is not bundled, or with other sizes than its config's")
    return net.float().eval()


def published_graph(net: Net):
    """`Published` as a graph of the decoder's inputs."""
    features = torch.rand(1, net.first.in_channels, 12, 16)
    rows, columns = axis(12, 25, 2.1), axis(16, 48, 3.0)
    free = {"features": {2: "height", 3: "width"}, "output": {2: "rows", 3: "columns"}}
    for name in ("Index", "Offset", "Weight"):
        free |= {f"row{name}": {1: "rows"}, f"column{name}": {1: "columns"}}
    return graph_of(Published(net), decoder_inputs(features, rows, columns, (2.1, 3.0)), free)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--method", default="liif", choices=("liif",))
    parser.add_argument("--out", type=Path, required=True)
    wanted = parser.parse_args()
    wanted.out.write_bytes(published_graph(bundled(wanted.method)).SerializeToString())


if __name__ == "__main__":
    main()

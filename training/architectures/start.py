"""Starting a plain chain of convolutions as an enlarger: channel 0 carries the picture through.

Only where training begins is changed by this, not what the network is: from a random start the first minutes go into
learning to copy the picture, 15 dB below the bicubic.
"""
import numpy as np
import torch
from torch import nn

from ..kernels.resize import cubic


@torch.no_grad()
def carry_channel(layer: nn.Conv2d, gain: float = 1.0) -> None:
    """Output channel 0 becomes `gain` times input channel 0; the others stay as they are."""
    layer.weight[0].zero_()
    layer.weight[0, 0, layer.kernel_size[0] // 2, layer.kernel_size[1] // 2] = gain
    layer.bias[0] = 0


@torch.no_grad()
def see_edges(layer: nn.Conv2d, strength: float) -> None:
    """Filters without a mean, so that their units answer to edges and texture. With a mean the brightness (0.5) drowns
    both (0.05): every unit of a ReLU is on everywhere or off everywhere, and the network begins as a linear filter.

    `strength` is the standard deviation of the taps.
    """
    layer.weight.normal_(std=strength)
    layer.weight -= layer.weight.mean(dim=(2, 3), keepdim=True)
    layer.bias.zero_()


@torch.no_grad()
def enlarge_transposed(layer: nn.ConvTranspose2d, others: float = 1e-3) -> None:
    """A transposed convolution that enlarges channel 0 bicubically (as far as its kernel reaches)."""
    scale, size = layer.stride[0], layer.kernel_size[0]
    distance = (np.arange(size) - layer.padding[0] + 0.5) / scale - 0.5
    weight = cubic(distance)
    for phase in range(scale):  # every output pixel's weights sum to one
        weight[phase::scale] /= weight[phase::scale].sum()
    layer.weight.normal_(std=others)
    layer.weight[0, 0] = torch.from_numpy(np.outer(weight, weight)).float()
    layer.bias.zero_()


@torch.no_grad()
def enlarge_shuffled(layer: nn.Conv2d, scale: int, gain: float = 1.0, others: float = 1e-3) -> None:
    """A 3x3 convolution before a pixel shuffle that enlarges channel 0 bilinearly."""
    layer.weight.normal_(std=others)
    layer.bias.zero_()
    for row in range(scale):
        for column in range(scale):
            taps = []
            for phase in (row, column):
                offset = (phase + 0.5) / scale - 0.5
                taps.append(np.maximum(0, 1 - np.abs(np.arange(-1, 2) - offset)))
            layer.weight[row * scale + column, 0] = torch.from_numpy(gain * np.outer(*taps)).float()

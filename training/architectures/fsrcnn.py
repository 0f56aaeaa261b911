"""FSRCNN(d, s, m) (Dong, Loy, Tang: Accelerating the Super-Resolution Convolutional Neural Network, 2016)."""
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .start import carry_channel, enlarge_transposed, see_edges

KERNEL = 9


class Net(nn.Module):
    """[N, 1, H, W] -> [N, 1, H*scale, W*scale], Y. FSRCNN(56, 12, 4)."""

    def __init__(self, scale: int, width: int = 56, narrow: int = 12, layers: int = 4):
        super().__init__()
        self.extract = nn.Sequential(nn.Conv2d(1, width, 5, padding=2), nn.PReLU(width))
        self.shrink = nn.Sequential(nn.Conv2d(width, narrow, 1), nn.PReLU(narrow))
        steps = [nn.Sequential(nn.Conv2d(narrow, narrow, 3, padding=1), nn.PReLU(narrow)) for _ in range(layers)]
        self.map = nn.Sequential(*steps)
        self.expand = nn.Sequential(nn.Conv2d(narrow, width, 1), nn.PReLU(width))
        # Padded so that the output has exactly scale times the size and the kernel lies over its input pixel's own
        # block: (H - 1) s - 2 padding + 9 + rest = H s. With padding 4 everywhere it would be 1.5 pixels off at x4.
        padding = (KERNEL - scale + 1) // 2
        rest = scale + 2 * padding - KERNEL
        self.enlarge = nn.ConvTranspose2d(width, 1, KERNEL, stride=scale, padding=padding, output_padding=rest)
        for layer in self.modules():
            if isinstance(layer, nn.Conv2d):
                nn.init.kaiming_normal_(layer.weight, a=0.25)
                nn.init.zeros_(layer.bias)
        see_edges(self.extract[0], 0.5)
        for layer in self.modules():
            if isinstance(layer, nn.Conv2d):
                carry_channel(layer)
        enlarge_transposed(self.enlarge)

    def forward(self, x: Tensor) -> Tensor:
        features = self.expand(self.map(self.shrink(self.extract(x))))
        return enlarged_by_phases(self.enlarge, features) if self.training else self.enlarge(features)


def enlarged_by_phases(layer: nn.ConvTranspose2d, x: Tensor) -> Tensor:
    """What `layer(x)` gives, as a small convolution to one channel a phase and a pixel shuffle: the same sums from the
    same weights, trained three times as fast on a CPU, which does badly at transposed convolutions to one channel.

    Output pixel j s + r takes input pixel j + d through kernel tap r + padding - d s, where there is one.
    """
    scale, padding, size = layer.stride[0], layer.padding[0], layer.kernel_size[0]
    reach = max((scale - 1 + padding) // scale, (size - 1 - padding) // scale)
    phase = torch.arange(scale, device=x.device)[:, None]
    step = torch.arange(-reach, reach + 1, device=x.device)[None, :]
    tap = phase + padding - step * scale
    tap = torch.where((tap >= 0) & (tap < size), tap, size)  # `size`: the row of zeros appended below
    kernel = F.pad(layer.weight[:, 0], (0, 1, 0, 1))[:, tap][..., tap]  # [C, phase, step, phase, step]
    kernel = kernel.permute(1, 3, 0, 2, 4).reshape(scale * scale, x.shape[1], 2 * reach + 1, 2 * reach + 1)
    bias = layer.bias.expand(scale * scale)
    return F.pixel_shuffle(F.conv2d(x, kernel, bias, padding=reach), scale)

"""FSRCNN(d, s, m) (Dong, Loy, Tang: Accelerating the Super-Resolution Convolutional Neural Network, 2016)."""
from torch import Tensor, nn

from .start import carry_channel, enlarge_transposed

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
                carry_channel(layer)
        enlarge_transposed(self.enlarge)

    def forward(self, x: Tensor) -> Tensor:
        return self.enlarge(self.expand(self.map(self.shrink(self.extract(x)))))

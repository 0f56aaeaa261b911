"""FSRCNN(d, s, m) (Dong, Loy, Tang: Accelerating the Super-Resolution Convolutional Neural Network, 2016)."""
from torch import Tensor, nn


class Net(nn.Module):
    """[N, 1, H, W] -> [N, 1, H*scale, W*scale], Y. FSRCNN(56, 12, 4): 12,637 weights with the biases."""

    def __init__(self, scale: int, width: int = 56, narrow: int = 12, layers: int = 4):
        super().__init__()
        self.extract = nn.Sequential(nn.Conv2d(1, width, 5, padding=2), nn.PReLU(width))
        self.shrink = nn.Sequential(nn.Conv2d(width, narrow, 1), nn.PReLU(narrow))
        steps = [nn.Sequential(nn.Conv2d(narrow, narrow, 3, padding=1), nn.PReLU(narrow)) for _ in range(layers)]
        self.map = nn.Sequential(*steps)
        self.expand = nn.Sequential(nn.Conv2d(narrow, width, 1), nn.PReLU(width))
        # Output size exactly scale times the input's: (H - 1) s - 2*4 + 9 + (s - 1).
        self.enlarge = nn.ConvTranspose2d(width, 1, 9, stride=scale, padding=4, output_padding=scale - 1)
        for layer in self.modules():
            if isinstance(layer, nn.Conv2d):
                nn.init.kaiming_normal_(layer.weight, a=0.25)
                nn.init.zeros_(layer.bias)
        nn.init.normal_(self.enlarge.weight, std=0.001 * scale)  # the paper: std 0.001
        nn.init.zeros_(self.enlarge.bias)

    def forward(self, x: Tensor) -> Tensor:
        return self.enlarge(self.expand(self.map(self.shrink(self.extract(x)))))

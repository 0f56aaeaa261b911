"""VDSR (Kim, Lee, Lee: Accurate Image Super-Resolution Using Very Deep Convolutional Networks, 2016)."""
from torch import Tensor, nn


class Together(nn.Module):
    """[N, 1, H, W] -> [N, 1, H, W]: bicubically enlarged Y -> Y refined, one set of weights for every scale.

    20 convolutions 3x3 of 64 channels and a skip over all of them. 664,704 weights without biases.
    """

    def __init__(self, scales: tuple[int, ...] = (2, 3, 4), width: int = 64, layers: int = 20):
        super().__init__()
        sizes = [1] + [width] * (layers - 1) + [1]
        self.layers = nn.ModuleList(nn.Conv2d(a, b, 3, padding=1) for a, b in zip(sizes, sizes[1:]))
        self.relu = nn.ReLU()
        for layer in self.layers:
            nn.init.kaiming_normal_(layer.weight)
            nn.init.zeros_(layer.bias)
        nn.init.normal_(self.layers[-1].weight, std=1e-3)  # begins as the bicubic

    def forward(self, x: Tensor, scale: int = 0) -> Tensor:
        y = x
        for layer in self.layers[:-1]:
            y = self.relu(layer(y))
        return x + self.layers[-1](y)

"""SRCNN 9-5-5 (Dong, Loy, He, Tang: Image Super-Resolution Using Deep Convolutional Networks, 2014/2016)."""
import torch
from torch import Tensor, nn


class Net(nn.Module):
    """[N, 1, H, W] -> [N, 1, H, W]: Y enlarged bicubically -> Y refined. 57,281 weights."""

    def __init__(self, scale: int = 0, width: int = 64, middle: int = 32):
        super().__init__()
        self.extract = nn.Conv2d(1, width, 9, padding=4)
        self.map = nn.Conv2d(width, middle, 5, padding=2)
        self.rebuild = nn.Conv2d(middle, 1, 5, padding=2)
        self._start_as_identity()

    @torch.no_grad()
    def _start_as_identity(self) -> None:
        """Channel 0 carries the picture through, so that training begins at the bicubic's quality.

        Only the start differs from the paper (which begins 15 dB lower); the structure is the published one.
        """
        for layer in (self.extract, self.map, self.rebuild):
            nn.init.kaiming_normal_(layer.weight, a=1.0)
            nn.init.zeros_(layer.bias)
            layer.weight[0].zero_()
            layer.weight[0, 0, layer.kernel_size[0] // 2, layer.kernel_size[1] // 2] = 1.0
        # The other channels join gently: their random sum would drown the picture.
        self.rebuild.weight[0, 1:].normal_(std=1e-3)

    def forward(self, x: Tensor) -> Tensor:
        return self.rebuild(torch.relu(self.map(torch.relu(self.extract(x)))))

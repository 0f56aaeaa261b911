"""SRGAN's discriminator: real photograph or network's result?"""
import torch
from torch import Tensor, nn


class Discriminator(nn.Module):
    """RGB [N, 3, H, W] in [0, 1] -> logits [N, 1]. Eight 3x3 convolutions, 64 to 512 channels, stride 2 at every
    second, LeakyReLU 0.2, batch normalisation after all but the first; dense 1024.

    The published dense layer takes a fixed 96x96 patch; here the last map is averaged to 6x6 before it, so that the
    patch may have another size (at 96x96 nothing is averaged). The sigmoid is in the losses.
    """

    def __init__(self, width: int = 64, dense: int = 1024):
        super().__init__()
        steps: list[nn.Module] = [nn.Conv2d(3, width, 3, padding=1), nn.LeakyReLU(0.2)]
        plan = [(1, 2), (2, 1), (2, 2), (4, 1), (4, 2), (8, 1), (8, 2)]
        before = width
        for factor, stride in plan:
            after = width * factor
            steps += [nn.Conv2d(before, after, 3, stride, 1, bias=False), nn.BatchNorm2d(after), nn.LeakyReLU(0.2)]
            before = after
        self.features = nn.Sequential(*steps, nn.AdaptiveAvgPool2d(6))
        self.judge = nn.Sequential(nn.Linear(before * 36, dense), nn.LeakyReLU(0.2), nn.Linear(dense, 1))

    def forward(self, x: Tensor) -> Tensor:
        return self.judge(torch.flatten(self.features(x * 2 - 1), 1))

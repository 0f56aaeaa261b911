"""RCAN (Zhang, Li, Li, Wang, Zhong, Fu: Image Super-Resolution Using Very Deep Residual Channel Attention Networks,
2018). Published: 10 groups of 20 blocks; `groups` and `blocks` make smaller ones."""
import torch
from torch import Tensor, nn

from .colour import MEAN
from .edsr import Tailed


class ChannelAttention(nn.Module):
    """x -> x * sigmoid(1x1(ReLU(1x1(mean of x over positions)))); looks at the whole picture it is given."""

    def __init__(self, width: int, reduction: int):
        super().__init__()
        self.squeeze = nn.Conv2d(width, width // reduction, 1)
        self.excite = nn.Conv2d(width // reduction, width, 1)
        self.frozen_gate = False  # set while a receptive field is measured: the gate counts as a constant

    def forward(self, x: Tensor) -> Tensor:
        pooled = x.mean(dim=(2, 3), keepdim=True)
        gate = torch.sigmoid(self.excite(torch.relu(self.squeeze(pooled.detach() if self.frozen_gate else pooled))))
        return x * gate


class Block(nn.Module):
    """conv - ReLU - conv - channel attention + skip."""

    def __init__(self, width: int, reduction: int):
        super().__init__()
        self.conv1 = nn.Conv2d(width, width, 3, padding=1)
        self.conv2 = nn.Conv2d(width, width, 3, padding=1)
        self.attention = ChannelAttention(width, reduction)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.attention(self.conv2(torch.relu(self.conv1(x))))


class Group(nn.Module):
    """Blocks, a convolution and a short skip."""

    def __init__(self, width: int, blocks: int, reduction: int):
        super().__init__()
        self.blocks = nn.Sequential(*[Block(width, reduction) for _ in range(blocks)])
        self.fuse = nn.Conv2d(width, width, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.fuse(self.blocks(x))


class Encoder(nn.Module):
    """RGB -> features, with the long skip."""

    def __init__(self, width: int, groups: int, blocks: int, reduction: int):
        super().__init__()
        self.head = nn.Conv2d(3, width, 3, padding=1)
        self.groups = nn.Sequential(*[Group(width, blocks, reduction) for _ in range(groups)])
        self.fuse = nn.Conv2d(width, width, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        head = self.head(x - MEAN)
        return head + self.fuse(self.groups(head))


class Together(Tailed):
    """[N, 3, H, W] -> [N, 3, H*scale, W*scale]: a shared encoder and EDSR's tails."""

    takes_means = True  # and nothing else, of the whole picture: see measure/means.py

    def __init__(self, scales: tuple[int, ...], width: int = 64, groups: int = 10, blocks: int = 20,
                 reduction: int = 16, flats: bool = False):
        super().__init__(Encoder(width, groups, blocks, reduction), width, scales, flats)

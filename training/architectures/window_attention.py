"""Cross-attention inside windows of 8 x 8 positions (Swin Transformer, Liu et al. 2021), queries from one feature map,
keys and values from another.

Windows are counted from the photo's corner, the shifted ones from half a window before it, and what of a window lies
outside the map is masked. Swin rolls the map instead, by which a window may hold two opposite edges of what it is
given; here a tile that begins at a multiple of the window sees the photo's own windows.
"""
import torch
import torch.nn.functional as F
from torch import Tensor, nn

WINDOW = 8
REACH = WINDOW + WINDOW // 2 - 1  # of a layer of shifted windows after one of plain windows, in positions


def windows(x: Tensor, shift: int) -> Tensor:
    """[N, C, H, W] -> [N, windows, WINDOW^2, C], `shift` positions of zeros before the first row and column and as
    many after the last as fill the windows."""
    count, channels, height, width = x.shape
    rows, columns = (height + shift + WINDOW - 1) // WINDOW, (width + shift + WINDOW - 1) // WINDOW
    x = F.pad(x, (shift, WINDOW, shift, WINDOW))[:, :, : rows * WINDOW, : columns * WINDOW]
    x = x.reshape(count, channels, rows, WINDOW, columns, WINDOW).permute(0, 2, 4, 3, 5, 1)
    return x.reshape(count, rows * columns, WINDOW * WINDOW, channels)


def map_of(cells: Tensor, height: int, width: int, shift: int) -> Tensor:
    """The inverse of `windows`: [N, windows, WINDOW^2, C] -> [N, C, height, width]."""
    count, channels = cells.shape[0], cells.shape[3]
    rows, columns = (height + shift + WINDOW - 1) // WINDOW, (width + shift + WINDOW - 1) // WINDOW
    x = cells.reshape(count, rows, columns, WINDOW, WINDOW, channels).permute(0, 5, 1, 3, 2, 4)
    x = x.reshape(count, channels, rows * WINDOW, columns * WINDOW)
    return x[:, :, shift : shift + height, shift : shift + width]


def relative_positions() -> Tensor:
    """For every pair of a window's positions, the place of their distance in a table of (2 WINDOW - 1)^2."""
    y, x = torch.meshgrid(torch.arange(WINDOW), torch.arange(WINDOW), indexing="ij")
    place = torch.stack([y.flatten(), x.flatten()])
    gap = place[:, :, None] - place[:, None, :] + WINDOW - 1
    return gap[0] * (2 * WINDOW - 1) + gap[1]


class CrossAttention(nn.Module):
    """(x, source), both [N, C, H, W] -> x changed: x + attention(queries of x, keys and values of source), then
    x + MLP(x); both changes begin at zero."""

    def __init__(self, width: int, heads: int, shift: int):
        super().__init__()
        self.heads, self.shift = heads, shift
        self.norm_x, self.norm_source, self.norm_mlp = (nn.LayerNorm(width) for _ in range(3))
        self.query = nn.Linear(width, width)
        self.key = nn.Linear(width, width)
        self.value = nn.Linear(width, width)
        self.out = nn.Linear(width, width)
        self.mlp = nn.Sequential(nn.Linear(width, 2 * width), nn.GELU(), nn.Linear(2 * width, width))
        self.bias = nn.Parameter(torch.zeros(heads, (2 * WINDOW - 1) ** 2))
        self.register_buffer("pairs", relative_positions(), persistent=False)
        for layer in (self.out, self.mlp[2]):
            nn.init.zeros_(layer.weight)
            nn.init.zeros_(layer.bias)

    def forward(self, x: Tensor, source: Tensor) -> Tensor:
        height, width = x.shape[2:]
        inside = windows(torch.ones_like(x[:1, :1]), self.shift)[..., 0]  # [1, windows, WINDOW^2]
        cells, other = windows(x, self.shift), self.norm_source(windows(source, self.shift))
        cells = cells + self.out(self.attended(self.norm_x(cells), other, inside))
        cells = cells + self.mlp(self.norm_mlp(cells))
        return map_of(cells, height, width, self.shift)

    def attended(self, x: Tensor, other: Tensor, inside: Tensor) -> Tensor:
        """Windows [N, windows, WINDOW^2, C] of queries and of keys and values -> the same shape."""
        query, key, value = self.split(self.query(x)), self.split(self.key(other)), self.split(self.value(other))
        score = query @ key.transpose(-1, -2) * (query.shape[-1] ** -0.5) + self.bias[:, self.pairs]
        score = score + ((inside - 1) * 1e4)[:, :, None, None, :]
        return (score.softmax(dim=-1) @ value).transpose(2, 3).flatten(3)

    def split(self, x: Tensor) -> Tensor:
        """[N, windows, positions, C] -> [N, windows, heads, positions, C / heads]."""
        return x.unflatten(3, (self.heads, -1)).transpose(2, 3)

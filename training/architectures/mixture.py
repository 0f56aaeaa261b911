"""What networks do that rebuild a picture after every recursion: mix the pictures by learned weights."""
import torch
from torch import Tensor, nn


class Mixture(nn.Module):
    """(x [N, 1, H, W], `count` residuals of its shape) -> x plus the weighted sum of the residuals, the weights learned
    from 1 / count. In training all pictures come out beside it, [(1 + count) N, 1, H, W], the mixture first, so that
    each is held against the truth.

    The skip is added to the mixture, not mixed: weights that do not sum to one would change the brightness.
    """

    def __init__(self, count: int):
        super().__init__()
        self.weigh = nn.Conv2d(count, 1, 1, bias=False)
        nn.init.constant_(self.weigh.weight, 1 / count)

    def forward(self, x: Tensor, residuals: list[Tensor]) -> Tensor:
        result = x + self.weigh(torch.cat(residuals, dim=1))
        return torch.cat([result, *(x + residual for residual in residuals)]) if self.training else result

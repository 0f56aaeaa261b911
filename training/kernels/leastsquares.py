"""Convolutions in closed form: the 3x3 weights that turn one batch of features into another most nearly."""
import torch
import torch.nn.functional as F
from torch import Tensor, nn

CHUNK = 4  # pictures whose neighbourhoods are laid out at a time: they take nine times the features' memory
RIDGE = 1e-6  # of the mean square of the features: keeps directions that are never seen from being given weight


@torch.no_grad()
def fit_convolution(layer: nn.Conv2d, source: Tensor, target: Tensor, gain: float = 1.0) -> float:
    """Set a 3x3 layer so that `gain` times its result on `source` [N, C, H, W] is nearest to `target` [N, C', H, W] in
    the squared sense, padding included; the root mean square of what is left."""
    inputs, outputs = source.shape[1] * 9 + 1, target.shape[1]
    gram, moment = torch.zeros(inputs, inputs, dtype=torch.float64), torch.zeros(inputs, outputs, dtype=torch.float64)
    for start in range(0, len(source), CHUNK):
        seen = F.unfold(source[start : start + CHUNK], 3, padding=1).transpose(1, 2).flatten(0, 1)
        seen = torch.cat([seen, torch.ones(len(seen), 1)], dim=1)
        wanted = target[start : start + CHUNK].permute(0, 2, 3, 1).reshape(-1, outputs)
        gram += (seen.T @ seen).double()
        moment += (seen.T @ wanted).double()
    gram.diagonal().add_(RIDGE * gram.diagonal()[:-1].mean())
    found = torch.linalg.solve(gram, moment) / gain
    layer.weight.copy_(found[:-1].T.reshape(layer.weight.shape))
    layer.bias.copy_(found[-1])
    return float((gain * layer(source) - target).square().mean().sqrt())

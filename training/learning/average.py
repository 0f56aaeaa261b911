"""The exponential average of a network's weights: what is looked at and bundled."""
import torch
from torch import Tensor, nn


class Average:
    """Averages of all numbers of a module, which must keep its tensors (as load_state_dict does): they are listed
    once."""

    def __init__(self, module: nn.Module, most: float):
        self.most = most
        self.live = dict(module.state_dict())
        self.weights = {name: value.detach().clone() for name, value in self.live.items()}
        floats = [name for name, value in self.live.items() if value.is_floating_point()]
        self._kept, self._now = ([part[name] for name in floats] for part in (self.weights, self.live))
        self._others = sorted(self.live.keys() - set(floats))

    @torch.no_grad()
    def update(self, step: int) -> None:
        """Take in the weights after `step` + 1 steps; the first ones are forgotten sooner."""
        keep = min(self.most, (1 + step) / (10 + step))
        torch._foreach_lerp_(self._kept, self._now, 1 - keep)
        for name in self._others:
            self.weights[name].copy_(self.live[name])

    @torch.no_grad()
    def put(self, weights: dict[str, Tensor]) -> None:
        """Be these."""
        for name, value in weights.items():
            self.weights[name].copy_(value)

    def restart(self) -> None:
        """Be the weights as they are now."""
        self.put(self.live)

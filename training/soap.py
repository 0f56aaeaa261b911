"""SOAP: Adam in the eigenbasis of Shampoo's preconditioner (Vyas et al.: SOAP: Improving and Stabilizing Shampoo using
Adam, 2024). Networks of a few ten thousand weights learn several times as much a step with it as with Adam, for half
as much again a step; for large ones the matrices cost too much.
"""
import torch
from torch import Tensor

FORGET = 0.05  # share of the newest gradient in the covariances


def _eigenbasis(covariance: Tensor) -> Tensor:
    """Eigenvectors of one gradient's covariance, largest first: the order QR iteration converges to.

    It has a low rank, so that many eigenvalues are equal (zero) and float32 fails to find their vectors: float64, and
    a faint diagonal that sets them apart.
    """
    size = covariance.shape[0]
    scaled = covariance.double() / covariance.double().diagonal().sum().clamp_min(1e-300)
    apart = torch.linspace(1e-9, 2e-9, size, dtype=torch.float64, device=covariance.device)
    return torch.linalg.eigh(scaled + torch.diag(apart))[1].flip(1).to(covariance.dtype)


class Soap(torch.optim.Optimizer):
    """Convolutions as matrices [out, rest] in the eigenbases of their two gradient covariances; everything else (biases,
    slopes) by Adam itself. `every`: steps between refreshes of the bases by one step of QR iteration."""

    def __init__(self, params, lr: float, betas: tuple[float, float] = (0.9, 0.98), every: int = 10, eps: float = 1e-12):
        super().__init__(params, {"lr": lr, "betas": betas, "every": every, "eps": eps})

    @torch.no_grad()
    def step(self, closure=None) -> None:
        """One step from the gradients that lie in `.grad`."""
        for group in self.param_groups:
            for parameter in group["params"]:
                if parameter.grad is None:
                    continue
                state = self.state[parameter]
                gradient = parameter.grad.contiguous()
                matrix = gradient.reshape(gradient.shape[0], -1) if gradient.ndim == 4 else gradient.reshape(-1, 1)
                if not state:
                    self._begin(state, matrix, whole=gradient.ndim == 4)
                    continue  # the first gradient only finds the bases
                change = self._change(state, matrix, group)
                parameter.add_(change.reshape(parameter.shape), alpha=-group["lr"])

    @staticmethod
    def _begin(state: dict, gradient: Tensor, whole: bool) -> None:
        state["step"] = 0
        state["mean"], state["square"] = torch.zeros_like(gradient), torch.zeros_like(gradient)
        if whole:
            for side, covariance in (("left", gradient @ gradient.T), ("right", gradient.T @ gradient)):
                state[side] = covariance
                state[f"{side}Basis"] = _eigenbasis(covariance)

    @staticmethod
    def _change(state: dict, gradient: Tensor, group: dict) -> Tensor:
        """Adam's normalised step, taken in the rotated space where there is one."""
        first, second = group["betas"]
        state["step"] += 1
        state["mean"].lerp_(gradient, 1 - first)
        rotated = "left" in state
        if rotated:
            left, right = state["leftBasis"], state["rightBasis"]
            turned, mean = left.T @ gradient @ right, left.T @ state["mean"] @ right
        else:
            turned, mean = gradient, state["mean"]
        state["square"].mul_(second).addcmul_(turned, turned, value=1 - second)
        spread = (state["square"] / (1 - second ** state["step"])).sqrt_().add_(group["eps"])
        change = mean / (1 - first ** state["step"]) / spread
        if not rotated:
            return change
        state["left"].lerp_(gradient @ gradient.T, FORGET)
        state["right"].lerp_(gradient.T @ gradient, FORGET)
        if state["step"] % group["every"] == 0 or state["step"] < 4:
            for axis, side in enumerate(("left", "right")):
                basis = state[f"{side}Basis"]
                size = (basis * (state[side] @ basis)).sum(dim=0)
                order = size.argsort(descending=True)
                # What is known of each axis moves with it.
                state["square"] = state["square"].index_select(axis, order)
                state[f"{side}Basis"] = torch.linalg.qr(state[side] @ basis[:, order])[0]
        return left @ change @ right.T

"""SOAP: Adam in the eigenbasis of Shampoo's preconditioner (Vyas et al.: SOAP: Improving and Stabilizing Shampoo using
Adam, 2024). Networks of a few ten thousand weights learn several times as much a step with it as with Adam, for half
as much again a step; for large ones the matrices cost too much.
"""
from collections.abc import Callable

import torch
from torch import Tensor

FORGET = 0.05  # share of the newest gradient in the covariances


def eigenbasis(covariance: Tensor) -> Tensor:
    """Eigenvectors of one gradient's covariance, largest first: the order QR iteration converges to.

    It has a low rank, so that many eigenvalues are equal (zero) and float32 fails to find their vectors: float64, and
    a faint diagonal that sets them apart.
    """
    size = covariance.shape[0]
    scaled = covariance.double() / covariance.double().diagonal().sum().clamp_min(1e-300)
    apart = torch.linspace(1e-9, 2e-9, size, dtype=torch.float64, device=covariance.device)
    return torch.linalg.eigh(scaled + torch.diag(apart))[1].flip(1).to(covariance.dtype)


def normalised_step(state: dict, gradient: Tensor, group: dict, refresh: Callable[[dict], None]) -> Tensor:
    """Adam's normalised step for a matrix [m, n] or a batch of them [B, m, n], in the rotated space where there is one;
    `refresh` brings the bases nearer to the covariances' eigenvectors every so often."""
    first, second = group["betas"]
    state["step"] += 1
    state["mean"].lerp_(gradient, 1 - first)
    left, right = state.get("leftBasis"), state.get("rightBasis")
    turned, mean = gradient, state["mean"]
    if left is not None:
        turned, mean = left.mT @ turned, left.mT @ mean
    if right is not None:
        turned, mean = turned @ right, mean @ right
    state["square"].mul_(second).addcmul_(turned, turned, value=1 - second)
    spread = (state["square"] / (1 - second ** state["step"])).sqrt_().add_(group["eps"])
    change = mean / (1 - first ** state["step"]) / spread
    if left is not None:
        state["left"].lerp_(gradient @ gradient.mT, FORGET)
        change = left @ change
    if right is not None:
        state["right"].lerp_(gradient.mT @ gradient, FORGET)
        change = change @ right.mT
    if state["step"] % group["every"] == 0 or state["step"] < 4:
        refresh(state)
    return change


class Soap(torch.optim.Optimizer):
    """Convolutions as matrices [out, rest] in the eigenbases of their two gradient covariances; everything else (biases,
    slopes) by Adam itself. `every`: steps between refreshes of the bases by one step of QR iteration. A side longer than
    `widest` is not turned: its basis would cost more than the network."""

    def __init__(self, params, lr: float, betas: tuple[float, float] = (0.9, 0.98), every: int = 10, eps: float = 1e-12,
                 widest: int = 4096):
        super().__init__(params, {"lr": lr, "betas": betas, "every": every, "eps": eps, "widest": widest})

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
                    self._begin(state, matrix, group["widest"] if gradient.ndim == 4 else 0)
                    continue  # the first gradient only finds the bases
                change = normalised_step(state, matrix, group, self._refresh)
                parameter.add_(change.reshape(parameter.shape), alpha=-group["lr"])

    @staticmethod
    def _begin(state: dict, gradient: Tensor, widest: int) -> None:
        state["step"] = 0
        state["mean"], state["square"] = torch.zeros_like(gradient), torch.zeros_like(gradient)
        for side, matrix in (("left", gradient), ("right", gradient.T)):
            if matrix.shape[0] <= widest:
                state[side] = matrix @ matrix.T
                state[f"{side}Basis"] = eigenbasis(state[side])

    @staticmethod
    def _refresh(state: dict) -> None:
        """One step of QR iteration for each basis."""
        for axis, side in enumerate(("left", "right")):
            if side not in state:
                continue
            basis = state[f"{side}Basis"]
            size = (basis * (state[side] @ basis)).sum(dim=0)
            order = size.argsort(descending=True)
            # What is known of each axis moves with it.
            state["square"] = state["square"].index_select(axis, order)
            state[f"{side}Basis"] = torch.linalg.qr(state[side] @ basis[:, order])[0]

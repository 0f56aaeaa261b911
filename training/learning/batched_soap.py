"""SOAP for a GPU: `Soap` with all convolutions of one shape in one batched matrix. A network of a hundred layers else
asks for thousands of small products a step, which leave the chip waiting; and one QR after the other is slow there, so
that bases are refreshed by Cholesky-QR."""
from collections import defaultdict

import torch
from torch import Tensor

from .soap import eigenbasis, normalised_step

# Of a covariance's largest eigenvalue, added to all of them, which turns no eigenvector: without it, columns whose own
# eigenvalue is below float32's rounding point where the largest ones do, and every refresh fell back to the plain QR.
FLOOR = 1e-5


def orthonormal(columns: Tensor) -> Tensor:
    """Q of the QR of [B, n, n], columns up to their signs. Near convergence the columns are almost orthogonal, so that
    the Gram matrix of the normalised ones is far from singular; where it is not, the plain QR is taken."""
    wide = columns.double()
    wide = wide / wide.norm(dim=1, keepdim=True).clamp_min(1e-150)
    for _ in range(2):  # the second time removes what the first left of the columns' condition (Yamamoto et al. 2015)
        factor, failed = torch.linalg.cholesky_ex(wide.mT @ wide)
        if bool(failed.any()):
            return torch.linalg.qr(columns)[0]
        wide = torch.linalg.solve_triangular(factor, wide.mT, upper=False).mT
    gap = (wide.mT @ wide - torch.eye(wide.shape[-1]).to(wide)).abs().max()
    return wide.to(columns.dtype) if bool(gap < 1e-4) else torch.linalg.qr(columns)[0]  # nan is not less


class BatchedSoap(torch.optim.Optimizer):
    """The parameters of `Soap`, and its steps but for rounding."""

    def __init__(self, params, lr: float, betas: tuple[float, float] = (0.9, 0.98), every: int = 10, eps: float = 1e-12,
                 widest: int = 4096):
        super().__init__(params, {"lr": lr, "betas": betas, "every": every, "eps": eps, "widest": widest})
        self.batches: dict[str, dict] = {}  # states, by what is stacked in them

    @torch.no_grad()
    def step(self, closure=None) -> None:
        """One step from the gradients that lie in `.grad`."""
        for number, group in enumerate(self.param_groups):
            alike, flat = defaultdict(list), []
            for place, parameter in enumerate(group["params"]):
                if parameter.grad is not None and parameter.ndim == 4:
                    alike[tuple(parameter.shape)].append(place)
                elif parameter.grad is not None:
                    flat.append(parameter)
            for shape, places in alike.items():
                # By its members: networks with a tail a scale have others of the same shape at every scale.
                self._advance(f"{number}: {','.join(map(str, places))}", shape, [group["params"][at] for at in places], group)
            self._advance_flat(flat, group)

    def _advance(self, key: str, shape: tuple, members: list[Tensor], group: dict) -> None:
        gradient = torch.stack([parameter.grad for parameter in members]).reshape(len(members), shape[0], -1)
        state = self.batches.get(key)
        if state is None:
            self.batches[key] = self._begin(gradient, group["widest"])
            return  # the first gradient only finds the bases
        change = normalised_step(state, gradient, group, self._refresh)
        torch._foreach_add_(members, [part.reshape(shape) for part in change.unbind(0)], alpha=-group["lr"])

    def _advance_flat(self, members: list[Tensor], group: dict) -> None:
        """Biases, slopes, linear layers: Adam itself, each with its own count of steps."""
        known = [parameter for parameter in members if self.state[parameter]]
        for parameter in members:
            if not self.state[parameter]:
                zero = torch.zeros_like(parameter)
                self.state[parameter] = {"step": 0, "mean": zero, "square": zero.clone()}
        if not known:
            return
        states, (first, second) = [self.state[parameter] for parameter in known], group["betas"]
        for state in states:
            state["step"] += 1
        gradients, means, squares = ([p.grad for p in known], *([s[n] for s in states] for n in ("mean", "square")))
        torch._foreach_lerp_(means, gradients, 1 - first)
        torch._foreach_mul_(squares, second)
        torch._foreach_addcmul_(squares, gradients, gradients, 1 - second)
        spread = torch._foreach_sqrt(torch._foreach_div(squares, [1 - second ** s["step"] for s in states]))
        torch._foreach_add_(spread, group["eps"])
        change = torch._foreach_div(means, [1 - first ** s["step"] for s in states])
        torch._foreach_addcdiv_(known, change, spread, -group["lr"])

    def state_dict(self) -> dict:
        """With the stacked states, which no parameter owns alone."""
        return {**super().state_dict(), "batches": self.batches}

    def load_state_dict(self, state_dict: dict) -> None:
        """The inverse of `state_dict`, on the parameters' device."""
        kept = dict(state_dict)
        batches = kept.pop("batches")
        super().load_state_dict(kept)
        device = self.param_groups[0]["params"][0].device
        self.batches = {key: {name: part.to(device) if isinstance(part, Tensor) else part for name, part in one.items()}
                        for key, one in batches.items()}

    @staticmethod
    def _begin(gradient: Tensor, widest: int) -> dict:
        state = {"step": 0, "mean": torch.zeros_like(gradient), "square": torch.zeros_like(gradient)}
        for side, matrix in (("left", gradient), ("right", gradient.mT)):
            if matrix.shape[1] <= widest:
                state[side] = matrix @ matrix.mT
                bases = [eigenbasis(one) for one in state[side].cpu()]  # once, and dependable there
                state[f"{side}Basis"] = torch.stack(bases).to(gradient)
        return state

    @staticmethod
    def _refresh(state: dict) -> None:
        """One step of QR iteration for each basis."""
        for axis, side in enumerate(("left", "right"), 1):
            if side not in state:
                continue
            basis = state[f"{side}Basis"]
            size = (basis * (state[side] @ basis)).sum(dim=1)
            floor = FLOOR * size.amax(dim=1)[:, None, None]
            order = size.argsort(dim=1, descending=True)
            # What is known of each axis moves with it.
            at = order[:, :, None] if axis == 1 else order[:, None, :]
            state["square"] = state["square"].gather(axis, at.expand_as(state["square"]))
            basis = basis.gather(2, order[:, None, :].expand_as(basis))
            state[f"{side}Basis"] = orthonormal(state[side] @ basis + floor * basis)

"""SOAP on a problem whose answer is known."""
import copy

import torch

from training.learning.soap import Soap


def descend(make, steps: int) -> float:
    """Error left after `steps` mini-batches of a least-squares problem whose steep axes are not the coordinates'."""
    torch.manual_seed(2)
    turn = torch.linalg.qr(torch.randn(20, 20))[0]
    spread = torch.logspace(0, -1, 20)
    truth = torch.randn(6, 20)
    weight = torch.zeros(6, 20, 1, 1, requires_grad=True)
    optimiser = make([weight])
    for number in range(steps):
        for group in optimiser.param_groups:
            group["lr"] = 0.05 * (1 - number / steps)
        inputs = torch.randn(16, 20) * spread @ turn.T
        wanted = inputs @ truth.T + 0.3 * torch.randn(16, 6)
        loss = (inputs @ weight.reshape(6, 20).T - wanted).square().mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    gap = (weight.detach().reshape(6, 20) - truth) @ turn * spread
    return float(gap.square().sum())


def test_state_survives_a_checkpoint():
    torch.manual_seed(0)
    layer, again = torch.nn.Conv2d(2, 4, 3), torch.nn.Conv2d(2, 4, 3)
    first, second = Soap(layer.parameters(), 1e-2), Soap(again.parameters(), 1e-2)
    x = torch.rand(1, 2, 8, 8)
    for number in range(6):
        if number == 3:
            again.load_state_dict(layer.state_dict())
            second.load_state_dict(copy.deepcopy(first.state_dict()))
        for net, optimiser in ((layer, first), (again, second))[: 2 if number >= 3 else 1]:
            optimiser.zero_grad()
            net(x).square().mean().backward()
            optimiser.step()
    assert torch.equal(layer.weight, again.weight) and torch.equal(layer.bias, again.bias)


def test_soap_beats_adam_where_the_axes_are_not_the_coordinates():
    assert descend(lambda p: Soap(p, 0.05), 300) < 0.5 * descend(lambda p: torch.optim.Adam(p, 0.05, (0.9, 0.98)), 300)


def test_a_side_that_is_too_long_is_not_turned():
    layer = torch.nn.Conv2d(3, 4, 3)
    optimiser = Soap(layer.parameters(), 1e-2, widest=10)
    x, first = torch.rand(1, 3, 8, 8), None
    for _ in range(5):
        loss = layer(x).square().mean()
        first = first or float(loss.detach())
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    state = optimiser.state[layer.weight]
    assert "left" in state and "right" not in state and float(loss.detach()) < first

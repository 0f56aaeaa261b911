"""SOAP on a problem whose answer is known."""
import io

import pytest
import numpy as np
import torch
from torch import nn

from training.learning.batched_soap import BatchedSoap, orthonormal
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


@pytest.mark.parametrize("kind", (Soap, BatchedSoap))
def test_state_survives_a_checkpoint(kind):
    torch.manual_seed(0)
    layer, again = torch.nn.Conv2d(2, 4, 3), torch.nn.Conv2d(2, 4, 3)
    first, second = kind(layer.parameters(), 1e-2), kind(again.parameters(), 1e-2)
    x = torch.rand(1, 2, 8, 8)
    for number in range(6):
        if number == 3:
            again.load_state_dict(layer.state_dict())
            file = io.BytesIO()
            torch.save(first.state_dict(), file)
            file.seek(0)
            second.load_state_dict(torch.load(file, weights_only=True))
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


def network() -> nn.Module:
    torch.manual_seed(3)
    return nn.Sequential(nn.Conv2d(3, 8, 3, padding=1), nn.PReLU(8), nn.Conv2d(8, 8, 3, padding=1),
                         nn.Conv2d(8, 8, 3, padding=1), nn.Conv2d(8, 3, 3, padding=1)
                         ).to(memory_format=torch.channels_last)


@pytest.mark.parametrize("widest", (8, 4096))
def test_layers_in_one_batch_learn_as_they_do_one_by_one(widest):
    one, other = network(), network()
    pairs = ((one, Soap(one.parameters(), 1e-3, (0.95, 0.98), 5, widest=widest)),
             (other, BatchedSoap(other.parameters(), 1e-3, (0.95, 0.98), 5, widest=widest)))
    random = torch.Generator().manual_seed(4)
    for step in range(40):
        x, losses = torch.rand(4, 3, 16, 16, generator=random), []
        for net, optimiser in pairs:
            optimiser.zero_grad()
            loss = (net(x) - x.flip(1)).square().mean()
            loss.backward()
            optimiser.step()
            losses.append(float(loss.detach()))
        if step == 1 and widest == 8:  # before rounding has had a say in the bases
            for a, b in zip(one.parameters(), other.parameters()):
                assert torch.allclose(a, b, atol=1e-4)
    # Along directions without gradient, which the wider sides of a matrix have, a basis is what rounding makes it, and
    # weights wander apart; losses may not.
    assert abs(losses[0] - losses[1]) < 5e-3 * losses[0]


def test_tails_of_one_shape_keep_their_own_states():
    """EDSR's: of a step only one scale's tail has gradients, and there are as many of them at each."""
    nets = []
    for kind in (Soap, BatchedSoap):
        torch.manual_seed(6)
        body, tails = nn.Conv2d(3, 8, 3, padding=1), nn.ModuleList(nn.Conv2d(8, 3, 3, padding=1) for _ in range(3))
        tails[2] = nn.Conv2d(8, 12, 3, padding=1)
        nets.append((body, tails, kind([*body.parameters(), *tails.parameters()], 1e-3, (0.95, 0.98), 50)))
    random = torch.Generator().manual_seed(7)
    losses = []
    for step in range(12):
        x = torch.rand(2, 3, 12, 12, generator=random)
        for body, tails, optimiser in nets:
            optimiser.zero_grad(set_to_none=True)
            result = tails[step % 3](torch.relu(body(x)))
            loss = (result - x.flip(1).repeat(1, result.shape[1] // 3, 1, 1)).square().mean()
            loss.backward()
            optimiser.step()
            losses.append(float(loss.detach()))
    assert np.allclose(losses[::2], losses[1::2], rtol=2e-3)
    states = [tuple(b["mean"].shape) for b in nets[1][2].batches.values()]
    assert len(states) == 4  # the body's and three tails'


def test_a_refresh_needs_no_plain_qr_where_gradients_span_little(monkeypatch):
    """The first covariances have a rank of one step, and always some eigenvalues are below float32's rounding."""
    def refuse(*_):
        raise AssertionError("fell back to the plain QR, which takes a GPU half a second")

    monkeypatch.setattr(torch.linalg, "qr", refuse)
    torch.manual_seed(8)
    layer = nn.Conv2d(16, 4, 3)
    optimiser = BatchedSoap([layer.weight], 1e-3, (0.95, 0.98), 2)
    for step in range(60):
        layer.weight.grad = torch.randn(4, 1, 1, 1) * torch.randn(16, 3, 3) * 10.0 ** -(step % 5)
        optimiser.step()
    basis = optimiser.batches["0: 0"]["rightBasis"][0]
    assert (basis.T @ basis - torch.eye(144)).abs().max() < 1e-4


def test_cholesky_qr_is_the_qr_and_falls_back_where_it_cannot():
    random = torch.Generator().manual_seed(5)
    matrix = torch.randn(3, 40, 40, generator=random)
    q = orthonormal(matrix)
    assert (q.mT @ q - torch.eye(40)).abs().max() < 1e-4
    assert ((q * torch.linalg.qr(matrix)[0]).sum(1).abs() - 1).abs().max() < 1e-3
    matrix[1, :, 3] = matrix[1, :, 4]  # singular
    q = orthonormal(matrix)
    assert (q.mT @ q - torch.eye(40)).abs().max() < 1e-4

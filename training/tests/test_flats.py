"""Flat places among what any-scale methods learn from."""
import numpy as np
import pytest
import torch
from torch import nn

from training import paths
from training.architectures.edgeless import edgeless
from training.architectures.liif import Net
from training.data.flats import flat_colours
from training.learning.implicit_run import ImplicitRun
from training.tests.test_implicit import tiny


def test_half_of_the_colours_have_none_and_the_ends_come_often():
    colours = flat_colours(np.random.default_rng(1), 20_000)
    grey = (colours == colours[:, :1]).all(axis=1)
    assert abs(grey.mean() - 0.5) < 0.02
    assert 0.09 < (colours == 255).mean() < 0.12 and 0.09 < (colours == 0).mean() < 0.12


def test_without_edges_a_pixel_of_a_flat_picture_is_what_it_is_far_inside_one():
    torch.manual_seed(1)
    net = Net(width=8, blocks=2)
    colour = torch.tensor([0.9, 0.3, 0.1])[None, :, None, None]
    with torch.no_grad():
        inside = net.encode(colour.expand(-1, -1, 33, 33))[:, :, 16:17, 16:17]
        with edgeless(net):
            alone = net.encode(colour)
        assert torch.allclose(alone, inside, atol=1e-5)
        assert not torch.allclose(net.encode(colour), inside, atol=1e-3)
    assert all(layer.padding_mode == "zeros" for layer in net.modules() if isinstance(layer, nn.Conv2d))


@pytest.fixture
def begun(small_pack, tmp_path, monkeypatch):
    """A function that begins a short run of a config at a small size."""

    def begin(name: str) -> ImplicitRun:
        monkeypatch.setattr(paths, "RUNS", tmp_path)
        run = ImplicitRun(tiny(name), name, (2,), "cpu", small_pack)
        run.begin(1, resume=False)
        return run

    return begin


def test_flat_places_come_closer_to_their_colour(begun):
    run = begun("liif")
    learner = torch.optim.Adam(run.module.parameters(), 1e-3)
    batch, losses = run.batch(0.0), []
    for _ in range(30):
        loss = run.flat_loss(batch, 0.0)
        learner.zero_grad()
        loss.backward()
        learner.step()
        losses.append(loss.item())
    assert np.mean(losses[-5:]) < 0.5 * np.mean(losses[:5])


@pytest.mark.parametrize("name", ["lte", "enlarger-photo-psnr"])
def test_what_adds_nothing_to_a_base_is_right_in_flat_places(name, begun):
    run = begun(name)
    assert run.flat_loss(run.batch(0.0), 0.0).item() == 0.0

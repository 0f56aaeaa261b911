"""Flat colours by networks that were trained to invent: the correction and the gate."""
import copy

import numpy as np
import pytest
import torch

from training.architectures import build
from training.architectures.flats import NOTHING, SIDE, STRUCTURE, Flats, enlarged, structure
from training.export.anatomy import flat_ripple, receptive_field
from training.export.flat_field import between, fit, flat_answers, grid
from training.export.onnxfile import to_onnx
from training.measure.session import session_runner
from training.tests.small_networks import SMALL

COLOURS = torch.tensor([[1, 1, 1], [0, 0, 0], [0.8, 0.6, 0.5], [0.9, 0.2, 0.1]])


def network(arch: str, seed: int = 1, **sizes) -> torch.nn.Module:
    """A small one whose answers to flat colours are some 8-bit steps off."""
    torch.manual_seed(seed)
    module = build(arch, 4, **SMALL[arch], flats=True, **sizes).eval()
    return module.folded() if hasattr(module, "folded") else module


def flat(colour: torch.Tensor, side: int = 9) -> torch.Tensor:
    return colour[None, :, None, None].expand(-1, -1, side, side).contiguous()


@pytest.mark.parametrize("arch", ("rrdb", "srresnet"))
@torch.no_grad()
def test_a_flat_colour_stays_itself_to_the_border_whatever_the_network_makes_of_it(arch):
    module = network(arch)
    assert (255 * flat_answers(module, COLOURS).abs()).max() > 5
    for colour in COLOURS:
        assert torch.allclose(module(flat(colour)), flat(colour, 36), atol=1e-6)
    assert flat_ripple(module, 3, {"before": 2, "after": 2}) == 0


@pytest.mark.parametrize("arch", ("rrdb", "srresnet", "compact"))
@torch.no_grad()
def test_a_fitted_correction_is_what_the_network_answers_to_flat_colours_between_those_of_the_grid_too(arch):
    module = network(arch)
    colours = torch.rand(40, 3, generator=torch.Generator().manual_seed(3))
    answers = flat_answers(module, colours)
    fit([module])
    left = answers - module.flats.correction(colours[:, :, None, None]).unfold(2, 4, 4).unfold(3, 4, 4).flatten(1)
    assert left.pow(2).mean() < 0.02 * answers.pow(2).mean()


@torch.no_grad()
def test_without_a_gate_grain_in_flat_places_is_left_to_the_network():
    module = network("compact")
    fit([module])
    grain = flat(COLOURS[2]) + 0.4 / 255 * torch.randn(1, 3, 9, 9, generator=torch.Generator().manual_seed(5))
    assert structure(grain).max() < 1  # which a gate would hold to the photo
    without, module.flats = module.flats, None
    assert torch.allclose(without(grain, module(grain)), module(grain) - without.correction(grain))


@torch.no_grad()
def test_a_correction_holds_between_two_networks():
    faithful = network("rrdb")
    inventing = copy.deepcopy(faithful)
    for parameter in inventing.parameters():
        parameter += 0.02 * torch.randn(parameter.shape, generator=torch.Generator().manual_seed(4))
    fit((faithful, inventing), copy.deepcopy(faithful))
    for share in (0.3, 0.85):
        module = between(faithful, inventing, share, copy.deepcopy(faithful))
        answers = flat_answers(module, grid())
        given = module.flats.correction(grid()[:, :, None, None]).unfold(2, 4, 4).unfold(3, 4, 4).flatten(1)
        assert (answers - given).pow(2).mean() < 0.1 * answers.pow(2).mean()


def test_the_gate_opens_where_there_is_structure_and_no_further_than_its_neighbourhood():
    picture = torch.full((1, 3, 21, 21), 0.5)
    picture[0, 1, 10, 10] += STRUCTURE / 255
    gate = structure(picture)[0, 0]
    reach = SIDE // 2
    assert torch.allclose(gate[10 - reach:11 + reach, 10 - reach:11 + reach], torch.tensor(1.0), atol=1e-4)
    gate[10 - reach:11 + reach, 10 - reach:11 + reach] = 0
    assert (gate == 0).all()
    picture[0, 1, 10, 10] = 0.5 + (NOTHING + STRUCTURE) / 2 / 255
    assert abs(structure(picture)[0, 0, 10, 10].item() - 0.5) < 1e-3


@torch.no_grad()
def test_where_there_is_structure_the_network_and_its_correction_are_all_there_is():
    module, image = Flats(3), torch.rand(1, 3, 8, 8)
    module.shift.bias.fill_(0.1)
    made = torch.rand(1, 3, 24, 24)
    assert torch.allclose(module(image, made), made - 0.1, atol=1e-6)
    assert torch.allclose(module(0 * image, made), enlarged(0 * image, 3), atol=1e-6)


def test_the_field_of_a_gated_network_is_the_network_s():
    plain = build("rrdb", 4, **SMALL["rrdb"])
    assert receptive_field(network("rrdb"), 3, 4) == receptive_field(plain, 3, 4)


@torch.no_grad()
def test_the_graph_does_what_the_module_does_and_training_leaves_the_correction_alone():
    module = network("rrdb")
    fit([module])
    assert not any(parameter.requires_grad for parameter in module.flats.parameters())
    image = torch.rand(1, 3, 13, 18)
    image[:, :, :, 9:] = 0.4
    made = session_runner(to_onnx(module, 3).SerializeToString())(image.numpy())
    assert np.abs(made - module(image).numpy()).max() < 1e-5

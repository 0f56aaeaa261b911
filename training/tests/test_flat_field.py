"""Flat colours by networks that were trained to invent: the correction and the gate."""
import copy

import numpy as np
import pytest
import torch

from training.architectures import build, build_any_scale, build_together
from training.architectures.edgeless import edgeless
from training.architectures.flats import NOTHING, SIDE, STRUCTURE, Flats, enlarged, structure
from training.export.anatomy import flat_ripple, receptive_field
from training.export.flat_field import between, fit, fit_sets, flat_answers, flat_constants, grid
from training.export.implicit_graphs import Encoding
from training.export.onnxfile import to_onnx
from training.kernels.positions import axis, cell
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


@pytest.mark.parametrize("arch", ("edsr", "rcan", "san"))
@torch.no_grad()
def test_each_tail_of_an_encoder_has_a_correction_of_its_own(arch):
    torch.manual_seed(1)
    module = build_together(arch, (2, 4), **SMALL[arch], flats=True).eval()
    colours = torch.rand(9, 3, generator=torch.Generator().manual_seed(3))
    picture = torch.rand(1, 3, 8, 9)
    for scale in (2, 4):
        module.scale = scale
        off, before = flat_answers(module, colours), module(picture, scale)
        fit([module])
        own = module.flats[str(scale)]
        with edgeless(module):
            left = torch.stack([module(flat(colour), scale)[0, :, 4 * scale:5 * scale, 4 * scale:5 * scale]
                                - colour[:, None, None] for colour in colours])
        assert left.pow(2).mean() < 0.05 * off.pow(2).mean()
        assert torch.allclose(module(picture, scale), before - own.correction(picture), atol=1e-5)
    assert module(picture).shape == (1, 3, 32, 36)


@torch.no_grad()
def test_sets_of_coefficients_add_nothing_to_a_flat_colour_and_little_to_one_that_is_nearly_flat():
    torch.manual_seed(2)
    module = build_any_scale("separable", width=8, blocks=1, head=16, basis=3, controls=("denoise",), vivid=True,
                             strength_end=0.2, flats=True).eval()
    for parameter in module.parameters():
        parameter += 0.05 * torch.randn(parameter.shape)
    colours = torch.rand(20, 3, generator=torch.Generator().manual_seed(3))
    off = flat_constants(module, colours)
    assert off.shape == (20, 9)
    fit_sets(module)
    left = off - module.flats.numbers(colours[:, :, None, None]).flatten(1)
    assert left.pow(2).mean() < 0.02 * off.pow(2).mean()
    rows, size = axis(9, 27, 3.0), cell((3.0, 3.0))
    turned = torch.tensor([0.7]), torch.tensor([0.4])
    held = module.encode(flat(COLOURS[2]))
    assert held.abs().max() == 0
    assert module.decode(held, rows, rows, size, *turned).abs().max() == 0
    nearly = flat(COLOURS[2])
    nearly[:, :, ::2] += 1 / 255
    assert module.encode(nearly).abs().max() > 0


def test_the_field_of_a_network_whose_sets_are_gated_is_the_network_s():
    fields = [receptive_field(Encoding(build_any_scale("separable", width=8, blocks=1, head=16, basis=3, flats=flats)), 3, 1)
              for flats in (False, True)]
    assert fields[0] == fields[1]


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

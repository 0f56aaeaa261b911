"""The older architectures: the published numbers of weights, recursion, supervision of every step, where they start."""
import dataclasses

import pytest
import torch

from training.architectures import build, build_together
from training.config import load
from training.export.anatomy import receptive_field, weight_count
from training.learning.objective import Objective
from training.tests.small_networks import SAME_SIZE, SMALL, channels_of

STACKED = {"memnet": 3, "drcn": 4, "srfbn": 2}  # results that come out of the small networks in training
LATER = ("lapsrn", "drrn", "memnet", "drcn", "rdn", "srfbn", "dbpn", "enhancenet")


def convolution_weights(module: torch.nn.Module) -> int:
    return sum(parameter.numel() for parameter in module.parameters() if parameter.ndim == 4)


@pytest.mark.parametrize("arch,scale,thousands", [
    ("rdn", 2, 22123), ("rdn", 3, 22308), ("rdn", 4, 22271), ("dbpn", 2, 5954), ("dbpn", 4, 10426), ("srfbn", 4, 3631),
    ("drcn", 2, 1775), ("memnet", 2, 678), ("drrn", 2, 298), ("enhancenet", 4, 853),
])
def test_defaults_have_the_published_size(arch, scale, thousands):
    assert round(weight_count(build(arch, scale)) / 1000) == thousands


def test_published_sizes_that_are_counted_without_biases():
    assert convolution_weights(build("drrn", 2)) == 297_216
    memnet = build("memnet", 2)
    assert convolution_weights(memnet) - weight_count(memnet.mix) == 676_992
    assert round(weight_count(build("srfbn", 4, **load("srfbn-small").sizes)) / 1000) == 483  # SRFBN-S


@pytest.mark.parametrize("name", ("drrn", "memnet", "drcn", "rdn", "srfbn", "dbpn"))
def test_configs_of_the_published_size_state_the_defaults(name):
    config = load(name)
    scale = config.scales[-1]
    assert weight_count(build(config.arch, scale, **config.sizes)) == weight_count(build(config.arch, scale))


@pytest.mark.parametrize("arch,size", (("drrn", "units"), ("memnet", "recursions"), ("srfbn", "steps")))
def test_recursion_costs_no_weights_but_what_joins_its_results(arch, size):
    few, many = (build(arch, 2, **SMALL[arch] | {size: count}) for count in (2, 5))
    assert {n for n, _ in few.named_parameters()} == {n for n, _ in many.named_parameters()}
    grown = [n for n, p in many.named_parameters() if p.numel() != dict(few.named_parameters())[n].numel()]
    assert all("gate" in name for name in grown)
    assert receptive_field(many, channels_of(arch), 1 if arch in SAME_SIZE else 2)["after"] > \
        receptive_field(few, channels_of(arch), 1 if arch in SAME_SIZE else 2)["after"]


@pytest.mark.parametrize("arch,expected", {
    "drrn": 1 + 4 + 1 + 4 + 1, "memnet": 1 + 8 + 1, "drcn": 2 + 3 + 2, "rdn": 2 + 4 + 1 + 2, "enhancenet": 1 + 4 + 2,
}.items())
def test_receptive_field_is_what_the_layers_add_up_to(arch, expected):
    field = receptive_field(build(arch, 2, **SMALL[arch]), channels_of(arch), 1 if arch in SAME_SIZE else 2)
    assert field == {"before": expected, "after": expected}


@pytest.mark.parametrize("arch,count", STACKED.items())
def test_every_step_is_supervised_and_the_last_is_the_answer(arch, count):
    torch.manual_seed(1)
    module = build(arch, 2, **SMALL[arch])
    x = torch.rand(2, channels_of(arch), 8, 9)
    with torch.no_grad():
        steps, answer = module.train()(x).chunk(count), module.eval()(x)
    assert torch.allclose(steps[-1 if arch == "srfbn" else 0], answer, atol=1e-6)
    truth = torch.rand(answer.shape)
    config = load("drrn")
    objective = Objective(dataclasses.replace(config, recipe=dataclasses.replace(config.recipe, loss="l1")), "cpu")
    expected = sum((step - truth).abs().mean() for step in steps) / count
    assert float(objective.generator(torch.cat(steps), truth, 0.0)) == pytest.approx(float(expected), rel=1e-5)
    assert float(objective.generator(answer, truth, 0.0)) == pytest.approx(float((answer - truth).abs().mean()))


def test_lapsrn_is_one_pyramid():
    torch.manual_seed(2)
    whole = build_together("lapsrn", (2, 4), **SMALL["lapsrn"]).eval()
    first = build_together("lapsrn", (2,), **SMALL["lapsrn"]).eval()
    names = {name: tensor for name, tensor in whole.state_dict().items() if not name.startswith("levels.1")}
    first.load_state_dict(names)
    x = torch.rand(1, 1, 7, 5)
    with torch.no_grad():
        assert torch.equal(first(x), whole(x, 2))
        assert whole(x, 4).shape == (1, 1, 28, 20)
    with pytest.raises(ValueError, match="double"):
        build("lapsrn", 3)


def test_lapsrn_begins_as_bilinear_enlargement():
    torch.manual_seed(3)
    module = build("lapsrn", 2, **SMALL["lapsrn"]).eval()
    x = torch.rand(1, 1, 9, 9)
    wanted = torch.nn.functional.interpolate(x, scale_factor=2, mode="bilinear", align_corners=False)
    with torch.no_grad():
        assert torch.allclose(module(x)[..., 2:-2, 2:-2], wanted[..., 2:-2, 2:-2], atol=0.02)


@pytest.mark.parametrize("arch", ("drrn", "memnet", "drcn"))
def test_refining_networks_begin_as_the_bicubic_at_their_published_size(arch):
    torch.manual_seed(4)
    module = build(arch, 2, **({"width": 64} if arch == "drcn" else {})).eval()
    x = torch.rand(1, 1, 12, 12)
    with torch.no_grad():
        assert float((module(x) - x).abs().max()) < 0.2


@pytest.mark.parametrize("arch", LATER)
def test_learns_to_enlarge_a_drawn_pattern(arch):
    """A hundred steps of Adam bring the error of one batch well below that of where the network starts."""
    torch.manual_seed(6)
    module = build(arch, 2, **SMALL[arch])
    y, x = torch.meshgrid(torch.arange(32.0), torch.arange(32.0), indexing="ij")
    truth = 0.5 + 0.3 * torch.sign(torch.sin(0.5 * x + torch.cos(0.3 * y)))
    truth = truth.expand(1, channels_of(arch), 32, 32)
    low = torch.nn.functional.avg_pool2d(truth, 2)
    if arch in SAME_SIZE:
        low = torch.nn.functional.interpolate(low, scale_factor=2, mode="bilinear", align_corners=False)
    optimiser = torch.optim.Adam(module.parameters(), 3e-3)
    errors = []
    for _ in range(100):
        result = module(low)
        loss = (result - truth.repeat(result.shape[0], 1, 1, 1)).square().mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        errors.append(float(loss.detach()))
    assert errors[-1] < 0.6 * errors[0]

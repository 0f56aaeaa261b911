"""EDSR written into other architectures: what is exact is exact, what is fitted is near."""
import dataclasses

import pytest
import torch

from training import paths
from training.architectures import build, build_together
from training.architectures.embed import embed, shares
from training.config import load
from training.data.pairs import Pairs
from training.data.patches import Patches
from training.kernels.leastsquares import fit_convolution
from training.learning import beginning, run as running

WIDTH, BLOCKS = 16, 4


def teacher() -> torch.nn.Module:
    """A small EDSR whose residuals are as large against its state as a trained one's."""
    torch.manual_seed(2)
    module = build_together("edsr", (2, 4), width=WIDTH, blocks=BLOCKS).eval()
    with torch.no_grad():
        for block in module.encoder.blocks:
            block.conv1.bias.uniform_(-0.1, 0.1)
    return module


@pytest.fixture
def draw(small_pack):
    return lambda: Pairs(load("edsr"), Patches(small_pack, 3)).draw(2, 24, 24)[0]


def apart(one: torch.Tensor, two: torch.Tensor, of: torch.Tensor) -> float:
    """Root mean square difference, as a share of the deviation of `of`."""
    return float((one - two).square().mean().sqrt() / of.std())


@torch.no_grad()
def test_srresnet_is_edsr_to_the_picture_s_edge(draw):
    source = teacher()
    module = build("srresnet", 4, width=WIDTH, blocks=BLOCKS + 1)
    embed(module, source.state_dict(), draw)
    x = draw()[:2]
    assert torch.allclose(module.eval()(x), source(x, 4), atol=1e-5)
    assert torch.allclose(module.folded()(x), source(x, 4), atol=1e-5)


@torch.no_grad()
def test_blind_models_begin_as_edsr_with_the_tails_they_have(draw):
    source = teacher()
    module = build_together("edsr", (4,), width=WIDTH, blocks=BLOCKS)
    embed(module, source.state_dict(), draw)
    x = draw()[:2]
    assert torch.equal(module(x, 4), source(x, 4))


@torch.no_grad()
@pytest.mark.parametrize("arch", ("rcan", "san", "rrdb"))
def test_one_block_a_group_is_exact_and_several_are_near(arch, draw):
    source = teacher()
    x = draw()[:4]
    expected = source(x, 4)
    left = []
    for groups in (BLOCKS, 2):
        if arch == "rrdb":
            module = build(arch, 4, width=WIDTH, blocks=groups, growth=WIDTH // 2, shuffle=True)
            embed(module, source.state_dict(), draw)
            found = module(x)
        else:
            module = build_together(arch, (2, 4), width=WIDTH, groups=groups, blocks=BLOCKS // groups, reduction=4)
            embed(module, source.state_dict(), draw)
            found = module(x, 4)
        left.append(apart(found, expected, expected))
    if arch == "rrdb":
        assert left[0] < 1e-3  # a dense block of its own for each
    assert left[0] < 0.1 and left[1] < 0.1


@torch.no_grad()
def test_dense_block_holds_a_residual_block(draw):
    from training.architectures.embed import hold_block
    from training.architectures.rrdb import Dense

    block, dense = teacher().encoder.blocks[0], Dense(WIDTH, WIDTH // 2)
    x = torch.randn(2, WIDTH, 9, 9)
    hold_block(dense, block, 1.0)
    assert torch.allclose(dense(x), block(x), atol=1e-5)
    hold_block(dense, block, 3.0)
    assert torch.allclose(dense(3 * x), 3 * block(x), atol=1e-5)


@torch.no_grad()
def test_fitted_convolution_is_the_one_that_made_the_target():
    made, layer = torch.nn.Conv2d(3, 2, 3, padding=1), torch.nn.Conv2d(3, 2, 3, padding=1)
    x = torch.randn(6, 3, 12, 12)
    assert fit_convolution(layer, x, 5 * made(x), gain=5) < 1e-3
    assert torch.allclose(layer.weight, made.weight, atol=1e-4) and torch.allclose(layer.bias, made.bias, atol=1e-4)


def test_shares():
    assert shares(16, 6, 3) == [3, 3, 3, 3, 2, 2]
    with pytest.raises(SystemExit, match="cannot hold"):
        shares(16, 4, 3)


def test_weights_that_are_no_edsr_are_refused(draw):
    with pytest.raises(SystemExit, match="expected an EDSR"):
        embed(build("srresnet", 4, width=WIDTH, blocks=2), {"layer.weight": torch.zeros(3)}, draw)


def test_a_run_begins_as_edsr_gently_and_keeps_its_normalisation(tmp_path, monkeypatch, small_pack):
    monkeypatch.setattr(paths, "RUNS", tmp_path / "runs")
    source = teacher()
    monkeypatch.setattr(beginning, "source_weights", lambda name, data: source.state_dict() if name == "edsr" else {})
    config = dataclasses.replace(load("srresnet"), sizes={"width": WIDTH, "blocks": BLOCKS})
    run = running.Run(config, "srresnet-x4", (4,), "cpu", small_pack, tmp_path)
    run.begin(1, False)
    assert run.clock.rate == pytest.approx(config.recipe.rate * config.recipe.again)
    run.step()
    x = torch.rand(1, 3, 20, 20)
    norm = run.module.norm
    assert float((norm.running_var + norm.eps - 1).abs().max()) < 1e-6 and not norm.running_mean.any()
    with torch.no_grad():  # the first warm-up step moved it hardly at all
        assert float((run.module(x) - source(x, 4)).abs().max()) < 0.02
    assert norm.weight.requires_grad and not norm.training and run.module.training

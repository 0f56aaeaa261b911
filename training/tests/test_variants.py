"""What configs choose in an architecture: SAN's regions of fixed side, RRDB's pixel shuffles."""
import numpy as np
import pytest
import torch

from training.architectures import build
from training.architectures.san import RegionNonLocal
from training.export.onnxfile import to_onnx
from training.measure.session import session_runner

VARIANTS = {
    "san": {"width": 16, "groups": 2, "blocks": 1, "reduction": 4, "side": 6},
    "rrdb": {"width": 16, "blocks": 2, "growth": 8, "shuffle": True},
}


@torch.no_grad()
def stirred(module: torch.nn.Module) -> torch.nn.Module:
    """Weights that are nowhere at their starting values."""
    torch.manual_seed(5)
    for parameter in module.parameters():
        parameter.add_(0.1 * torch.randn(parameter.shape))
    return module.eval()


@torch.no_grad()
def test_regions_of_half_the_picture_are_the_quarters():
    module = stirred(RegionNonLocal(8, 4, side=10))
    x = torch.randn(2, 8, 20, 20)
    assert torch.allclose(module.regions(x), module.quarters(x), atol=1e-5)
    assert not torch.allclose(module(x), x)


@torch.no_grad()
def test_a_region_sees_no_other():
    module = stirred(RegionNonLocal(8, 4, side=10))
    x = torch.randn(1, 8, 25, 33)
    changed = x.clone()
    changed[:, :, :10, 20:30] += 1
    moved = (module(changed) != module(x)).any(dim=1)[0]
    assert moved[:10, 20:30].all() and not moved[:, :20].any() and not moved[10:].any() and not moved[:, 30:].any()


@pytest.mark.parametrize("arch", VARIANTS)
def test_onnx_agrees_at_any_size(arch):
    module = stirred(build(arch, 4, **VARIANTS[arch]))
    run = session_runner(to_onnx(module, 3).SerializeToString())
    for height, width in ((24, 28), (17, 31), (5, 3), (6, 12)):
        x = np.random.default_rng(7).random((1, 3, height, width), np.float32)
        with torch.no_grad():
            expected = module(torch.from_numpy(x)).numpy()
        assert np.abs(run(x) - expected).max() < 1e-5 * max(1, np.abs(expected).max())

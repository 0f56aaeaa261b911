"""The separable decoder against its definition, pixel by pixel."""
import math

import torch

from training.models.separable import Together, bicubic_matrix
from training.resize import imresize


def noisy(**sizes) -> Together:
    torch.manual_seed(3)
    module = Together(width=8, blocks=2, head=16, basis=5, **sizes).double()
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.add_(0.1 * torch.randn_like(parameter))
    return module.eval()


def test_two_products_equal_the_sum_over_four_cells():
    module, scale, k = noisy(), 3.7, 5
    gained = torch.randn(1, 3 * k * k, 4, 5, dtype=torch.float64)
    size = round(4 * scale), round(5 * scale)
    with torch.no_grad():
        result = module.decode(gained, size, scale)
        for i, j in ((0, 0), (5, 9), (14, 17), (7, 3)):
            y, x = (i + 0.5) / scale - 0.5, (j + 0.5) / scale - 0.5
            expected = torch.zeros(3, dtype=torch.float64)
            for row in (math.floor(y), math.floor(y) + 1):
                for column in (math.floor(x), math.floor(x) + 1):
                    f = gained[0, :, min(max(row, 0), 3), min(max(column, 0), 4)].reshape(3, k, k)
                    down = module.basis(torch.tensor(y - row, dtype=torch.float64), scale)
                    along = module.basis(torch.tensor(x - column, dtype=torch.float64), scale)
                    expected += torch.einsum("cmn,m,n->c", f, down, along)
            assert torch.allclose(result[0, :, i, j], expected, atol=1e-12)


def test_it_begins_as_the_bicubic():
    module = Together(width=8, blocks=2, head=16, basis=4).double()
    x = torch.rand(1, 3, 9, 11, dtype=torch.float64)
    with torch.no_grad():
        result = module(x, 3)[0].permute(1, 2, 0).numpy()
    assert abs(result - imresize(x[0].permute(1, 2, 0).numpy(), 3)).max() < 1e-12


def test_any_scale_and_finite_gradients():
    module = noisy()
    x = torch.rand(1, 3, 6, 7, dtype=torch.float64)
    for scale in (1.3, 2, 4.5, 30):
        out = module(x, scale)
        assert out.shape == (1, 3, round(6 * scale), round(7 * scale))
    out.square().mean().backward()
    assert all(torch.isfinite(p.grad).all() for p in module.parameters())


def test_bicubic_rows_sum_to_one():
    rows = bicubic_matrix(7, 26, 3.7, torch.zeros((), dtype=torch.float64)).sum(dim=1)
    assert torch.allclose(rows, torch.ones_like(rows))

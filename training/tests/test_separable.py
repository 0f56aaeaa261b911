"""The separable decoder against its definition, pixel by pixel."""
import math

import numpy as np
import pytest
import torch

from training.architectures.separable import Net
from training.export.anatomy import receptive_field
from training.export.implicit_graphs import Encoding, basis_graph
from training.kernels.base import bicubic_base
from training.kernels.positions import axis, cell, decoder_inputs
from training.kernels.resize import imresize
from training.measure.runners import module_runner
from training.measure.session import session

SMALL = {"width": 8, "blocks": 2, "head": 16, "basis": 5}


def noisy() -> Net:
    torch.manual_seed(3)
    module = Net(**SMALL).double()
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.add_(0.1 * torch.randn_like(parameter))
    return module.eval()


def test_two_products_equal_the_sum_over_four_cells():
    module, scale, k = noisy(), (3.7, 2.3), 5
    features = torch.randn(1, 3 * k * k, 4, 5, dtype=torch.float64)
    size = cell(scale).double()
    rows, columns = axis(4, 15, scale[0]).to(features), axis(5, 12, scale[1]).to(features)
    with torch.no_grad():
        result = module.decode(features, rows, columns, size)
        gained = features * module.decoder.gain(size[None] / 2)[:, :, None, None]
        basis = module.decoder.basis
        for i, j in ((3, 2), (5, 9), (12, 7), (7, 3)):
            y, x = (i + 0.5) / scale[0] - 0.5, (j + 0.5) / scale[1] - 0.5
            expected = torch.zeros(3, dtype=torch.float64)
            for row in (math.floor(y), math.floor(y) + 1):
                for column in (math.floor(x), math.floor(x) + 1):
                    if not (0 <= row < 4 and 0 <= column < 5):
                        continue
                    tent = (1 - abs(y - row)) * (1 - abs(x - column))
                    f = gained[0, :, row, column].reshape(3, k, k)
                    down = basis(torch.tensor(2 * (y - row), dtype=torch.float64), size[0])
                    along = basis(torch.tensor(2 * (x - column), dtype=torch.float64), size[1])
                    expected += tent * torch.einsum("cmn,m,n->c", f, down, along)
            assert torch.allclose(result[0, :, i, j], expected, atol=1e-6)  # positions are float32


def test_it_begins_as_the_bicubic():
    image = torch.rand(1, 3, 9, 11)
    result = module_runner(Net(**SMALL), 3.0, {})(image.numpy())[0].transpose(1, 2, 0)
    assert abs(result - imresize(image[0].permute(1, 2, 0).double().numpy(), 3)).max() < 1e-5


def test_what_is_turned_adds_its_share_and_begins_as_nothing():
    module = Net(**SMALL, controls=("denoise",))
    image = np.random.default_rng(2).random((1, 3, 9, 11), np.float32)

    def at(value: float) -> np.ndarray:
        return module_runner(module, 2.0, {"denoise": value})(image)

    assert np.array_equal(at(0.0), at(1.0))
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.add_(0.1 * torch.randn_like(parameter))
    assert np.abs(at(0.0) - at(1.0)).max() > 0.01
    assert np.allclose(at(0.25), 0.75 * at(0.0) + 0.25 * at(1.0), atol=1e-5)


def test_any_scale_and_finite_gradients():
    module = noisy().float()
    x = torch.rand(1, 3, 6, 7)
    for scale in (1.0, 1.3, 4.5, 30.0):
        size = round(6 * scale), round(7 * scale)
        rows, columns = (axis(n, out, scale) for n, out in zip((6, 7), size))
        out = module.decode(module.encode(x), rows, columns, cell((scale, scale)))
        assert out.shape == (1, 3, *size)
    out.square().mean().backward()
    assert all(torch.isfinite(p.grad).all() for p in module.parameters())


def test_bicubic_base_of_a_constant_is_constant():
    assert torch.allclose(bicubic_base(torch.full((1, 3, 5, 6), 0.3), (19, 22), (3.7, 3.7)), torch.tensor(0.3))


def test_its_receptive_field_counts_every_convolution():
    assert receptive_field(Encoding(Net(**SMALL)), 3, 1) == {"before": 1 + 6 + 1 + 1, "after": 1 + 6 + 1 + 1}


@torch.no_grad()
def test_without_gains_it_decodes_what_a_body_in_half_precision_gives():
    module = Net(width=8, blocks=2, head=16, basis=4, gains=False).eval()
    x = torch.rand(1, 3, 12, 10)
    rows, columns, size = axis(12, 30, 2.5), axis(10, 25, 2.5), cell((2.5, 2.5))
    with torch.autocast("cpu", torch.bfloat16):
        found = module.decode(module.encode(x), rows, columns, size)
    assert found.shape == (1, 3, 30, 25) and torch.isfinite(found).all()


@pytest.mark.parametrize("controls", [(), ("denoise",)])
@torch.no_grad()
def test_the_basis_beside_a_decoder_makes_the_same_pixels(controls):
    torch.manual_seed(3)
    net = Net(width=8, blocks=1, head=8, basis=4, controls=controls, vivid=bool(controls), strength_end=0.2).eval()
    for parameter in net.parameters():
        parameter.add_(0.1 * torch.randn_like(parameter))
    values = [torch.tensor([0.7]) for _ in net.controls]
    features = torch.randn(1, 48 * (1 + len(values)), 7, 9)
    rows, columns = axis(7, 16, 2.3), axis(9, 34, 3.8)
    inputs = decoder_inputs(features, rows, columns, (2.3, 3.8)) | dict(zip(net.controls, values))
    feeds = {name: value.numpy() for name, value in inputs.items()}
    graph = session(basis_graph(net).SerializeToString())
    down, across, gains, *sets = (torch.from_numpy(value) for value in
                                  graph.run(None, {entry.name: feeds[entry.name] for entry in graph.get_inputs()}))
    assert len(sets) == len(controls)
    taken = sets[0] if sets else torch.ones(1)
    plain = (features.reshape(len(taken), 48, 7, 9) * taken[:, None, None, None]).sum(dim=0)
    gained = (plain * gains[:, :, None, None]).reshape(3, 4, 4, 7, 9)
    cells = gained[:, :, :, rows.index[:, :, None, None].long(), columns.index[None, None].long()]  # [3,4,4,2,H,2,W]
    found = torch.einsum("cpqahbw,ahp,bwq->chw", cells, down, across)
    expected = net.decode(features, rows, columns, cell((2.3, 3.8)), *values)[0]
    assert torch.allclose(found, expected, atol=1e-4)

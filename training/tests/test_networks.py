"""Every architecture: shapes, ONNX against PyTorch, names, receptive fields."""
import numpy as np
import onnx
import pytest
import torch

from training.architectures import build, build_together
from training.architectures.matching import load_matching
from training.config import load
from training.export.anatomy import flat_ripple, macs_per_pixel, receptive_field, weight_count
from training.export.onnxfile import halve_storage, quantise_storage, to_onnx
from training.learning.weights import onnx_weights
from training.measure.session import session_runner
from training.paths import CONFIGS
from training.tests.small_networks import CASES, SAME_SIZE, SMALL, channels_of, made, picture


@pytest.mark.parametrize("arch,scale", CASES)
def test_onnx_agrees_with_pytorch_at_any_size(arch, scale, tmp_path):
    module = made(arch, scale)
    model = to_onnx(module, channels_of(arch))
    run = session_runner(model.SerializeToString())
    grows = 1 if arch in SAME_SIZE else scale
    for height, width in ((24, 28), (17, 31), (5, 3)):
        x = picture(arch, height, width)
        with torch.no_grad():
            expected = module(torch.from_numpy(x)).numpy()
        result = run(x)
        assert result.shape == expected.shape == (1, x.shape[1], height * grows, width * grows)
        assert np.abs(result - expected).max() < 1e-5 * max(1, np.abs(expected).max())
    # The file holds the master weights: another network of the kind takes every tensor from it.
    path = tmp_path / "model.onnx"
    onnx.save(model, str(path))
    other = build(arch, scale, **SMALL[arch])
    other = other.folded() if hasattr(other, "folded") else other
    assert load_matching(other, onnx_weights(path)) == len(other.state_dict())
    with torch.no_grad():
        assert torch.equal(other.eval()(torch.from_numpy(x)), module(torch.from_numpy(x)))


@pytest.mark.parametrize(("store", "share", "ending"), ((halve_storage, 0.6, ".half"), (quantise_storage, 0.75, ".int8")))
def test_small_storage_computes_in_float32_on_rounded_weights(tmp_path, store, share, ending):
    module = made("edsr", 2)
    model = to_onnx(module, 3)
    small = store(model)
    assert len(small.SerializeToString()) < share * len(model.SerializeToString())
    assert any(i.name.endswith(ending) for i in small.graph.initializer)
    path = tmp_path / "small.onnx"
    onnx.save(small, str(path))
    before = {name: value.clone() for name, value in module.state_dict().items()}
    assert load_matching(module, onnx_weights(path)) == len(module.state_dict())
    for name, value in module.state_dict().items():
        assert torch.allclose(value, before[name], atol=float(before[name].abs().max()) / 200), name
    x = picture("edsr", 20, 20)
    with torch.no_grad():
        assert np.abs(session_runner(path)(x) - module(torch.from_numpy(x)).numpy()).max() < 1e-4


def test_int8_files_stored_beside_each_other_have_the_same_steps():
    first, second = (to_onnx(made("edsr", 2), 3) for _ in range(2))
    for initializer in second.graph.initializer:
        value = onnx.numpy_helper.to_array(initializer)
        if value.ndim == 4:
            initializer.CopyFrom(onnx.numpy_helper.from_array(3 * value, initializer.name))
    steps = [{i.name: onnx.numpy_helper.to_array(i) for i in quantise_storage(a, b).graph.initializer
              if i.name.endswith(".step")} for a, b in ((first, second), (second, first))]
    assert steps[0] and all(np.array_equal(steps[0][name], steps[1][name]) for name in steps[0])


def test_folded_normalisation_changes_nothing():
    torch.manual_seed(1)
    module = build("srresnet", 4, **SMALL["srresnet"]).train()
    for _ in range(3):
        module(torch.rand(2, 3, 12, 12))
    x = torch.rand(1, 3, 12, 12)
    with torch.no_grad():
        assert torch.allclose(module.eval()(x), module.folded()(x), atol=1e-5)


@pytest.mark.parametrize("arch,expected", {"fsrcnn": 8, "espcn": 4, "srcnn": 8, "vdsr": 6, "edsr": 8}.items())
def test_receptive_field(arch, expected):
    scale = 2
    module = build(arch, scale, **SMALL[arch])
    field = receptive_field(module, channels_of(arch), 1 if arch in SAME_SIZE else scale)
    assert field == {"before": expected, "after": expected}


@pytest.mark.parametrize("arch", sorted(SMALL.keys() - SAME_SIZE - {"srresnet", "rcan", "san"}))
def test_pixels_outside_the_receptive_field_change_nothing(arch):
    scale = 2
    module = made(arch, scale)
    field = receptive_field(module, channels_of(arch), scale)
    run = session_runner(to_onnx(module, channels_of(arch)).SerializeToString())
    size, middle = 2 * field["after"] + 5, field["after"] + 2
    x = picture(arch, size, size)
    block = (..., slice(middle * scale, (middle + 1) * scale), slice(middle * scale, (middle + 1) * scale))
    outside = x.copy()
    outside[:, :, :, middle + field["after"] + 1 :] += 0.7
    outside[:, :, : middle - field["before"]] += 0.7
    assert np.array_equal(run(outside)[block], run(x)[block])


def test_small_networks_have_the_published_size():
    assert weight_count(build("srcnn", 2)) == 57281
    assert macs_per_pixel(build("fsrcnn", 2), 1) == 12464  # the paper's count, biases and slopes left out
    assert weight_count(build("espcn", 3)) == 64 * 26 + 32 * (64 * 9 + 1) + 9 * (32 * 9 + 1)
    assert macs_per_pixel(build_together("vdsr", (2, 3, 4)), 1) == 664704


@pytest.mark.parametrize("path", sorted(CONFIGS.glob("*.toml")), ids=lambda path: path.stem)
def test_every_config_can_be_read(path):
    config = load(path.stem)
    assert config.id == path.stem and (config.arch in SMALL or config.kind == "implicit")  # those have their own tests
    assert config.card["goodAt"] and config.card["badAt"] and config.card["text"]
    assert {"title", "authors", "year"} <= set(config.paper)


def test_san_looks_no_further_than_it_says():
    assert receptive_field(build("san", 2, **SMALL["san"]), 3, 2)["before"] < 20


@pytest.mark.parametrize("scale", (2, 3, 4))
def test_fsrcnn_trains_what_it_runs(scale):
    module = made("fsrcnn", scale).double()
    x = torch.rand(2, 1, 9, 11, dtype=torch.float64)
    with torch.no_grad():
        assert torch.allclose(module.train()(x), module.eval()(x), atol=1e-12)


def test_ripple_of_a_transposed_convolution_that_is_uneven_and_of_one_that_is_not():
    even, uneven = (torch.nn.ConvTranspose2d(1, 1, 2, stride=2, bias=False) for _ in range(2))
    with torch.no_grad():
        even.weight.fill_(1.0)
        uneven.weight.copy_(torch.tensor([[[[1.0, 1.0], [1.0, 1.02]]]]))
    field = {"before": 1, "after": 1}
    assert flat_ripple(even, 1, field) == 0
    assert flat_ripple(uneven, 1, field) == pytest.approx(0.02 * 0.9 * 255, abs=0.01)

"""Any-scale methods: positions, pairs, graphs against modules, bundling and going on from what is bundled."""
import dataclasses
import json
import math

import numpy as np
import pytest
import torch

from training import paths
from training.architectures import cs, fcs, lte
from training.architectures.cs import expected_level
from training.architectures.liif import Net
from training.architectures.matching import load_matching
from training.architectures.prior_encoder import photo_patches
from training.config import load
from training.data.implicit_pairs import AnyScalePairs
from training.data.reduction import reduced
from training.data.patches import Patches
from training.export.bundle import export
from training.export.choice import better
from training.export.implicit import any_scale_network
from training.export.implicit_graphs import graphs_of
from training.export.integer import in_integers, wide_products
from training.export.published import Published, published_graph
from training.kernels.positions import axis, blend, cell, decoder_inputs
from training.kernels.resize import imresize, imresize_uint8
from training.learning.implicit_run import ImplicitRun
from training.learning.weights import source_weights
from training.measure.artefacts import BEYOND, out_of_range
from training.measure.implicit import load_enlarger
from training.measure.runners import module_runner
from training.measure.session import session
from training.tests.conftest import drawn

SIZES = {
    "enlarger-fast": {"width": 8, "blocks": 2, "head": 16, "basis": 4}, "liif": {"width": 8, "blocks": 1},
    "enlarger-photo-psnr": {"width": 8, "blocks": 2, "head": 16, "basis": 4, "controls": ["denoise"]},
    "enlarger-photo": {"width": 8, "blocks": 2, "head": 16, "basis": 4, "controls": ["denoise"], "vivid": True,
                       "strength_end": 0.5},
    "lte": {"width": 8, "blocks": 1}, "cs": {"width": 8, "blocks": 1, "flats": True},
    "fcs": {"width": 8, "blocks": 1, "flats": True},
}


def tiny(name: str):
    config = load(name)
    # Without the content loss: its network sees nothing in pictures so small.
    recipe = dataclasses.replace(config.recipe, batch=2, patch=12, points=min(config.recipe.points, 9), content=0.0,
                                 discriminator_width=4)
    return dataclasses.replace(config, sizes=SIZES[name], start=(), frozen="", benchmarks=(), recipe=recipe,
                               scales=(2,), measure="psnr")


@pytest.mark.parametrize("scale", (1.0, 1.0001, 2.0, math.pi, 29.99, 30.0))
def test_positions_are_pixel_centres(scale):
    out = int(7 * scale + 0.5)
    line = axis(7, out, scale)
    assert torch.allclose(line.weight.sum(dim=0), torch.ones(out))
    y = (np.arange(out) + 0.5) / scale - 0.5
    for side in (0, 1):
        assert np.allclose(line.index[side].numpy() + line.offset[side].numpy() / 2, y, atol=1e-5)
    # Between the first and the last centre the ensemble is linear interpolation, beyond them the edge pixel.
    ramp = torch.arange(7.0)[None, None, :, None]
    found = blend(ramp, line, axis(1, 1, 1.0))[0, 0, :, 0].numpy()
    assert np.allclose(found, np.clip(y, 0, 6), atol=1e-5)


def test_reduction_is_the_reference_bicubic():
    picture = drawn(4, 48, 48)
    for out in (16, 24, 31):
        whole = imresize_uint8(picture, 24 / 48) if out == 24 else None
        found = reduced(picture, (out, out))
        exact = imresize(picture.astype(np.float64), out / 48)[:out, :out]
        assert np.abs(found.astype(float) - exact.clip(0, 255)).max() <= 1.1
        assert whole is None or np.abs(found.astype(int) - whole).max() <= 1


@pytest.mark.parametrize("degrade", ["", "photo"])
def test_pairs_are_seeded_and_ask_for_what_they_say(small_pack, degrade):
    def draws():
        pairs = AnyScalePairs(Patches(small_pack, 3), 9, upper=4, exact=0.4, beyond=0.1, degrade=degrade)
        return [pairs.draw(2, 12) for _ in range(6)]

    first, second = draws(), draws()
    for a, b in zip(first, second):
        assert torch.equal(a.low, b.low) and torch.equal(a.truth, b.truth) and a.scale == b.scale
        assert a.low.shape == (2, 3, 12, 12) and a.truth.shape[2:] == (9, 9)
        assert torch.equal(a.whole[:, :, a.chosen[0]][:, :, :, a.chosen[1]], a.truth)
        assert torch.allclose(a.cell, cell((a.scale, a.scale)))


def test_grain_stays_in_the_truth_as_far_as_nothing_denoises(small_pack, tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "RUNS", tmp_path)
    config = tiny("enlarger-photo-psnr")
    run = ImplicitRun(config, config.id, config.scales, "cpu", small_pack)
    run.begin(1, resume=False)
    batches = [run.batch(0.0) for _ in range(6)]
    grainy = max(batches, key=lambda batch: float(batch.grain.std()))
    assert grainy.grain.shape == grainy.low.shape and 0.5 / 255 < grainy.grain.std() < 12 / 255
    clean, noisy = (run.truth(grainy, [torch.tensor([value])]) for value in (1.0, 0.0))
    assert torch.equal(clean, grainy.truth)
    assert 0.2 < (noisy - clean).std() / grainy.grain.std() < 1.2
    before = {name: value.clone() for name, value in run.module.state_dict().items()}
    for _ in range(2):
        run.step(0.5)
    assert not torch.equal(before["turned.0.weight"], run.module.state_dict()["turned.0.weight"])


def test_strength_learns_by_looks_and_nothing_else_does(small_pack, tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "RUNS", tmp_path)
    config = tiny("enlarger-photo")
    config = dataclasses.replace(config, recipe=dataclasses.replace(config.recipe, points=32))
    assert config.learns == "vivid" and config.recipe.adversarial
    run = ImplicitRun(config, config.id, config.scales, "cpu", small_pack)
    run.begin(1, resume=False)
    image, places = torch.rand(1, 3, 10, 10), (axis(10, 20, 2.0), axis(10, 20, 2.0))

    def enlarged(strength: float) -> torch.Tensor:
        with torch.no_grad():
            values = [torch.tensor([1.0]), torch.tensor([strength])]
            return run.module.decode(run.module.encode(image), *places, cell((2.0, 2.0)), *values)

    assert run.module.controls == ("denoise", "strength")
    before = enlarged(0.0)
    assert torch.equal(enlarged(1.0), before)  # begins as if nothing could be turned
    weights = {name: value.clone() for name, value in run.module.state_dict().items()}
    for _ in range(3):
        run.step(0.5)
    changed = {n.partition(".")[0] for n, value in run.module.state_dict().items() if not torch.equal(value, weights[n])}
    assert changed == {"vivid"}
    assert torch.equal(enlarged(0.0), before)
    half, whole = enlarged(0.5) - before, enlarged(1.0) - before
    assert float(whole.abs().max()) > 0 and torch.allclose(2 * half, whole, atol=1e-5)


def test_crispness_goes_from_the_mean_to_the_mode():
    logits = torch.full((1, 1, 3, 256), -30.0)
    logits[..., 10], logits[..., 100] = 1.0, 0.9
    share = 1 / (1 + math.exp(-0.1))
    mean, mode = (expected_level(logits, torch.tensor([c])) for c in (0.0, 1.0))
    assert torch.allclose(mean, torch.tensor(10 * share + 100 * (1 - share)), atol=1e-3)
    assert torch.allclose(mode, torch.tensor(10.0))


def test_patches_cover_the_photo_and_small_ones_are_mirrored():
    x = np.random.default_rng(0).random((1, 3, 100, 70)).astype(np.float32)
    patches = photo_patches(torch.from_numpy(x), 32).numpy()
    assert patches.shape == (4 * 3, 3, 32, 32)
    assert np.array_equal(patches[0], x[0, :, :32, :32]) and np.array_equal(patches[-1], x[0, :, -32:, -32:])
    assert photo_patches(torch.from_numpy(x[:, :, :5, :9]), 32).shape == (1, 3, 32, 32)


@pytest.fixture
def places(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "MODELS", tmp_path / "models")
    monkeypatch.setattr(paths, "ENCODERS", tmp_path / "encoders")
    monkeypatch.setattr(paths, "RUNS", tmp_path / "runs")
    monkeypatch.setattr("training.measure.validate.validation_crops", lambda: np.stack([drawn(60, 48, 48)]))
    return tmp_path


@pytest.mark.parametrize("name", SIZES)
def test_bundled_graphs_are_the_module_and_training_goes_on_from_them(name, places, small_pack):
    config = tiny(name)
    run = ImplicitRun(config, config.id, config.scales, "cpu", small_pack, places)
    run.begin(1, False)
    with torch.no_grad():  # what starts at zero would hide mistakes
        for parameter in run.module.parameters():
            parameter.add_(0.02 * torch.randn_like(parameter))
    for _ in range(2):
        assert math.isfinite(run.step())
    run.finish()
    run.save()
    (run.folder / "record.json").write_text(json.dumps(run.books.record(config.id)))
    assert export(config, force=True, data=places) == [2]
    folder = places / "models" / name
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["implicit"]["base"] == run.module.base and "source" in (folder / "card.md").read_text()
    again = ImplicitRun(config, config.id, config.scales, "cpu", small_pack, places)
    (run.folder / "checkpoint.pt").unlink()
    again.begin(1, True)
    run.module.load_state_dict(run.average.weights)
    if hasattr(run.module, "fold"):
        run.module.fold()
    for key, whole in run.module.state_dict().items():
        value = again.module.state_dict()[key]
        assert torch.allclose(value, whole, atol=2e-3 + float(whole.abs().max()) / 200), key
    run.module.eval()
    values = {c["id"]: float(c["default"]) for c in config.controls}
    image = drawn(5, 10, 13).astype(np.float32).transpose(2, 0, 1)[None] / 255
    for scale in (1.0, 2.0, math.pi, 8.5):
        expected = module_runner(run.module, scale, values)(image)
        found = load_enlarger(folder, manifest).run((scale, scale), **values)(image)
        assert found.shape == expected.shape and np.abs(found - expected).max() < 5e-2  # stored in int8
    bundled, stored = any_scale_network(config, source_weights(name)), source_weights(name)  # as an export of them does
    assert all(torch.equal(value.reshape(stored[key].shape), stored[key])
               for key, value in bundled.state_dict().items() if key in stored)


def test_wide_products_in_integers_give_nearly_the_same():
    torch.manual_seed(4)
    net = Net(width=8, blocks=1).eval()
    graphs = graphs_of(net)
    features = torch.randn(1, 256, 9, 11)

    def feeds(scale: float) -> dict[str, np.ndarray]:
        rows, columns = axis(9, round(9 * scale), scale), axis(11, round(11 * scale), scale)
        inputs = decoder_inputs(features, rows, columns, (scale, scale))
        return {name: np.ascontiguousarray(t.numpy()) for name, t in inputs.items()}

    quick = in_integers(graphs.decoder, [feeds(2.0), feeds(3.7)])
    kinds = [node.op_type for node in quick.graph.node]
    assert kinds.count("MatMulIntegerToFloat") == 12 and not wide_products(quick)  # three layers at four cells
    assert len(quick.SerializeToString()) < 0.4 * len(graphs.decoder.SerializeToString())
    exact, rounded = session(graphs.decoder.SerializeToString()), session(quick.SerializeToString())
    for scale in (2.0, 3.7):
        expected, found = exact.run(None, feeds(scale))[0], rounded.run(None, feeds(scale))[0]
        assert 0 < np.abs(found - expected).max() < 0.05 * np.abs(expected - expected.mean()).max()
        # A pixel does not depend on which others are made with it.
        part = feeds(scale)
        part = {name: value[:, 3:8].copy() if name.startswith("row") else value for name, value in part.items()}
        assert np.array_equal(rounded.run(None, part)[0], found[:, :, 3:8])


def test_better_is_what_the_queue_says():
    assert better(load("enlarger-fast"), {"x2": 30.02}, {"x2": 30.0})


def test_the_published_formulation_gives_the_same_pixels():
    torch.manual_seed(0)
    net = Net(width=8, blocks=1).eval()
    net.encoder = torch.nn.Identity()
    encoded = torch.randn(1, 8, 9, 11)
    published = Published(net)
    rows, columns = axis(9, 23, 2.6), axis(11, 40, 3.7)
    size = cell((2.6, 3.7))
    with torch.no_grad():
        ours = net.decode(net.features(encoded), rows, columns, size)
        theirs = published(encoded, *(part for line in (rows, columns) for part in line), size)
    assert torch.allclose(ours, theirs, atol=1e-5)
    graph = session(published_graph(net).SerializeToString())
    feeds = decoder_inputs(encoded, rows, columns, (2.6, 3.7))
    found = graph.run(None, {entry.name: feeds[entry.name].numpy() for entry in graph.get_inputs()})[0]
    assert np.allclose(found, theirs.numpy(), atol=1e-5)


def test_pixels_out_of_range_are_counted():
    low = np.full((8, 9, 3), 100, np.uint8)
    result = np.full((32, 36, 3), 100 + BEYOND, np.uint8)
    assert out_of_range(low, result, 4) == 0
    result[10, 12, 1] = 255
    result[11, 20, 0] = 0
    assert out_of_range(low, result, 4) == pytest.approx(2 / (24 * 28))


@pytest.mark.parametrize("colours", ("rgb", "ycbcr"))
@torch.no_grad()
def test_distributions_begin_around_what_lte_regresses_and_fold_into_one_layer(colours):
    torch.manual_seed(2)
    teacher, net = lte.Net(8, 1), cs.Net(8, 1, colours=colours)
    for parameter in teacher.parameters():
        parameter.add_(0.035 * torch.randn(parameter.shape))
    load_matching(net, teacher.state_dict())
    net.adopt(teacher.state_dict())
    rows, size = axis(9, 22, 2.5), cell((2.5, 2.5))
    image = torch.rand(1, 3, 9, 9)

    def decoded(module, *controls):
        return module.decode(module.encode(image), rows, rows, size, *controls)

    expected = decoded(teacher)
    assert 0.02 < expected.abs().max() < 0.3
    assert torch.allclose(decoded(net, torch.tensor([0.5])), expected, atol=2e-4)
    net.fold()
    assert torch.allclose(decoded(net, torch.tensor([0.5])), expected, atol=2e-4)
    bundled = {n: t for n, t in net.state_dict().items() if ".shape." not in n}
    again = cs.Net(8, 1, colours=colours)
    load_matching(again, bundled)
    again.adopt(bundled)
    assert torch.allclose(decoded(again, torch.tensor([0.5])), expected, atol=2e-4)


@torch.no_grad()
def test_classes_that_are_values_begin_with_all_as_likely():
    net = cs.Net(8, 1, classes="value")
    line, size = axis(9, 18, 2.0), cell((2.0, 2.0))
    grey = net.decode(net.encode(torch.rand(1, 3, 9, 9)), line, line, size, torch.tensor([0.0]))
    assert torch.allclose(grey, torch.full_like(grey, 0.5), atol=1e-4)
    with pytest.raises(ValueError, match="received 'value' of 'ycbcr'"):
        cs.Net(8, 1, classes="value", colours="ycbcr")


@torch.no_grad()
@pytest.mark.parametrize("architecture", (lte.Net, cs.Net, fcs.Net))
def test_what_is_added_fades_out_where_the_photo_is_flat(architecture):
    torch.manual_seed(1)
    net = architecture(width=8, blocks=1, flats=True)
    for layer in (net.out, getattr(net, "high", net.out)):
        for weights in layer.parameters():
            weights.add_(0.2 * torch.randn_like(weights))
    turned = [torch.tensor([0.5])] * len(net.controls)
    image = torch.rand(1, 3, 12, 20)
    image[:, :, :, 10:] = torch.tensor([0.9, 0.2, 0.1])[:, None, None]
    rows, columns = axis(12, 30, 2.5), axis(20, 50, 2.5)
    features, size = net.encode(image), cell((2.5, 2.5))
    made = net.decode(features, rows, columns, size, *turned)
    assert made[..., 33:].abs().max() == 0 and made[..., 33:].shape[-1] > 0
    ungated = net.decode(net.features(net.encoder(image)), rows, columns, size, *turned)
    assert torch.allclose(made[..., :17], ungated[..., :17], atol=1e-6) and ungated[..., 33:].abs().max() > 1e-3


@torch.no_grad()
def test_liif_s_cells_bring_their_own_colour_where_the_photo_is_flat():
    torch.manual_seed(1)
    net = Net(width=8, blocks=1, flats=True)
    image = torch.rand(1, 3, 12, 20)
    image[:, :, :, 10:] = torch.tensor([0.9, 0.2, 0.1])[:, None, None]
    rows, columns = axis(12, 30, 2.5), axis(20, 50, 2.5)
    features, size = net.encode(image), cell((2.5, 2.5))
    made = net.decode(features, rows, columns, size)
    assert torch.allclose(made[..., 33:], image[:, :, :1, 19:].expand_as(made[..., 33:]), atol=1e-6)
    ungated = net.decode(net.features(net.encoder(image)), rows, columns, size)
    assert torch.allclose(made[..., :17], ungated[..., :17], atol=1e-5)


def test_values_that_are_added_to_nothing_are_not_held_to_the_photo():
    with pytest.raises(ValueError, match="flats"):
        cs.Net(classes="value", flats=True)

"""LIIFusion: its beginning, its windows, its way back from noise, its graphs and its training steps."""
import io
import warnings
from dataclasses import replace

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from torch import nn

from training.architectures import liif
from training.architectures.diffusion import KEPT, STEPS, Denoiser, way_back
from training.architectures.liifusion import HIDDEN, Net
from training.architectures.matching import load_matching
from training.architectures.prior_encoder import SIZE, PriorEncoder, photo_patches, resampled, starts
from training.architectures.window_attention import CrossAttention, map_of, windows
from training.config import load
from training.data.implicit_pairs import AnyScalePairs
from training.export.implicit_graphs import graphs_of
from training.export.onnxfile import OPSET
from training.kernels.noise import noise_of
from training.kernels.positions import axis, cell, decoder_inputs
from training.learning import fusion_run as fusion

SMALL = {"width": 16, "blocks": 2}


def away_from_start(module: nn.Module) -> nn.Module:
    """The module with no number left at its starting value."""
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.add_(0.05 * torch.randn(parameter.shape))
    return module.eval()


def made(**sizes) -> Net:
    torch.manual_seed(3)
    return away_from_start(Net(**SMALL, **sizes))


def places(size: int, scale: float):
    return axis(size, round(size * scale), scale)


@torch.no_grad()
def test_at_the_beginning_it_is_the_liif_it_takes_over():
    torch.manual_seed(1)
    teacher, net = liif.Net(**SMALL), Net(**SMALL, scale_condition="fade")
    away_from_start(teacher)
    assert load_matching(net, teacher.state_dict()) == len(teacher.state_dict())
    image = torch.rand(1, 3, 21, 14)
    rows, columns, size = places(21, 2.7), places(14, 2.7), cell((2.7, 2.7))
    expected = teacher.decode(teacher.encode(image), rows, columns, size)
    for seed in (1, 2):
        assert torch.allclose(net.decode(net.encode(image, seed), rows, columns, size), expected, atol=1e-5)


@pytest.mark.parametrize("shift", (0, 4))
@pytest.mark.parametrize("height,width", ((8, 16), (1, 3), (5, 4), (19, 23)))
def test_windows_hold_every_position_once(shift, height, width):
    x = torch.rand(2, 3, height, width)
    cells = windows(x, shift)
    assert cells.shape[1] == -(-(height + shift) // 8) * -(-(width + shift) // 8)
    assert cells.sum() == pytest.approx(float(x.sum()), rel=1e-5)
    assert torch.equal(map_of(cells, height, width, shift), x)


@torch.no_grad()
def test_attention_looks_at_its_window_and_at_nothing_outside_the_map():
    torch.manual_seed(2)
    layer = away_from_start(CrossAttention(16, 4, 4))
    x, source = torch.rand(1, 16, 14, 14), torch.rand(1, 16, 14, 14)
    result = layer(x, source)
    other = source.clone()
    other[:, :, :, 12:] += 1  # the shifted windows are 0..3, 4..11, 12..13
    change = (layer(x, other) - result).abs().amax(dim=(0, 1, 2))
    assert change[:12].max() == 0 and change[12:].min() > 0
    # A window that is a position alone attends to that position alone, not to the zeros that fill the window.
    single = layer(x[:, :, :1, :1], source[:, :, :1, :1])
    tokens = x[0, :, 0, 0] + layer.out(layer.value(layer.norm_source(source[0, :, 0, 0])))
    assert torch.allclose(single[0, :, 0, 0], tokens + layer.mlp(layer.norm_mlp(tokens)), atol=1e-5)


@torch.no_grad()
@pytest.mark.parametrize("top,left", ((0, 0), (8, 16), (16, 8)))
def test_tiles_that_begin_at_multiples_of_the_window_equal_the_whole(top, left):
    net = made()
    image, prior = torch.rand(1, 3, 72, 75), torch.randn(1, SIZE)
    margin = net.reach["before"]
    whole = net.features(net.encoder(image), prior)
    bottom, right = top + 52, left + 55
    tile = net.features(net.encoder(image[:, :, top:bottom, left:right]), prior)
    inner = (slice(margin if top else 0, 52 - margin), slice(margin if left else 0, 55 - margin))
    part = whole[:, :, top:bottom, left:right][:, :, inner[0], inner[1]]
    assert part.numel() and torch.allclose(tile[:, :, inner[0], inner[1]], part, atol=2e-5)
    # A tile that begins elsewhere sees other windows: the alignment is needed.
    moved = net.features(net.encoder(image[:, :, 3:63, 3:63]), prior)
    there = whole[:, :, 3:63, 3:63]
    assert (moved - there)[:, :, margin:-margin, margin:-margin].abs().max() > 1e-3


def test_way_back_recovers_what_the_noise_hides():
    known, noise = torch.randn(3, SIZE, dtype=torch.float64), torch.randn(3, SIZE, dtype=torch.float64)

    def oracle(z, step):
        kept = KEPT[step - 1]
        return (z - kept**0.5 * known) / (1 - kept) ** 0.5

    assert torch.allclose(way_back(noise, oracle), known)
    # Without predicted noise every step only divides by sqrt(a_t).
    assert torch.allclose(way_back(noise, lambda z, _: torch.zeros_like(z)), noise / KEPT[-1] ** 0.5)
    assert KEPT[-1] < 0.01 and len(KEPT) == STEPS


@torch.no_grad()
def test_denoiser_begins_with_the_condition_and_then_depends_on_the_noise():
    torch.manual_seed(5)
    denoiser, condition, noise = Denoiser(), torch.randn(2, SIZE), torch.randn(2, SIZE)
    assert torch.allclose(way_back(noise, lambda z, t: denoiser(z, t, condition)), condition, atol=1e-4)
    away_from_start(denoiser)
    first, second = (way_back(n, lambda z, t: denoiser(z, t, condition)) for n in (noise, -noise))
    assert (first - second).abs().mean() > 1e-3


@torch.no_grad()
def test_prior_encoder_sees_the_detail_and_tells_photographs_apart():
    torch.manual_seed(6)
    encoder, low = PriorEncoder(), torch.rand(8, 3, 12, 12)
    first, second = (encoder(low, resampled(torch.rand(8, 3, side, side), (48, 48))) for side in (17, 48))
    assert first.shape == (8, SIZE) and encoder.learnt == 2
    assert torch.allclose(first.std(dim=0, correction=0), torch.ones(SIZE), atol=0.1)
    assert (first - second).abs().mean() > 0.1
    encoder.eval()
    encoder(low, resampled(torch.rand(8, 3, 48, 48), (48, 48)))
    assert encoder.learnt == 2
    flat = torch.full((1, 1, 6, 9), 0.3)
    assert torch.allclose(resampled(flat, (24, 36)), torch.full((1, 1, 24, 36), 0.3), atol=1e-6)


def test_noise_is_what_the_application_makes():
    # tests/unit/implicit/prior.test.ts expects the same numbers.
    assert np.allclose(noise_of(7, 5), [0.1419704, 0.0582407, -0.864253, -2.6056809, -1.0063664], atol=1e-6)
    assert np.allclose(noise_of(2**32 - 1, 3), [0.7904167, 1.9774008, 1.4889551], atol=1e-6)


def test_photo_patches_reach_from_edge_to_edge():
    assert starts(48, 48, 4) == [0] and starts(49, 48, 4) == [0, 1] and starts(96, 48, 4) == [0, 48]
    assert starts(1000, 48, 4) == [0, 317, 635, 952]
    image = torch.rand(1, 3, 100, 30)
    found = photo_patches(image, 48)
    assert found.shape == (3, 3, 48, 48)
    assert torch.equal(found[2, :, -1, :30], image[0, :, 99]) and torch.equal(found[0, :, 0, 30], image[0, :, 0, 29])


@torch.no_grad()
def test_the_scale_condition_fades_out_beyond_the_trained_range():
    net, off = made(scale_condition="fade"), made()
    features = torch.randn(1, 256, 4, 4)
    load_matching(off, net.state_dict())
    gap = {}
    for scale in (2.0, 4.0, 6.0, 8.0, 30.0):
        rows = places(4, scale)
        pair = [n.decode(features, rows, rows.pick(torch.arange(4)), cell((scale, scale))) for n in (net, off)]
        gap[scale] = float((pair[0] - pair[1]).abs().mean())
    assert gap[2.0] > 0 and gap[4.0] > gap[6.0] > 0 and gap[8.0] == gap[30.0] == 0


class Graph(nn.Module):
    """One method of a network as a module that can be exported."""

    def __init__(self, net: Net, method: str):
        super().__init__()
        self.net, self.method = net, method

    def forward(self, *inputs):
        return getattr(self.net, self.method)(*inputs)


def exported(net: Net, method: str, names: list[str], example: tuple, free: dict):
    """A method as an ONNX Runtime session."""
    buffer = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(Graph(net, method), example, buffer, dynamo=False, opset_version=OPSET, input_names=names,
                          output_names=["output"], dynamic_axes=free)
    onnx.checker.check_model(onnx.load_from_string(buffer.getvalue()), full_check=True)
    session = onnxruntime.InferenceSession(buffer.getvalue(), providers=["CPUExecutionProvider"])
    return lambda *given: session.run(["output"], dict(zip(names, (g.numpy() for g in given))))[0]


@torch.no_grad()
def test_source_graph_agrees_with_pytorch_at_any_size():
    net = made()
    run = exported(net, "features", ["input", "prior"], (torch.rand(1, 16, 24, 28), torch.randn(1, SIZE)),
                   {"input": {2: "height", 3: "width"}, "output": {2: "height", 3: "width"}})
    for height, width in ((24, 28), (8, 8), (33, 17), (5, 3), (1, 1)):
        x, prior = torch.randn(1, 16, height, width), torch.randn(1, SIZE)
        expected = net.features(x, prior).numpy()
        assert np.abs(run(x, prior) - expected).max() < 2e-5 * max(1, np.abs(expected).max())


@torch.no_grad()
def test_prior_graph_agrees_with_pytorch_for_any_number_of_patches():
    net = made()
    run = exported(net, "prior", ["patches", "noise"], (torch.rand(3, 3, 48, 48), torch.randn(1, SIZE)),
                   {"patches": {0: "count"}})
    for count in (1, 5, 16):
        patches, noise = torch.rand(count, 3, 48, 48), torch.randn(1, SIZE)
        assert np.abs(run(patches, noise) - net.prior(patches, noise).numpy()).max() < 1e-4


def test_graphs_have_the_outputs_that_the_application_asks_for():
    graphs = graphs_of(made())
    names = [[o.name for o in graph.graph.output] for graph in (graphs.prior, graphs.source, graphs.decoder)]
    assert names == [["prior"], ["output"], ["output"]]


@torch.no_grad()
def test_decoder_graph_agrees_with_pytorch_for_any_grid():
    net = made(scale_condition="fade")

    class Decode(Graph):
        def forward(self, features, *numbers):
            rows, columns = (tuple(numbers[at : at + 3]) for at in (0, 3))
            line = type(places(9, 2.0))
            return self.net.decode(features, line(*rows), line(*columns), numbers[6])

    names = ["features", "rowIndex", "rowOffset", "rowWeight", "columnIndex", "columnOffset", "columnWeight", "cell"]
    example = (torch.rand(1, 256, 9, 9), *places(9, 2.0), *places(9, 3.0), cell((2.0, 3.0)))
    free = {"features": {2: "h", 3: "w"}, "output": {2: "H", 3: "W"}}
    free |= {n: {1: "H"} for n in names if n.startswith("row")} | {n: {1: "W"} for n in names if n.startswith("col")}
    buffer = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(Decode(net, ""), example, buffer, dynamo=False, opset_version=OPSET, input_names=names,
                          output_names=["output"], dynamic_axes=free)
    session = onnxruntime.InferenceSession(buffer.getvalue(), providers=["CPUExecutionProvider"])
    for scale in (2.0, 3.3, 7.0, 12.0):
        given = (torch.rand(1, 256, 7, 11), *places(7, scale), *places(11, scale), cell((scale, scale)))
        expected = Decode(net, "")(*given).numpy()
        result = session.run(["output"], dict(zip(names, (g.numpy() for g in given))))[0]
        assert np.abs(result - expected).max() < 1e-4 * max(1, np.abs(expected).max())


@pytest.fixture
def begun(small_pack, tmp_path, monkeypatch):
    """A function that begins a short run of a config at a small size."""

    def begin(name: str, minutes: float = 10, **recipe):
        monkeypatch.setattr("training.paths.RUNS", tmp_path)
        config = load(name)
        few = replace(config.recipe, batch=2, patch=24, points=16, half=False, warmup=0, content=0.0, **recipe)
        config = replace(config, recipe=few, sizes={**config.sizes, **SMALL}, start=(), frozen="")
        run = fusion.FusionRun(config, name, (2, 3, 4), "cpu", small_pack)
        run.module.prior_encoder.norm.num_batches_tracked += 1  # as after stage 1
        run.begin(minutes, resume=False)
        return run

    return begin


def changed(run, before: dict) -> set[str]:
    """The parts of the network with a weight that is no more what it was."""
    now = run.module.state_dict()
    return {n.split(".")[0] for n, t in before.items() if not torch.equal(t, now[n]) and ".norm." not in n}


def snapshot(run) -> dict:
    return {n: t.clone() for n, t in run.module.state_dict().items()}


def test_stage_one_learns_the_decoder_and_then_the_condition_path_alone(begun):
    run = begun("liifusion", rate=1e-3)
    start = snapshot(run)
    for _ in range(4):  # zero starts let the gradient through one layer a step
        assert np.isfinite(run.step())
    every = {"prior_encoder", "condition_encoder", "denoiser", "injector", "attention", "first", "decoder"}
    assert changed(run, start) == every
    assert run.module.prior_encoder.learnt == 5
    middle = snapshot(run)
    run.clock.started -= 60 * 8  # eight of the ten minutes are over
    for _ in range(2):
        assert np.isfinite(run.step())
    assert changed(run, middle) == {"condition_encoder", "denoiser"}
    assert run.module.prior_encoder.learnt == 5


def test_stage_two_learns_all_but_what_is_given(begun):
    run = begun("liifusion-perceptual", rate=1e-3)
    start, opponent = snapshot(run), [p.clone() for p in run.objective.opponent.parameters()]
    for _ in range(4):
        assert np.isfinite(run.step())
    assert changed(run, start) == {"condition_encoder", "denoiser", "injector", "attention", "first", "decoder"}
    assert any(not torch.equal(a, b) for a, b in zip(opponent, run.objective.opponent.parameters()))


def test_distance_is_least_for_the_median_or_for_the_true_spread():
    known, first, second = torch.randn(3, 2000, 16, generator=torch.Generator().manual_seed(8))

    def of(spread, varied):
        return float(fusion.distance(known, spread * first, spread * second, varied))

    assert of(0.0, 0.0) < of(0.5, 0.0) < of(1.0, 0.0)
    assert of(1.0, 1.0) < min(of(spread, 1.0) for spread in (0.0, 0.5, 1.5, 2.0))


def test_stage_two_wants_a_prior_encoder_that_has_learnt(begun, monkeypatch):
    monkeypatch.setattr(fusion.ImplicitRun, "begin", lambda run, *_: run.module.prior_encoder.norm.reset_running_stats())
    with pytest.raises(SystemExit, match="trained prior encoder"):
        begun("liifusion-perceptual")


def test_the_same_seed_gives_the_same_losses(begun):
    losses = []
    for _ in range(2):
        run = begun("liifusion")
        losses.append([run.step() for _ in range(2)])
    assert losses[0] == pytest.approx(losses[1], rel=1e-4)


def test_a_window_asks_for_neighbouring_pixels(begun):
    run = begun("liifusion-perceptual")
    pairs: AnyScalePairs = run.pairs
    batch = pairs.draw(2, 24)
    part = fusion.window(batch, 20, np.random.default_rng(4))
    assert part.truth.shape == (2, 3, min(20, batch.whole.shape[2]), min(20, batch.whole.shape[2]))
    assert all((chosen.diff() == 1).all() for chosen in part.chosen)
    full = axis(24, batch.whole.shape[2], batch.scale)
    assert torch.equal(part.rows.offset, full.offset[:, part.chosen[0]])
    assert torch.equal(part.truth, batch.whole[:, :, part.chosen[0]][:, :, :, part.chosen[1]])


@torch.no_grad()
@pytest.mark.parametrize("scale", (1.7, 4.0, 12.0))
def test_one_colour_stays_that_colour_at_every_scale_whatever_the_decoder_makes_of_it(scale):
    net = made(flats=True)
    flat = torch.tensor([0.9, 0.2, 0.1])[None, :, None, None].expand(-1, -1, 16, 16)
    rows, size = places(16, scale), cell((scale, scale))
    colour = flat[:, :, :1, :1]
    assert (net.decode(net.encode(flat)[:, :HIDDEN], rows, rows, size) - colour).abs().max() > 0.02
    assert (net.decode(net.encode(flat), rows, rows, size) - colour).abs().max() < 2e-6


@torch.no_grad()
def test_where_there_is_structure_the_decoder_makes_all():
    net, image = made(flats=True), torch.rand(1, 3, 12, 12)
    rows, size = places(12, 3.0), cell((3.0, 3.0))
    features = net.encode(image)
    assert features.shape[1] == HIDDEN + 4
    ungated = net.decode(features[:, :HIDDEN], rows, rows, size)
    assert torch.allclose(net.decode(features, rows, rows, size), ungated, atol=1e-5)
    image[:, :, :, 4:] = 0.5  # and half of it is flat: bilinear there
    rows, columns = places(12, 2.0), axis(12, 24, 2.0)
    mixed = net.decode(net.encode(image), rows, columns, cell((2.0, 2.0)))
    assert torch.allclose(mixed[:, :, :, 18:], torch.tensor(0.5), atol=1e-5)
    assert (mixed - 0.5)[:, :, :, :8].abs().max() > 0.1


@torch.no_grad()
def test_the_graphs_of_a_gated_network_do_what_it_does():
    net, image, prior = made(flats=True), torch.rand(1, 3, 24, 32), torch.randn(1, SIZE)
    image[:, :, :, 12:] = 0.4
    graphs = graphs_of(net)
    head, decoder = (onnxruntime.InferenceSession(graph.SerializeToString(), providers=["CPUExecutionProvider"])
                     for graph in (graphs.source, graphs.decoder))
    assert [entry.name for entry in head.get_inputs()] == ["input", "prior", "photo"] and graphs.channels[1] == HIDDEN + 4
    given = {"input": net.encoder(image).numpy(), "prior": prior.numpy(), "photo": image.numpy()}
    features = torch.from_numpy(head.run(None, given)[0])
    expected = net.features(net.encoder(image), prior, image)
    assert torch.allclose(features, expected, atol=1e-4)
    rows, columns = places(24, 2.3), places(32, 3.0)
    inputs = {name: value.numpy() for name, value in decoder_inputs(expected, rows, columns, (2.3, 3.0)).items()}
    made_by_graph = decoder.run(None, {entry.name: inputs[entry.name] for entry in decoder.get_inputs()})[0]
    assert np.abs(made_by_graph - net.decode(expected, rows, columns, cell((2.3, 3.0))).numpy()).max() < 1e-4

"""What stands in cards beside the figures: what tiles change, what strength goes between, an example."""
import dataclasses
import json

import numpy as np
import pytest

from training import paths
from training.config import load
from training.export.manifest import measure_benchmarks
from training.export import examples
from training.export.bundle import export
from training.kernels.metrics import score
from training.kernels.resize import imresize_uint8
from training.learning import run as running
from training.measure import real
from training.measure.evaluation import enlarger, model_source
from training.measure.session import session_runner
from training.measure.tiling import core_side, feathers, run_tiled, spans, tiling_difference
from training.measure.tune import figures_at
from training.tests.conftest import drawn

FIELD = {"before": 5, "after": 4}
TINY = {"width": 16, "blocks": 1, "growth": 8, "shuffle": True}


def repeated(x: np.ndarray) -> np.ndarray:
    return x.repeat(2, axis=2).repeat(2, axis=3)


def test_tiles_cover_the_picture_evenly_with_weights_that_sum_to_one():
    reads = spans(100, 30, FIELD)
    assert reads == [(0, 29), (20, 54), (45, 79), (70, 100)]
    total = np.zeros(100)
    for (start, end), weight in zip(reads, feathers(reads)):
        total[start:end] += weight
        assert (weight > 0).all()
    assert np.allclose(total, 1)


def test_tiles_change_nothing_in_what_looks_no_further_than_their_overlap():
    x = np.random.default_rng(1).random((1, 3, 50, 70), np.float32)
    assert np.allclose(run_tiled(repeated, x, 2, 20, FIELD), repeated(x), atol=1e-6)


def test_what_sees_a_tile_s_edges_weighs_nothing():
    field = FIELD | {"exact": False, "measured": {"overlap": 3, "step": 0.1}}
    reads = spans(100, 30, field, 5)
    assert all(start % 5 == 0 and (end % 5 == 0 or end == 100) for start, end in reads)
    assert reads == [(0, 40), (15, 65), (40, 90), (65, 100)]  # two neighbours share 25: 2 x (3 seen + 8 fading), filled up
    first, second = feathers(reads, 3, 3)[:2]
    assert (first[-3:] == 0).all() and first[-4] > 0 and (second[:3] == 0).all() and second[3] > 0

    def blackened(x: np.ndarray) -> np.ndarray:
        made = repeated(x).copy()
        made[:, :, :6], made[:, :, -6:], made[..., :6], made[..., -6:] = 0, 0, 0, 0
        return made

    x = np.random.default_rng(1).random((1, 3, 50, 70), np.float32)
    inner = (..., slice(6, -6), slice(6, -6))
    assert np.allclose(run_tiled(blackened, x, 2, 20, field)[inner], repeated(x)[inner], atol=1e-6)


def test_tiles_show_in_what_looks_at_everything(monkeypatch):
    monkeypatch.setattr("training.measure.tiling.photographs", lambda: [drawn(60, 320, 400), drawn(61, 400, 320)])
    found = tiling_difference(lambda x: repeated(x * 0 + x.mean(axis=(2, 3), keepdims=True)), 2, 149, FIELD)
    assert 0 < found["mean"] < found["largest"]
    assert tiling_difference(repeated, 2, 149, FIELD)["largest"] == 0


def test_dearer_networks_get_smaller_tiles():
    assert core_side(1e4, None, FIELD) == 520 and core_side(1e10, None, FIELD) == 32
    assert 32 < core_side(2e6, None, {"before": 40, "after": 40}) < core_side(2e6, 3276, {"before": 40, "after": 40}) < 360


@pytest.fixture
def places(tmp_path, monkeypatch, small_pack):
    """Runs and models in folders of their own, two drawn validation pictures, no benchmark sets."""
    monkeypatch.setattr(paths, "MODELS", tmp_path / "models")
    monkeypatch.setattr(paths, "ENCODERS", tmp_path / "encoders")
    monkeypatch.setattr(paths, "RUNS", tmp_path / "runs")
    crops = np.stack([drawn(seed, 72, 72) for seed in (60, 61)])
    monkeypatch.setattr("training.measure.validate.validation_crops", lambda: crops)
    return tmp_path


def trained(config, pack, place) -> None:
    run = running.Run(config, f"{config.id}-x4", (4,), "cpu", pack, place)
    run.begin(1, False)
    for _ in range(3):
        run.step()
    (run.folder / "record.json").write_text(json.dumps(run.finish()))
    run.save()


def test_strength_goes_from_the_psnr_half_to_the_gan(places, small_pack, monkeypatch):
    psnr = dataclasses.replace(load("esrgan-psnr"), sizes=TINY, start=(), recipe=dataclasses.replace(
        load("esrgan-psnr").recipe, batch=2, patch=16))
    gan = dataclasses.replace(load("esrgan"), sizes=TINY, measure="psnr", start=(), recipe=dataclasses.replace(
        psnr.recipe, seed=9))
    monkeypatch.setattr("training.export.candidates.load", lambda name: psnr)
    monkeypatch.setattr("training.export.candidates.SMALL_ABOVE", 0)
    trained(psnr, small_pack, places)
    trained(gan, small_pack, places)
    assert export(psnr, data=places) == [4] and export(gan, data=places) == [4]
    folder = places / "models" / "esrgan"
    manifest = json.loads((folder / "manifest.json").read_text())
    entry = manifest["files"][0]
    assert manifest["controls"] == [{"id": "strength", "default": 0.85}]
    own, other = ((folder / name).read_bytes() for name in (entry["file"], entry["blend"]["file"]))
    assert own != other
    assert {part["type"] for part in entry["blend"]["ranges"]} >= {"int8"}
    assert model_source(folder, manifest, entry, 1) == own and model_source(folder, manifest, entry, 0) == other
    x = np.random.default_rng(2).random((1, 3, 12, 12), np.float32)
    half = session_runner(model_source(folder, manifest, entry, 0.5))(x)
    assert np.abs(half - session_runner(own)(x)).max() > 0 < np.abs(half - session_runner(other)(x)).max()
    # The other end is the model that it was trained from, as that is bundled.
    low = drawn(1, 20, 22)
    zero = enlarger("esrgan", 4, models=places / "models", strength=0)(low)
    assert np.abs(zero.astype(int) - enlarger("esrgan-psnr", 4, models=places / "models")(low)).max() <= 2  # int8
    crops = np.stack([drawn(seed, 24, 28) for seed in (3, 4)])
    tuned = [figures_at("esrgan", 4, crops, None, models=places / "models", strength=s)[0] for s in (0.0, 0.5, 1.0)]
    assert len(set(tuned)) == 3 and all(5 < psnr < 60 for psnr in tuned)
    card = (folder / "card.md").read_text()
    assert entry["blend"]["file"] in card and "(example.png)" in card
    assert (folder / "example.png").stat().st_size <= examples.LARGEST


def test_an_example_has_the_three_panels_of_both_places(places, monkeypatch):
    monkeypatch.setattr(examples, "enlarger", lambda method, scale: lambda low: low.repeat(scale, 0).repeat(scale, 1))
    picture = examples.panels("any", 2)
    assert picture.shape == (2 * 48 + 4, 3 * 80 + 8, 3)
    assert np.array_equal(picture[:48, :80], picture[:48, -80:])  # the method here repeats pixels as well
    assert picture.std() > 20 and len(examples.small_png(picture)) <= examples.LARGEST


def test_methods_are_compared_on_degraded_crops(monkeypatch, capsys):
    monkeypatch.setattr(real, "validation_crops", lambda: np.stack([drawn(seed, 48, 48) for seed in (1, 2)]))
    monkeypatch.setattr("sys.argv", ["real", "--method", "bicubic", "--scale", "2"])
    real.main()
    figure = float(capsys.readouterr().out.split()[2])
    plain = [score(imresize_uint8(imresize_uint8(t, 0.5), 2), t, 2)[0] for t in real.validation_crops()]
    assert 5 < figure < np.mean(plain)  # degraded pictures are harder


def test_figures_of_other_weights_do_not_outlive_them(places):
    figures = {"Set5": {"x2": {"psnrY": 30.0}, "x3": {"psnrY": 31.0}, "x8": {"psnrY": 22.0}}, "BSD100": {"x2": {"psnrY": 29.0}}}
    manifest = {"figures": figures}
    measure_benchmarks(load("fsrcnn"), manifest, [2], places)  # where no set is
    assert manifest["figures"] == {"Set5": {"x3": {"psnrY": 31.0}}}
    measure_benchmarks(load("vdsr"), manifest, [0], places)
    assert manifest["figures"] == {}

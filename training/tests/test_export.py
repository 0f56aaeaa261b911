"""Bundling: what is written, what is left alone, and training on from it."""
import dataclasses
import json

import numpy as np
import onnx
import pytest
import torch
from safetensors.torch import save_file

from training import paths
from training.architectures import build_together
from training.config import load
from training.export import candidates as exporting
from training.export.bundle import export
from training.export.choice import better
from training.export.candidates import file_scales
from training.learning import run as running
from training.learning.weights import committed_weights
from training.measure.evaluation import enlarger
from training.measure.session import session_runner
from training.tests.conftest import drawn

TINY = {
    "edsr": {"width": 16, "blocks": 1}, "vdsr": {"width": 8, "layers": 3}, "fsrcnn": {},
    "srresnet": {"width": 8, "blocks": 1}, "lapsrn": {"width": 8, "depth": 1},
    "memnet-small": {"width": 8, "blocks": 2, "recursions": 2}, "srfbn-small": {"width": 6, "groups": 2, "steps": 2},
}


def tiny(name: str):
    return dataclasses.replace(load(name), sizes=TINY[name], start=())


@pytest.fixture
def places(tmp_path, monkeypatch, small_pack):
    """Runs and models in folders of their own, two drawn validation pictures, no benchmark sets."""
    monkeypatch.setattr(paths, "MODELS", tmp_path / "models")
    monkeypatch.setattr(paths, "ENCODERS", tmp_path / "encoders")
    monkeypatch.setattr(paths, "RUNS", tmp_path / "runs")
    crops = np.stack([drawn(seed, 72, 72) for seed in (60, 61)])
    monkeypatch.setattr("training.measure.validate.validation_crops", lambda: crops)
    return tmp_path


def trained(config, pack, place, steps: int = 3, resume: bool = False) -> running.Run:
    """The model's first run, a few steps long, closed and saved."""
    task, scales = config.tasks()[-1]
    run = running.Run(config, task, scales, "cpu", pack, place)
    run.begin(1, resume)
    for _ in range(steps):
        run.step()
    record = run.finish()
    run.save()
    (run.folder / "record.json").write_text(json.dumps(record))
    return run


@pytest.mark.parametrize("name", TINY)
def test_a_trained_model_is_bundled_whole(name, places, small_pack):
    config = tiny(name)
    trained(config, small_pack, places)
    written = export(config, data=places)
    folder = places / "models" / name
    manifest = json.loads((folder / "manifest.json").read_text())
    assert written == (file_scales(config) if config.together else [4])
    assert [entry["scale"] for entry in manifest["files"]] == written
    assert manifest["training"]["steps"] == 3 + config.card.get("account", {}).get("steps", 0)
    assert manifest["id"] in (folder / "card.md").read_text()
    low = drawn(1, 20, 22)
    make = enlarger(name, 4, models=places / "models")
    assert make(low).shape == (80, 88, 3) and make(low[:, :, 0]).shape == (80, 88)


def test_what_got_no_better_is_left_alone(places, small_pack):
    config = tiny("fsrcnn")
    trained(config, small_pack, places)
    assert export(config, data=places) == [4]
    before = (places / "models" / "fsrcnn" / "x4.onnx").read_bytes()
    assert export(config, data=places) == []
    assert export(config, force=True, data=places) == [4]
    assert (places / "models" / "fsrcnn" / "x4.onnx").read_bytes() == before


@pytest.mark.parametrize("name", ("edsr", "fsrcnn", "vdsr"))
def test_without_a_checkpoint_training_goes_on_from_the_bundled_file(name, places, small_pack):
    config = tiny(name)
    first = trained(config, small_pack, places)
    export(config, data=places)
    (first.folder / "checkpoint.pt").unlink()
    task, scales = config.tasks()[-1]
    again = running.Run(config, task, scales, "cpu", small_pack, places)
    again.begin(1, True)
    assert again.books.steps == 3
    for key, value in again.module.state_dict().items():
        assert torch.equal(value, first.average.weights[key]), key


def test_what_the_scales_share_is_stored_once(places, small_pack):
    config = dataclasses.replace(tiny("edsr"), scales=(2, 3))
    first = trained(config, small_pack, places)
    assert export(config, data=places) == [2, 3]
    folder = places / "models" / "edsr"
    manifest = json.loads((folder / "manifest.json").read_text())
    (body,) = folder.glob("body-*.bin")
    assert [entry["body"]["file"] for entry in manifest["files"]] == [body.name] * 2
    assert body.name in (folder / "card.md").read_text()
    encoder = {n: t for n, t in first.average.weights.items() if n.startswith("encoder.") and t.numel() > 256}
    assert body.stat().st_size == sum(4 * t.numel() for t in encoder.values())
    x = np.random.default_rng(0).random((1, 3, 9, 8)).astype(np.float32)
    for scale in (2, 3):
        weights = committed_weights("edsr", scale)
        assert all(torch.equal(weights[n], t) for n, t in encoder.items())
        whole = exporting.network(config, scale, first.average.weights).eval()
        with torch.no_grad():
            expected = whole(torch.from_numpy(x)).numpy()
        assert np.allclose(session_runner(folder / f"x{scale}.onnx")(x), expected, atol=1e-5)
    for value in first.average.weights.values():
        value.add_(0.01)
    first.save()
    assert export(config, force=True, data=places) == [2, 3]
    (again,) = folder.glob("body-*.bin")
    assert again.name != body.name


def test_better_means_higher_psnr_and_lower_lpips():
    psnr, lpips = load("fsrcnn"), load("srgan")
    assert better(psnr, {"x2": 36.02}, {"x2": 36.0}) and not better(psnr, {"x2": 36.0}, {"x2": 36.0})
    assert better(lpips, {"x4": 0.1}, {"x4": 0.2}) and not better(lpips, {"x4": 0.3}, {"x4": 0.2})
    assert better(psnr, {"x2": 1.0}, {})


def test_a_run_that_made_it_worse_is_not_built_on(places, small_pack):
    config = tiny("fsrcnn")
    first = trained(config, small_pack, places)
    export(config, data=places)
    bundled = {key: value.clone() for key, value in first.average.weights.items()}
    for value in first.average.weights.values():
        value.add_(1.0)
    first.finish()
    first.save()
    task, scales = config.tasks()[-1]
    again = running.Run(config, task, scales, "cpu", small_pack, places)
    again.begin(1, True)
    assert again.clock.rate == pytest.approx(config.recipe.rate * config.recipe.again)
    for key, value in again.module.state_dict().items():
        assert torch.equal(value, bundled[key]) and torch.equal(again.average.weights[key], bundled[key])


def test_storage_is_the_smallest_that_costs_less_than_a_two_hundredth_of_a_decibel(monkeypatch):
    config = tiny("edsr")
    module = build_together("edsr", (2,), **config.sizes)
    monkeypatch.setattr(exporting, "SMALL_ABOVE", 0)
    for int8_costs, half_costs, ending in ((0.004, 0.0, ".int8"), (0.006, 0.004, ".half"), (0.006, 0.006, "")):
        looks = iter(({"x2": 30.0}, {"x2": 30.0 - int8_costs}, {"x2": 30.0 - half_costs}))
        monkeypatch.setattr(exporting, "figures", lambda config, content, scale: next(looks))
        ((content, found),) = exporting.encode(config, {2: module}).values()
        names = {i.name for i in onnx.load_from_string(content).graph.initializer}
        assert [e for e in (".int8", ".half") if any(n.endswith(e) for n in names)] == ([ending] if ending else [])
        assert found == {"x2": 30.0 - {".int8": int8_costs, ".half": half_costs, "": 0.0}[ending]}


def test_weights_of_another_source_come_with_their_own_books(places, small_pack):
    config = tiny("fsrcnn")
    run = trained(config, small_pack, places)
    weights = {name: (value + 0.001).contiguous() for name, value in run.average.weights.items()}
    save_file(weights, str(places / "given.safetensors"))
    books = {"steps": 70, "minutes": 9.5, "device": "CPU, 1 thread"}
    assert export(config, True, "given.safetensors", places, 4, books) == [4]
    manifest = json.loads((places / "models" / "fsrcnn" / "manifest.json").read_text())
    assert manifest["training"]["runs"] == {"fsrcnn-x4": books} and manifest["training"]["device"] == "CPU, 1 thread"
    found = committed_weights("fsrcnn", 4)
    for name, value in weights.items():  # slopes get broadcast axes in the file
        assert torch.equal(found[name].flatten(), value.flatten()), name

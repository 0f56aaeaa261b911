"""`--resume` on a machine without checkpoints: every bundled network is trained on from what it is, not from less."""
import dataclasses
import json

import numpy as np
import pytest

from training import paths
from training.config import load
from training.data.patches import to_network
from training.learning.run import Run
from training.learning.train import run_kind
from training.measure.evaluation import model_source
from training.measure.implicit import load_enlarger
from training.measure.session import session_runner
from training.tests.conftest import drawn

BUNDLED = sorted(path.parent.name for path in paths.MODELS.glob("*/manifest.json"))


def shares_an_encoder(name: str) -> bool:
    """Whether a part of a bundled method lies with the shared encoders, as its manifest says."""
    described = json.loads((paths.MODELS / name / "manifest.json").read_text()).get("implicit", {"source": []})
    return any(entry.get("shared") for entry in described["source"])


SHARING = [name for name in BUNDLED if shares_an_encoder(name)]
TASKS = [(name, task, scales) for name in BUNDLED for task, scales in load(name).tasks()]
LOW = drawn(21, 20, 26)


@pytest.fixture
def fresh(tmp_path, monkeypatch):
    """No checkpoint anywhere."""
    monkeypatch.setattr(paths, "RUNS", tmp_path / "runs")
    return tmp_path


def resumed(name: str, task: str, scales: tuple[int, ...], pack, folder) -> Run:
    """The run before its first step."""
    config = load(name)
    # The opponent and the looks of perceptual losses are not what is resumed, and need the data folder.
    plain = dataclasses.replace(config, recipe=dataclasses.replace(config.recipe, content=0.0, adversarial=0.0))
    run = run_kind(plain)(plain, task, scales, "cpu", pack, folder)
    try:
        run.begin(1, resume=True)
    except SystemExit as refused:
        # LIIFusion's second stage learns from a part that is not bundled, and says so; its network is there already.
        assert name == "liifusion-perceptual" and "prior encoder" in str(refused)
    run.module.eval()
    return run


def bundled(name: str, scale: int):
    """The bundled files at work at a scale, decoders in float32."""
    folder = paths.MODELS / name
    manifest = json.loads((folder / "manifest.json").read_text())
    if "implicit" in manifest:
        manifest["implicit"]["decoder"].pop("onCpu", None)
        standing = {c["id"]: c["default"] for c in manifest.get("controls", []) if c["id"] != "seed"}
        return load_enlarger(folder, manifest).run((scale, scale), **standing)
    entry = next(one for one in manifest["files"] if one["scale"] in (scale, 0))
    return session_runner(model_source(folder, manifest, entry, 1.0))


@pytest.mark.parametrize("name, task, scales", TASKS, ids=lambda value: value if isinstance(value, str) else "")
def test_a_resumed_network_is_the_bundled_one(name, task, scales, fresh, small_pack):
    run = resumed(name, task, scales, small_pack, fresh)
    x = to_network(LOW[None], run.config.channels)
    for scale in scales:
        # Both in float32 from the same stored weights: they may differ by the order of sums only.
        expected, found = bundled(name, scale)(x), run.runner(scale)(x)
        assert found.shape == expected.shape and np.abs(found - expected).max() < 1e-3


@pytest.mark.parametrize("name", SHARING)
def test_a_bundled_decoder_without_its_encoder_is_refused(name, fresh, small_pack, monkeypatch):
    monkeypatch.setattr(paths, "ENCODERS", fresh / "nowhere")
    with pytest.raises(SystemExit, match="lack 68 of the network's tensors .encoder"):
        run_kind(load(name))(load(name), name, load(name).scales, "cpu", small_pack, fresh).begin(1, resume=True)


def test_a_new_decoder_without_an_encoder_is_refused(fresh, small_pack, monkeypatch):
    monkeypatch.setattr(paths, "MODELS", fresh / "nowhere")
    monkeypatch.setattr(paths, "ENCODERS", fresh / "nowhere")
    config = load("liif")
    with pytest.raises(SystemExit, match="stays as it starts"):
        run_kind(config)(config, "liif", config.scales, "cpu", small_pack, fresh).begin(1, resume=False)

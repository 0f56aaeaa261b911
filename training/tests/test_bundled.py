"""What is bundled: manifests that tell the truth about their files."""
import hashlib
import json
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import numpy_helper

from training.data.pictures import list_pictures
from training.export.encoders import unused_encoders
from training.kernels.resize import imresize
from training.measure.enlarge import enlarge, ensemble
from training.measure.evaluation import enlarger, measure
from training.measure.session import session_runner
from training.paths import ENCODERS, MODELS, benchmark
from training.tests.conftest import drawn

MANIFESTS = sorted(MODELS.glob("*/manifest.json"))
CHEAP = 100_000  # multiply-adds a pixel; dearer models are measured by the queue, not by the tests


@pytest.mark.parametrize("path", MANIFESTS, ids=lambda path: path.parent.name)
def test_manifest_describes_its_files(path):
    manifest = json.loads(path.read_text())
    assert manifest["format"] == 1 and manifest["id"] == path.parent.name
    most = 0
    for entry in manifest["files"]:
        content = (path.parent / entry["file"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == entry["sha256"]
        if "body" in entry:
            body = (path.parent / entry["body"]["file"]).read_bytes()
            assert hashlib.sha256(body).hexdigest() == entry["body"]["sha256"]
        most = max(most, number_count(path.parent / entry["file"]))
        channels = 1 if manifest["channels"] == "y" else 3
        scale = entry["scale"] if manifest["kind"] == "network" else 1
        assert session_runner(path.parent / entry["file"])(np.zeros((1, channels, 9, 7), np.float32)).shape == (
            1, channels, 9 * scale, 7 * scale)
        if "blend" in entry:
            second = (path.parent / entry["blend"]["file"]).read_bytes()
            assert hashlib.sha256(second).hexdigest() == entry["blend"]["sha256"] and len(second) == len(content)
    assert manifest["kind"] == "implicit" or abs(most - manifest["weights"]) <= 16  # constants beside the weights
    assert (path.parent / "card.md").exists()


@pytest.mark.parametrize("path", [p for p in MANIFESTS if "implicit" in json.loads(p.read_text())],
                         ids=lambda path: path.parent.name)
def test_the_graphs_of_an_implicit_method_are_there_and_run(path):
    manifest = json.loads(path.read_text())
    described = manifest["implicit"]
    graphs = [*described["source"], described["decoder"], *([described["prior"]] if "prior" in described else [])]
    for entry in graphs:
        place = (ENCODERS if entry.get("shared") else path.parent) / entry["file"]
        assert hashlib.sha256(place.read_bytes()).hexdigest() == entry["sha256"]
    assert enlarger(manifest["id"], 2)(drawn(1, 17, 12)).shape == (34, 24, 3)


def test_shared_encoders_are_named_by_their_contents_and_none_lies_about():
    for path in ENCODERS.glob("*.onnx"):
        assert path.stem.endswith(f"-{hashlib.sha256(path.read_bytes()).hexdigest()[:8]}")
    assert unused_encoders() == []


def number_count(path: Path) -> int:
    """Numbers in the initializers of an ONNX file."""
    initializers = onnx.load(str(path)).graph.initializer
    arrays = [numpy_helper.to_array(i) for i in initializers if not i.name.endswith(".step")]
    return sum(a.size for a in arrays if a.dtype in (np.float16, np.float32, np.int8) and a.size > 0)


def test_models_together_stay_small():
    total = sum(path.stat().st_size for path in MODELS.rglob("*") if path.is_file())
    total += sum(path.stat().st_size for path in ENCODERS.glob("*.onnx"))
    assert total <= 45e6


@pytest.mark.parametrize("path", MANIFESTS, ids=lambda path: path.parent.name)
def test_manifest_states_figures_that_can_be_made_again(path):
    folder = benchmark("Set5")
    if not folder.is_dir():
        pytest.skip(f"Set5 is not at {folder}; set ENLARGER_DATA to the data folder")
    manifest = json.loads(path.read_text())
    costs = [entry["macsPerPixel"] for entry in manifest["files"]]
    costs += [4 * manifest["implicit"]["macsPerPixel"]["output"]] if "implicit" in manifest else []
    if min(costs) > CHEAP:
        pytest.skip(f"{manifest['id']} is too dear for a quick test")
    scale = manifest["scales"][-1]
    found = measure(list_pictures(folder), scale, enlarger(manifest["id"], scale))
    stated = manifest["figures"]["Set5"][f"x{scale}"]
    assert found["psnrY"] == pytest.approx(stated["psnrY"], abs=0.01)
    assert found["ssimY"] == pytest.approx(stated["ssimY"], abs=0.001)


def nothing(x: np.ndarray) -> np.ndarray:
    return x


@pytest.mark.parametrize("channels", ("y", "rgb"))
def test_a_network_that_does_nothing_gives_the_bicubic(channels):
    low = drawn(3, 20, 24)
    result = enlarge(low, 3, "preUpsampled", channels, nothing)
    expected = np.floor(np.clip(imresize(low / 255, 3), 0, 1) * 255 + 0.5)
    assert np.abs(result - expected).max() <= 1
    grey = enlarge(low[:, :, 0], 3, "preUpsampled", channels, nothing)
    assert grey.shape == (60, 72) and np.abs(grey - expected[:, :, 0]).max() <= 1


def test_self_ensemble_turns_every_result_back():
    x = np.random.default_rng(1).random((1, 3, 6, 9), np.float32)
    assert np.allclose(ensemble(nothing)(x), x)
    # A network that shifts by one pixel becomes the mean of the four shifts, the same in every direction.
    shifted = ensemble(lambda y: np.roll(y, 1, axis=3))(x)
    expected = sum(np.roll(x, step, axis) for step in (1, -1) for axis in (2, 3)) / 4
    assert np.allclose(shifted, expected, atol=1e-6)

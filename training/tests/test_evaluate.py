"""Measuring: protocols, LPIPS, and weights between two files. The engine's own tests state the same figures."""
import json

import numpy as np
import pytest
from onnx import TensorProto, helper, numpy_helper

from training.data.pictures import list_pictures, read_picture
from training.export.blend import blend_entry, weight_ranges
from training.kernels.resize import imresize
from training.measure.enlarge import to_uint8
from training.measure.evaluation import enlarger, figures, installed_features, measure
from training.paths import DATA, benchmark
from training.tests.conftest import drawn


def framed(picture: np.ndarray, width: int) -> np.ndarray:
    """The picture with its outermost `width` pixels turned to their negative."""
    result = 255 - picture
    result[width:-width, width:-width] = picture[width:-width, width:-width]
    return result


def test_protocols_cut_their_borders():
    truth = drawn(1, 60, 70)
    assert figures(framed(truth, 4), truth, 4, "y", None)["psnrY"] == np.inf
    assert figures(framed(truth, 5), truth, 4, "y", None)["psnrY"] < 40
    assert figures(framed(truth, 10), truth, 4, "rgb", None)["psnrRgb"] == np.inf
    assert figures(framed(truth, 11), truth, 4, "rgb", None)["psnrRgb"] < 40


def test_rgb_counts_every_colour_and_luma_does_not():
    truth = np.full((40, 40, 3), 100, np.uint8)
    result = truth + np.array([0, 0, 3], np.uint8)
    found = figures(result, truth, 2, "rgb", None)
    assert found["psnrRgb"] == pytest.approx(10 * np.log10(255**2 / 3))
    assert found["psnrY"] == pytest.approx(20 * np.log10(255 / (3 * 24.966 / 255)))
    assert "psnrRgb" not in figures(result, truth, 2, "y", None)


@pytest.fixture(scope="module")
def features():
    found = installed_features()
    if found is None:
        pytest.skip(f"LPIPS weights are not in {DATA}; set ENLARGER_DATA to the data folder")
    return found


def test_lpips_is_that_of_its_authors(features):
    example = {name: read_picture(DATA / "metrics" / "examples" / f"ex_{name}.png") for name in ("ref", "p0", "p1")}
    far, near = (figures(example[name], example["ref"], 0, "y", features)["lpips"] for name in ("p0", "p1"))
    assert far == pytest.approx(0.722, abs=5e-4) and near == pytest.approx(0.138, abs=5e-4)


def test_lpips_takes_grey_and_leaves_small_pictures_out(features):
    grey = drawn(2, 48, 48)[:, :, 0]
    assert figures(grey, grey, 4, "y", features)["lpips"] == 0
    assert "lpips" not in figures(grey, grey, 9, "y", features)  # 30 pixels are left


@pytest.mark.parametrize("scale, protocol, expected", (
    (4, "y", {"psnrY": 28.43, "ssimY": 0.8112, "lpips": 0.344}),
    (4, "rgb", {"psnrRgb": 26.717, "lpips": 0.343}),
    (12, "y", {"psnrY": 22.562, "lpips": 0.632}),
))
def test_figures_are_those_of_the_engine(features, scale, protocol, expected):
    """tests/engine/evaluate.test.ts states the same of the engine, whose bicubic rounds once where MATLAB's does
    twice: hence the tolerances. Networks agree far closer, and change."""
    if not benchmark("Set5").is_dir():
        pytest.skip(f"Set5 is not at {benchmark('Set5')}; set ENLARGER_DATA to the data folder")
    found = measure(list_pictures(benchmark("Set5")), scale, enlarger("bicubic", scale), protocol, features)
    for name, figure in expected.items():
        assert found[name] == pytest.approx(figure, abs=0.005 if name.startswith("psnr") else 0.001)


def gain_model(gain: float, kind: type) -> bytes:
    """A refining network that multiplies every colour by `gain`."""
    weight = (gain * np.eye(3)).reshape(3, 3, 1, 1).astype(kind)
    picture = [1, 3, "h", "w"]
    graph = helper.make_graph(
        [helper.make_node("Cast", ["stored"], ["weight"], to=TensorProto.FLOAT),
         helper.make_node("Conv", ["input", "weight"], ["output"])], "gain",
        [helper.make_tensor_value_info("input", TensorProto.FLOAT, picture)],
        [helper.make_tensor_value_info("output", TensorProto.FLOAT, picture)],
        [numpy_helper.from_array(weight, "stored")])
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8).SerializeToString()


@pytest.mark.parametrize("kind", (np.float32, np.float16))
def test_strength_goes_from_one_file_to_the_other(tmp_path, kind):
    first, second = gain_model(1, kind), gain_model(0.5, kind)
    folder = tmp_path / "gain"
    folder.mkdir()
    (folder / "gan.onnx").write_bytes(first)
    (folder / "psnr.onnx").write_bytes(second)
    blend = blend_entry("psnr.onnx", first, second)
    assert [part["type"] for part in blend["ranges"]] == [np.dtype(kind).name]
    manifest = {"kind": "preUpsampled", "channels": "rgb", "scales": [2],
                "files": [{"scale": 0, "file": "gan.onnx", "blend": blend}],
                "controls": [{"id": "strength", "default": 0.8}]}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    low = drawn(3, 20, 24)
    large = imresize(low / 255, 2)
    for strength, gain in ((1, 1), (0, 0.5), (0.25, 0.625), (0.2549, 0.625), (None, 0.9)):
        turned = {} if strength is None else {"strength": strength}
        made = enlarger("gain", 2, models=tmp_path, **turned)(low).astype(int)
        assert np.abs(made - to_uint8(gain * large)).max() <= 1


def test_weights_are_found_where_they_lie():
    content = gain_model(0.5, np.float32)
    (part,) = weight_ranges(content)
    found = np.frombuffer(content[part["offset"] : part["offset"] + part["bytes"]], np.float32)
    assert np.array_equal(found.reshape(3, 3), 0.5 * np.eye(3))


def test_files_of_another_layout_are_not_blended():
    with pytest.raises(ValueError, match="not laid out"):
        blend_entry("psnr.onnx", gain_model(1, np.float32), gain_model(1, np.float16))
    renamed = gain_model(1, np.float32).replace(b"Conv", b"Konv")
    with pytest.raises(ValueError, match="differs in more"):
        blend_entry("psnr.onnx", gain_model(1, np.float32), renamed)

"""Shared encoders: named by contents, never written over, and each decoder with its own."""
import hashlib
import json

import numpy as np
import pytest
import torch

from training import paths
from training.architectures import build_any_scale
from training.export import implicit
from training.export.bundle import export
from training.export.encoders import encoder_file, unused_encoders
from training.export.onnxfile import to_onnx
from training.learning.beginning import take
from training.learning.implicit_run import ImplicitRun
from training.learning.weights import committed_weights, onnx_weights, source_weights
from training.tests.conftest import drawn
from training.tests.test_implicit import tiny


@pytest.fixture
def places(tmp_path, monkeypatch):
    for name in ("MODELS", "ENCODERS", "RUNS"):
        monkeypatch.setattr(paths, name, tmp_path / name.lower())
    monkeypatch.setattr("training.measure.validate.validation_crops", lambda: np.stack([drawn(60, 48, 48)]))
    # What takes long in an export and says nothing of encoders.
    monkeypatch.setattr(implicit, "with_quick_decoder", lambda config, graphs, files, found, module: (files, found))
    monkeypatch.setattr(implicit, "implicit_reach", lambda enlarger, field, align, rounded: {"overlap": 2, "step": 0.0})
    monkeypatch.setattr(implicit, "draw_example", lambda method: None)
    return tmp_path


def encoder(seed: int):
    torch.manual_seed(seed)
    module = build_any_scale("lte", width=24, blocks=1).encoder.eval()
    return module, to_onnx(module, 3)


def test_the_same_weights_are_one_file_whoever_exports_them(places):
    module, graph = encoder(1)
    first = encoder_file(module, graph)
    assert first.file == f"edsr-baseline-{hashlib.sha256(first.content).hexdigest()[:8]}.onnx"
    first.write()
    assert encoder_file(module, graph) == first
    # A decoder that goes on from what is bundled has the stored weights, not those that were rounded to them.
    rounded, _ = encoder(2)
    rounded.load_state_dict(onnx_weights(first.content))
    assert not torch.equal(rounded.blocks[0].conv1.weight, module.blocks[0].conv1.weight)
    assert encoder_file(rounded, to_onnx(rounded, 3)) == first
    other = encoder_file(*encoder(2))
    assert other.file != first.file
    other.write()
    assert (paths.ENCODERS / first.file).read_bytes() == first.content


def bundle(name: str, module, place) -> dict:
    """The module's run closed and bundled; its manifest."""
    config = tiny(name)
    folder = paths.RUNS / name
    folder.mkdir(parents=True, exist_ok=True)
    torch.save({"ema": module.state_dict()}, folder / "checkpoint.pt")
    record = {"steps": 1, "minutes": 1.0, "device": "CPU, 1 thread"}
    (folder / "record.json").write_text(json.dumps(record))
    assert export(config, force=True, data=place)
    return json.loads((paths.MODELS / name / "manifest.json").read_text())


def test_a_new_encoder_leaves_the_decoders_of_the_old_one_alone(places):
    torch.manual_seed(3)
    modules = {name: build_any_scale(name, width=8, blocks=1) for name in ("lte", "liif")}
    take(modules["liif"].encoder, modules["lte"].encoder.state_dict())
    files = {name: bundle(name, module, places)["implicit"]["source"][0] for name, module in modules.items()}
    assert files["lte"] == files["liif"]
    before = committed_weights("liif", 2)
    with torch.no_grad():
        modules["lte"].encoder.head.weight.mul_(1.5)
    moved = bundle("lte", modules["lte"], places)["implicit"]["source"][0]
    assert moved["file"] != files["liif"]["file"]
    assert unused_encoders() == []
    after = committed_weights("liif", 2)
    assert before.keys() == after.keys() and all(torch.equal(value, after[name]) for name, value in before.items())
    # Each decoder is found with its own, and an encoder can be asked for by the method that has it.
    for name in modules:
        (paths.RUNS / name / "checkpoint.pt").unlink()
        own = source_weights(f"encoder:{name}")
        assert own and all(key.startswith("encoder.") for key in own)
        assert all(torch.equal(value, committed_weights(name, 2)[key]) for key, value in own.items())
    assert not torch.equal(source_weights("encoder:lte")["encoder.head.weight"],
                           source_weights("encoder:liif")["encoder.head.weight"])
    (paths.MODELS / "liif" / "manifest.json").unlink()
    assert [path.name for path in unused_encoders()] == [files["liif"]["file"]]


def test_a_run_moves_to_another_encoder_and_says_where_there_is_none(places, small_pack):
    torch.manual_seed(3)
    modules = {name: build_any_scale(name, width=8, blocks=1) for name in ("lte", "liif")}
    for name, module in modules.items():
        bundle(name, module, places)
        (paths.RUNS / name / "checkpoint.pt").unlink()
    run = ImplicitRun(tiny("lte"), "lte", (2,), "cpu", small_pack, places)
    run.begin(1, True, "liif")
    bundled = {name: committed_weights(name, 2) for name in modules}
    for key, value in run.module.state_dict().items():
        if key in bundled["lte"]:
            assert torch.equal(value, bundled["liif" if key.startswith("encoder.") else "lte"][key]), key
            assert torch.equal(value, run.average.weights[key])
    run = ImplicitRun(tiny("lte"), "lte", (2,), "cpu", small_pack, places)
    with pytest.raises(SystemExit, match="expected an encoder of"):
        run.begin(1, True, "fsrcnn:3")

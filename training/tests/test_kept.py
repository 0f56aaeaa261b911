"""A run that is handed on in its small form."""
import dataclasses
import json

import pytest
import torch

from training import paths
from training.config import load
from training.export.manifest import training_account
from training.learning.checkpoint import read_checkpoint
from training.learning.kept import keep, kept_path, read_kept
from training.learning.run import Run
from training.learning.weights import run_weights


@pytest.fixture
def places(tmp_path, monkeypatch):
    for name in ("RUNS", "KEPT", "MODELS"):
        monkeypatch.setattr(paths, name, tmp_path / name.lower())
    return tmp_path


def begun(pack, place, minutes: float = 100, resume: bool = False) -> Run:
    run = Run(dataclasses.replace(load("fsrcnn"), start=()), "fsrcnn-x2", (2,), "cpu", pack, place)
    run.begin(minutes, resume)
    return run


def cut_off(pack, place) -> Run:
    """A run of a hundred minutes, stopped after forty."""
    run = begun(pack, place)
    for _ in range(3):
        run.step()
    run.clock.started -= 60 * 40
    run.save()
    return run


def test_a_kept_run_is_small_and_goes_on_at_its_place_in_the_schedule(places, small_pack):
    run = cut_off(small_pack, places)
    path = keep("fsrcnn-x2")
    assert path == kept_path("fsrcnn-x2")
    assert path.stat().st_size < (run.folder / "checkpoint.pt").stat().st_size / 8
    (run.folder / "checkpoint.pt").unlink()
    again = begun(small_pack, places, minutes=5, resume=True)
    assert again.books.steps == 3 and 0.39 < again.clock.fraction < 0.42 and again.clock.minutes == 100
    for name, value in run.average.weights.items():
        assert torch.allclose(again.module.state_dict()[name], value, atol=1e-4, rtol=1e-3), name
    again.step()
    again.clock.started -= 60 * 10
    again.save()
    state = read_checkpoint(again.folder)
    assert sum(state["devices"].values()) == pytest.approx(50, abs=0.5)  # forty there and ten here, each counted once


def test_what_is_bundled_comes_first_where_it_is_further(places, small_pack):
    cut_off(small_pack, places)
    keep("fsrcnn-x2")
    (paths.RUNS / "fsrcnn-x2" / "checkpoint.pt").unlink()
    folder = paths.MODELS / "fsrcnn"
    folder.mkdir(parents=True)
    account = {"fsrcnn-x2": {"steps": 4, "minutes": 1.0, "device": "CPU, 1 thread"}}
    (folder / "manifest.json").write_text(json.dumps({"training": {"runs": account}, "files": []}))
    assert begun(small_pack, places, resume=True).books.steps == 0  # no file of it here, but not the kept one either


def test_what_is_no_kept_run_is_named(places):
    from safetensors.torch import save_file

    paths.KEPT.mkdir()
    save_file({"x": torch.zeros(1)}, str(kept_path("edsr")))
    with pytest.raises(SystemExit, match="expected the books of a kept run"):
        read_kept(kept_path("edsr"))
    with pytest.raises(SystemExit, match="no checkpoint"):
        keep("edsr")


def test_what_is_kept_is_exported_where_the_run_is_not(places, small_pack):
    cut_off(small_pack, places)
    keep("fsrcnn-x2")
    expected = run_weights("fsrcnn", 2)
    config = load("fsrcnn")
    (paths.RUNS / "fsrcnn-x2" / "checkpoint.pt").unlink()
    found = run_weights("fsrcnn", 2)
    assert all(torch.allclose(found[name], value, atol=1e-4, rtol=1e-3) for name, value in expected.items())
    account = training_account(config)["fsrcnn-x2"]
    assert account["steps"] == 3 and account["device"].startswith("CPU")
    assert account["minutes"] == pytest.approx(40, abs=0.5)  # of a run that was cut off too

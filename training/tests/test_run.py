"""A run: it learns, it can be killed, it goes on where it was."""
import dataclasses
import json

import numpy as np
import pytest
import torch

from training import paths
from training.config import load
from training.data.validation import WINDOW
from training.learning import lock
from training.learning import run as running
from training.learning import train as training
from training.tests.conftest import drawn


@pytest.fixture
def place(tmp_path, monkeypatch, small_pack):
    """Runs in a folder of their own, validation on two drawn pictures."""
    monkeypatch.setattr(paths, "RUNS", tmp_path / "runs")
    monkeypatch.setattr(training, "open_pack", lambda data: small_pack)
    crops = np.stack([drawn(seed, WINDOW, WINDOW)[:96, :96] for seed in (50, 51)])
    monkeypatch.setattr("training.measure.validate.validation_crops", lambda: crops)
    return tmp_path / "runs"


def test_a_run_learns_and_leaves_a_record(place, tmp_path):
    config = dataclasses.replace(load("espcn"), start=())
    record = training.train(config, "espcn-x2", (2,), 0.06, "cpu", False, tmp_path)
    assert record["steps"] > 0  # how many is up to the machine
    first = running.Run(config, "fresh", (2,), "cpu", training.open_pack(None), tmp_path)
    first.begin(1, False)
    assert record["looks"][-1]["x2"] > first.validate()["x2"]
    assert json.loads((place / "espcn-x2" / "record.json").read_text())["steps"] == record["steps"]


def test_a_killed_run_goes_on_where_it_was(place, tmp_path, small_pack):
    config = dataclasses.replace(load("fsrcnn"), start=())

    def begun(resume: bool) -> running.Run:
        run = running.Run(config, "fsrcnn-x2", (2,), "cpu", small_pack, tmp_path)
        run.begin(10, resume)
        return run

    run = begun(False)
    for _ in range(3):
        run.step()
    run.save()
    run.clock.started -= 60 * 4  # as if four minutes had passed
    run.save()
    expected = run.pairs.draw(2, 2, 24)[0]
    again = begun(True)
    assert again.books.steps == 3 and again.clock.step == 3
    assert 0.39 < again.clock.fraction < 0.42
    assert torch.equal(again.pairs.draw(2, 2, 24)[0], expected)
    for name, value in run.module.state_dict().items():
        assert torch.equal(again.module.state_dict()[name], value)
        assert torch.equal(again.average.weights[name], run.average.weights[name])


def test_half_written_checkpoint_is_never_read(place, tmp_path, small_pack):
    config = dataclasses.replace(load("fsrcnn"), start=())
    run = running.Run(config, "fsrcnn-x2", (2,), "cpu", small_pack, tmp_path)
    run.begin(10, False)
    run.step()
    run.save()
    (place / "fsrcnn-x2" / "checkpoint.part").write_bytes(b"cut off")
    again = running.Run(config, "fsrcnn-x2", (2,), "cpu", small_pack, tmp_path)
    again.begin(10, True)
    assert again.books.steps == 1


def factor(run: running.Run) -> float:
    return run.clock.factor(run.recipe.warmup, run.clock.fraction)


def test_rate_warms_up_and_falls_to_nothing(place, tmp_path, small_pack):
    run = running.Run(dataclasses.replace(load("fsrcnn"), start=()), "r", (2,), "cpu", small_pack, tmp_path)
    run.begin(10, False)
    assert factor(run) == pytest.approx(1 / 300, rel=0.01)
    run.clock.step = 1000
    run.clock.started -= 300
    assert factor(run) == pytest.approx(0.5, abs=0.01)
    run.clock.started -= 300
    assert factor(run) == pytest.approx(0, abs=1e-6)


def test_a_task_is_trained_by_one_process(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "RUNS", tmp_path)
    with lock.locked("edsr"):
        assert lock.busy("edsr") and not lock.busy("fsrcnn-x2")
        with pytest.raises(SystemExit, match="another process"):
            with lock.locked("edsr"):
                pass
    assert not lock.busy("edsr")


def test_weights_that_are_no_numbers_are_given_back(place, tmp_path, small_pack):
    config = dataclasses.replace(load("fsrcnn"), start=())
    run = running.Run(config, "fsrcnn-x2", (2,), "cpu", small_pack, tmp_path)
    run.begin(10, False)
    with pytest.raises(SystemExit, match="before the first checkpoint"):
        run.fall_back()
    run.step()
    run.save()
    rate, sound = run.clock.rate, {n: t.clone() for n, t in run.average.weights.items()}
    with torch.no_grad():
        next(run.module.parameters()).fill_(float("nan"))
    run.step()
    assert not run.is_sound()
    run.fall_back()
    assert run.is_sound() and run.clock.rate == rate / 2
    for name, value in run.module.state_dict().items():
        assert torch.equal(value, sound[name]) and torch.equal(run.average.weights[name], sound[name])
    assert np.isfinite(float(run.step()))


def test_batches_grow_towards_the_end_where_the_recipe_says_so(place, tmp_path, small_pack):
    config = dataclasses.replace(load("fsrcnn"), start=()).changed({"batch": 2, "late_batch": 5, "late_from": 0.6})
    run = running.Run(config, "fsrcnn-x2", (2,), "cpu", small_pack, tmp_path)
    assert [run.batch_at(fraction) for fraction in (0.0, 0.59, 0.6, 1.0)] == [2, 2, 5, 5]
    with pytest.raises(SystemExit, match="no bach"):
        config.changed({"bach": 4})


def test_scales_come_as_often_as_the_recipe_says(place, tmp_path, small_pack):
    config = dataclasses.replace(load("edsr"), start=(), sizes={"width": 4, "blocks": 1})
    run = running.Run(config.changed({"turns": [2, 2, 4], "batch": 1}), "edsr", (2, 3, 4), "cpu", small_pack, tmp_path)
    run.begin(1, False)
    seen = []
    for _ in range(6):
        seen.append(run.batch(0.0)[0])
        run.step()
    assert seen == [2, 2, 4, 2, 2, 4]
    with pytest.raises(SystemExit, match="turns of x5 in its recipe; it trains x2, x3, x4"):
        running.Run(config.changed({"turns": [2, 5]}), "edsr", (2, 3, 4), "cpu", small_pack, tmp_path)


@pytest.mark.parametrize("has", (False, True))
def test_bf16_is_for_devices_that_have_its_arithmetic(has, place, tmp_path, small_pack, monkeypatch):
    monkeypatch.setattr("training.learning.learner.has_bf16", lambda device: has)
    run = running.Run(dataclasses.replace(load("espcn"), start=()), "espcn-x2", (2,), "cpu", small_pack, tmp_path)
    run.begin(10, False)
    halves, gradients = [], run.gradients
    monkeypatch.setattr(run, "gradients", lambda half, fraction: (halves.append(half), gradients(half, fraction))[1])
    run.step(0.0)
    run.step(1.0)
    assert halves == [has, False]

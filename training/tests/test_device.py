"""Training on another device than the CPU, without one: on the `meta` device tensors have no numbers, and whatever mixes
devices, or asks for a number in the middle of a step, fails."""
import contextlib
import dataclasses

import pytest
import torch

from training import paths
from training.config import load
from training.learning.train import run_kind

ARCHITECTURES = ("enlarger-fast", "liif", "lte", "cs", "fcs", "liifusion", "edsr", "fsrcnn", "vdsr")
SIZES = {"width": 8, "blocks": 1}
SMALLER = {"enlarger-fast": {**SIZES, "head": 16, "basis": 4}, "fsrcnn": {}, "vdsr": {"width": 8, "layers": 3},
           "liifusion": {**SIZES, "stage": 1, "foreseen": 0.5}}


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_a_loss_and_its_gradient_stay_on_the_device(name, tmp_path, small_pack, monkeypatch):
    monkeypatch.setattr(paths, "RUNS", tmp_path)
    monkeypatch.setattr(torch, "autocast", lambda *_, **__: contextlib.nullcontext())  # which `meta` does not know
    config = load(name)
    patch = 24 if config.kind == "preUpsampled" else 12
    recipe = dataclasses.replace(config.recipe, batch=2, patch=patch, points=min(config.recipe.points, 9), half=False,
                                 optimiser="soap")
    config = dataclasses.replace(config, sizes=SMALLER.get(name, SIZES), start=(), frozen="", recipe=recipe)
    run = run_kind(config)(config, name, config.tasks()[-1][1], "meta", small_pack, tmp_path)
    run.begin(1, False)
    for _ in range(3):  # any-scale batches of several scales
        loss, _ = run.loss(run.batch(0.0), False, 0.0)
        assert loss.device.type == "meta"
        loss.backward()
    gradients = [p.grad for p in run.module.parameters() if p.requires_grad and p.grad is not None]
    assert gradients and all(gradient.device.type == "meta" for gradient in gradients)
    run.average.update(0)

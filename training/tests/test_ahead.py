"""Degraded batches from processes of their own."""
import dataclasses

import torch

from training.config import load
from training.data.ahead import AnyScalePairsAhead
from training.data.patches import Patches


def test_batches_from_processes_are_degraded_and_differ(small_pack):
    config = load("enlarger-photo-psnr")
    config = dataclasses.replace(config, recipe=dataclasses.replace(config.recipe, upper=2.0, beyond=0.0, exact_scales=0))
    pairs = AnyScalePairsAhead(config, Patches(small_pack, 1), workers=2)
    drawn = [pairs.draw(2, 16) for _ in range(3)]
    for batch in drawn:
        assert batch.low.shape == (2, 3, 16, 16) and batch.grain.shape == batch.low.shape
        assert batch.truth.shape[2] == batch.whole.shape[2] == round(16 * batch.scale)
        assert batch.rows.offset.shape[-1] == batch.truth.shape[2]
    assert not torch.equal(drawn[0].low, drawn[1].low)
    assert pairs.degrade is not None  # the run asks it for what its controls have to learn from

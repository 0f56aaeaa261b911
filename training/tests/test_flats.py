"""Patches of one colour among the others."""
import numpy as np
import torch

from training.data.flats import flat_colours, flattened
from training.data.implicit_pairs import AnyScalePairs
from training.data.patches import Patches
from training.data.resident import ResidentAnyScalePairs, ResidentPatches


def flat(pictures: torch.Tensor) -> torch.Tensor:
    """Which of [N, C, H, W] are one colour."""
    return (pictures.amax(dim=(2, 3)) == pictures.amin(dim=(2, 3))).all(dim=1)


def test_half_of_the_colours_have_none_and_the_ends_come_often():
    colours = flat_colours(np.random.default_rng(1), 20_000)
    grey = (colours == colours[:, :1]).all(axis=1)
    assert abs(grey.mean() - 0.5) < 0.02
    assert 0.09 < (colours == 255).mean() < 0.12 and 0.09 < (colours == 0).mean() < 0.12


def test_none_asked_for_draws_nothing():
    random, other = np.random.default_rng(2), np.random.default_rng(2)
    pictures = other.integers(0, 256, (3, 4, 4, 3), np.uint8)
    random.integers(0, 256, (3, 4, 4, 3), np.uint8)
    assert flattened(pictures, 0.0, random) is pictures and random.random() == other.random()


def test_about_the_share_of_a_batch_is_flat_in_both_its_sizes(small_pack):
    for pairs in (AnyScalePairs(Patches(small_pack, 4), 9, flat=0.5),
                  ResidentAnyScalePairs(ResidentPatches(Patches(small_pack, 4), "cpu"), 9, flat=0.5)):
        batches = [pairs.draw(16, 12) for _ in range(6)]
        low, whole = (torch.cat([flat(of(batch)) for batch in batches])
                      for of in (lambda batch: batch.low, lambda batch: batch.whole))
        assert torch.equal(low, whole) and 0.3 < whole.float().mean() < 0.7
        for batch in batches:
            assert torch.allclose(batch.low[flat(batch.low)][:, :, 0, 0], batch.truth[flat(batch.low)][:, :, 0, 0])

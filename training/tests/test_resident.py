"""Pairs made on a device against those made on the host."""
import dataclasses

import numpy as np
import pytest
import torch

from training.config import load
from training.data.reduction import reduced
from training.data.pack import SCALES
from training.data.pairs import MARGIN, enlarging
from training.data.patches import Patches, to_network
from training.data.resident import ResidentAnyScalePairs, ResidentPairs, ResidentPatches, to_network as on_device


@pytest.fixture
def patches(small_pack) -> ResidentPatches:
    return ResidentPatches(Patches(small_pack, 1), "cpu")


@pytest.mark.parametrize("scale", SCALES)
def test_a_cut_is_the_photographs_own_pixels_turned(patches, scale):
    photo, top, left, turn = place = patches.places(60, 96)
    low, high = patches.cut(scale, place, 96 // scale), patches.cut(1, place, 96)
    assert set(turn.tolist()) == set(range(8)) and len(set(photo.tolist())) > 1
    for n in range(60):
        for part, s in ((low[n], scale), (high[n], 1)):
            size = part.shape[0]
            picture = patches.pack.picture(int(photo[n]), s)
            whole = torch.from_numpy(picture[int(top[n]) // s :, int(left[n]) // s :][:size, :size].copy())
            whole = whole.transpose(0, 1) if turn[n] & 1 else whole
            whole = whole.flip(0) if turn[n] & 2 else whole
            whole = whole.flip(1) if turn[n] & 4 else whole
            assert torch.equal(whole, part)


def test_patches_come_from_where_the_hosts_come_from(patches, small_pack):
    host = Patches(small_pack, 2)
    wanted = np.bincount([host.place(96)[0] for _ in range(2000)], minlength=4) / 2000
    found = np.bincount(patches.places(2000, 96)[0].numpy(), minlength=4) / 2000
    assert np.abs(found - wanted).max() < 0.05
    corners = torch.stack(patches.places(500, 96)[1:3])
    assert (corners % 12 == 0).all() and (corners >= 0).all()
    with pytest.raises(ValueError, match="make `patch`"):
        patches.places(1, 1000)


def test_colours_are_the_hosts(patches):
    pixels = patches.cut(1, patches.places(3, 24), 24)
    for channels in ("rgb", "y"):
        assert np.abs(on_device(pixels, channels).numpy() - to_network(pixels.numpy(), channels)).max() < 1e-6


def test_pre_upsampled_pairs_are_the_hosts(patches):
    config = load("vdsr")
    patches.reseed(5)
    x, truth = ResidentPairs(config, patches).draw(3, 6, 48)
    patches.reseed(5)
    place = patches.places(6, (16 + 2 * MARGIN) * 3)
    low = to_network(patches.cut(3, place, 16 + 2 * MARGIN).numpy(), "y")
    assert np.abs(x.numpy() - enlarging(16, 3) @ low @ enlarging(16, 3).T).max() < 1e-5 and truth.shape == x.shape
    with pytest.raises(ValueError, match="on the CPU"):
        ResidentPairs(dataclasses.replace(config, degrade="real"), patches)


def test_any_scale_pairs_are_reduced_as_the_hosts(patches):
    for _ in range(12):
        batch = ResidentAnyScalePairs(patches, 12, 4.0, 0.4, 0.1).draw(3, 24)
        whole = (batch.whole * 255).round().to(torch.uint8).permute(0, 2, 3, 1).numpy()
        there = np.stack([reduced(w, (24, 24)) for w in whole])
        gap = np.abs((batch.low * 255).permute(0, 2, 3, 1).numpy() - there)
        assert gap.max() <= 1 and (gap > 0.5).mean() < 2e-3  # a half may round either way
        assert batch.truth.shape[2:] == (min(12, whole.shape[1]),) * 2
        assert torch.equal(batch.whole[:, :, batch.chosen[0]][:, :, :, batch.chosen[1]], batch.truth)


def test_pairs_made_smaller_first_are_the_hosts(patches):
    patches.cut_side = lambda size: 120
    for scale in SCALES:
        low, high = patches.shrunk(scale, 5, 20 // scale, 120)
        for small, large in zip(low.numpy(), high.numpy()):
            there = reduced(large.astype(np.uint8), (20 // scale,) * 2)
            assert np.abs(small - there)[2:-2, 2:-2].max() <= 1
    x, truth = ResidentPairs(load("edsr"), patches).draw(2, 6, 24)
    assert x.shape == (6, 3, 24, 24) and truth.shape == (6, 3, 48, 48) and 0 <= float(x.min()) < float(x.max()) <= 1
    batch = ResidentAnyScalePairs(patches, 12).draw(3, 24)
    assert batch.low.shape == (3, 3, 24, 24) and torch.equal(batch.whole * 255, (batch.whole * 255).round())


def test_a_checkpoint_goes_on_with_the_same_patches(patches, small_pack):
    patches.places(4, 96)
    state = patches.state()
    expected, scale = patches.places(4, 96), patches.random.random()
    patches.restore(state)
    assert all(torch.equal(a, b) for a, b in zip(patches.places(4, 96), expected))
    assert patches.random.random() == scale
    patches.restore(Patches(small_pack, 3).state())  # a run of the CPU goes on here
    assert len(patches.places(4, 96)[0]) == 4

"""The pack, the patches and the degradations."""
import dataclasses
import threading

import numpy as np
import pytest
import torch
from PIL import Image

from training.config import LARGE_SHARE, load
from training.data.degrade import WORLDS, Degrader, sharpened, webp
from training.data.pack import SCALES, open_pack, validation_names, write_pack
from training.data.pairs import Pairs
from training.data.patches import Patches, to_network
from training.data.pictures import read_picture
from training.kernels.resize import imresize_uint8
from training.tests.conftest import drawn


def test_twelve_photographs_of_different_sources_are_kept_aside():
    names = validation_names()
    assert len(set(names)) == 12
    assert len({name.split("-")[0] for name in names}) >= 7


def test_pack_leaves_validation_out_and_halves_large_ones(small_pack):
    names = [entry["name"] for entry in small_pack.entries]
    assert names == ["large", "large", "one", "two"]
    assert small_pack.picture(0).shape == (300, 1296, 3)
    assert small_pack.picture(1).shape == (144, 648, 3)


@pytest.mark.parametrize("scale", SCALES)
def test_packed_lr_is_the_reference_bicubic_of_the_packed_photograph(small_pack, scale):
    for index in range(len(small_pack)):
        expected = imresize_uint8(small_pack.picture(index), 1 / scale)
        difference = np.abs(small_pack.picture(index, scale).astype(int) - expected)
        assert difference.max() <= 1  # float32 against float64 at exact halves
        assert (difference > 0).mean() < 1e-3


@pytest.mark.parametrize("scale", SCALES)
def test_patches_lie_over_each_other(small_pack, scale):
    low, high = Patches(small_pack, 3).batch(scale, 12, 24)
    again = np.stack([imresize_uint8(patch, 1 / scale) for patch in high])
    inner = (slice(None), slice(4, -4), slice(4, -4))
    # A turned patch is the bicubic of the turned photograph but for rounding between the two passes.
    assert np.abs(low[inner].astype(int) - again[inner]).max() <= 2


def test_same_seed_same_patches(small_pack):
    first, second = (Patches(small_pack, 5).batch(2, 4, 24)[0] for _ in range(2))
    assert np.array_equal(first, second)
    assert not np.array_equal(first, Patches(small_pack, 6).batch(2, 4, 24)[0])


@pytest.mark.parametrize("scale", SCALES)
def test_photographs_made_smaller_first_give_other_pairs_of_the_same_kind(small_pack, scale):
    patches = Patches(small_pack, 7, shrink=2.0)
    assert patches.common == 144  # all but one of the pictures hold that, and it has less than a tenth of the detail
    sides = [patches.cut_side(48) for _ in range(400)]
    assert set(sides) == {48, 60, 72, 84} and 0.3 < sides.count(48) / 400 < 0.8
    assert all(Patches(small_pack, 7).cut_side(48) == 48 for _ in range(20))
    patches.cut_side = lambda size: 120
    low, high = patches.batch(scale, 6, 20 // scale)
    assert low.shape == (6, *(20 // scale,) * 2, 3) and high.shape == (6, *(20 // scale * scale,) * 2, 3)
    for small, large in zip(low, high):
        again = imresize_uint8(large, 1 / scale, torch.float32)
        inside = np.s_[2:-2, 2:-2]  # at a patch's own edge its LR is made from pixels that were cut off
        assert np.abs(small[inside].astype(int) - again[inside]).max() <= 1


def test_full_size_photographs_are_drawn_less_than_their_halves(small_pack):
    def odds(large: float) -> float:
        patches = Patches(small_pack, 1, large)
        weights = np.diff(patches.cumulative, prepend=0.0)
        share = weights[patches.cells[:, 0] == 0].sum()  # "large" as it is; number 1 is its half
        return share / (1 - share)

    assert odds(LARGE_SHARE) == pytest.approx(LARGE_SHARE * odds(1.0))
    never = Patches(small_pack, 4, 0.0)
    assert 0 not in [never.place(96)[0] for _ in range(50)]


def test_pre_upsampled_pairs_are_enlarged_with_their_surroundings(small_pack):
    x, truth = Pairs(load("srcnn"), Patches(small_pack, 1)).draw(3, 4, 48)
    assert x.shape == truth.shape == (4, 1, 48, 48)
    assert float((x - truth).abs().mean()) < 0.05


def test_y_is_studio_swing():
    ends = np.array([[[[0, 0, 0], [255, 255, 255]]]], np.uint8)
    assert np.allclose(to_network(ends, "y").ravel() * 255, [16, 235], atol=1e-4)


@pytest.mark.parametrize("kind", WORLDS)
@pytest.mark.parametrize("scale", (2, 4))
def test_degraded_pictures_have_the_exact_size_and_differ(scale, kind):
    pictures = np.stack([drawn(seed, 96, 120) for seed in range(8)])
    low = Degrader(kind, np.random.default_rng(2))(pictures, scale)
    assert low.shape == (8, 96 // scale, 120 // scale, 3) and low.dtype == np.uint8
    assert np.array_equal(low, Degrader(kind, np.random.default_rng(2))(pictures, scale))
    clean = np.stack([imresize_uint8(picture, 1 / scale) for picture in pictures])
    errors = np.abs(low.astype(float) - clean).mean(axis=(1, 2, 3))
    assert (errors > 1).sum() >= 5  # most are visibly degraded
    assert errors.max() < 40  # and none is destroyed


def test_a_picture_is_degraded_to_any_size():
    degrade = Degrader("photo", np.random.default_rng(3))
    for size in ((37, 53), (96, 120), (60, 41)):  # also where no scale is whole, and where none is left
        for _ in range(12):
            assert degrade.one(drawn(1, 96, 120), size).shape == (*size, 3)


def test_compression_and_halos_leave_the_mean_colour():
    picture, random = drawn(5, 96, 96), np.random.default_rng(1)
    for changed in (webp(picture, random, 60), sharpened(picture, random)):
        assert changed.shape == picture.shape and not np.array_equal(changed, picture)
        assert np.abs(changed.mean(axis=(0, 1)) - picture.mean(axis=(0, 1))).max() < 1.5


def test_pairs_resume_exactly(small_pack):
    pairs = Pairs(load("fsrcnn"), Patches(small_pack, 1))
    pairs.draw(2, 4, 24)
    state = pairs.patches.state()
    expected = pairs.draw(2, 4, 24)[0]
    pairs.patches.restore(state)
    assert torch.equal(pairs.draw(2, 4, 24)[0], expected)


def test_patches_that_no_photograph_holds_are_an_error_and_not_a_wait(small_pack):
    with pytest.raises(ValueError, match="make `patch`"):
        Patches(small_pack, 1).batch(4, 1, 200)


def test_degraded_pairs_are_refused_where_they_would_not_be_degraded(small_pack):
    config = dataclasses.replace(load("vdsr"), degrade="real")
    with pytest.raises(ValueError, match="preUpsampled"):
        Pairs(config, Patches(small_pack, 1))


def test_sixteen_bit_grey_is_scaled_not_clipped(tmp_path):
    path = tmp_path / "grey.png"
    Image.fromarray(np.array([[0, 257, 32896, 65535]], np.uint16)).save(path)
    assert read_picture(path).tolist() == [[0, 1, 128, 255]]


def test_several_processes_write_the_same_pack(tmp_path):
    (tmp_path / "train").mkdir()
    for seed in range(3):
        Image.fromarray(drawn(seed, 60 + 12 * seed, 72)).save(tmp_path / "train" / f"{seed}.png")
    for workers in (1, 2):
        write_pack(tmp_path, tmp_path / str(workers), workers)
    for name in ("hr.bin", "x2.bin", "x3.bin", "x4.bin", "index.json"):
        assert (tmp_path / "1" / name).read_bytes() == (tmp_path / "2" / name).read_bytes()


def test_of_several_that_open_the_pack_at_once_one_writes_it(tmp_path, monkeypatch):
    (tmp_path / "train").mkdir()
    Image.fromarray(drawn(1, 60, 72)).save(tmp_path / "train" / "one.png")
    written, both = [], threading.Barrier(2)

    def slowly(data, folder, workers):
        written.append(folder)
        write_pack(data, folder, workers)

    monkeypatch.setattr("training.data.pack.write_pack", slowly)

    def opened():  # flock is between open files: threads hold each other off as processes do
        both.wait()
        packs.append(open_pack(tmp_path, tmp_path / "cache"))

    packs: list = []
    threads = [threading.Thread(target=opened) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(written) == 1 and [len(pack) for pack in packs] == [1, 1]

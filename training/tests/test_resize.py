"""The reference bicubic against MATLAB's published figures and against laws that hold for any picture."""
import numpy as np
import pytest

from training.data.pictures import list_pictures, read_picture
from training.kernels.metrics import score
from training.kernels.resize import crop_to_multiple, imresize, imresize_uint8
from training.paths import benchmark

FIGURES = {
    "Set5": (33.67, 30.40, 28.43),
    "Set14": (30.23, 27.54, 25.99),
    "BSD100": (29.56, 27.21, 25.96),
}


@pytest.mark.parametrize("name", FIGURES)
@pytest.mark.parametrize("scale", (2, 3, 4))
def test_bicubic_reaches_the_published_psnr(name, scale):
    folder = benchmark(name)
    if not folder.is_dir():
        pytest.skip(f"benchmark set {name} is not at {folder}; set ENLARGER_DATA to the data folder")
    figures = []
    for path in list_pictures(folder):
        truth = crop_to_multiple(read_picture(path), scale)
        again = imresize_uint8(imresize_uint8(truth, 1 / scale), scale)
        figures.append(score(again, truth, scale)[0])
    assert np.mean(figures) == pytest.approx(FIGURES[name][scale - 2], abs=0.01)


def test_constant_stays_constant():
    flat = np.full((13, 17, 3), 0.37)
    for scale in (0.25, 1 / 3, 0.5, 2, 3, 2.5):
        assert np.allclose(imresize(flat, scale), 0.37, atol=1e-12)


def test_upscaling_keeps_a_ramp_inside():
    ramp = np.tile(np.arange(20.0), (20, 1))
    centre = (np.arange(40) + 0.5) / 2 - 0.5
    assert np.allclose(imresize(ramp, 2)[20, 6:-6], centre[6:-6], atol=1e-12)


def test_mirror_symmetry():
    picture = np.random.default_rng(1).random((24, 36, 3))
    for scale in (0.5, 1 / 3, 4):
        assert np.allclose(imresize(picture[:, ::-1], scale), imresize(picture, scale)[:, ::-1], atol=1e-12)

"""Every loss against a value worked out another way."""
import math

import numpy as np
import pytest
import torch

from training.data.pictures import read_picture
from training.kernels import losses
from training.kernels.metrics import ssim as reference_ssim
from training.paths import DATA

RANDOM = torch.Generator().manual_seed(4)
A = torch.rand(2, 3, 48, 48, generator=RANDOM)
B = (A + 0.1 * torch.randn(A.shape, generator=RANDOM)).clamp(0, 1)


def test_pixel_losses():
    gap = (A - B).numpy().astype(np.float64)
    assert float(losses.l1(A, B)) == pytest.approx(np.abs(gap).mean(), rel=1e-5)
    assert float(losses.l2(A, B)) == pytest.approx((gap**2).mean(), rel=1e-5)
    each = (gap**2).mean(axis=(1, 2, 3))
    assert float(losses.psnr(A, B)) == pytest.approx(np.log(each + 1e-4).mean(), rel=1e-5)
    assert float(losses.charbonnier(A, B)) == pytest.approx(np.sqrt(gap**2 + 1e-6).mean(), rel=1e-5)


def test_ssim_is_the_metric():
    one, two = A[:1, :1], B[:1, :1]
    metric = reference_ssim(one[0, 0].numpy() * 255, two[0, 0].numpy() * 255)
    assert 1 - float(losses.ssim(one, two)) == pytest.approx(metric, abs=1e-4)


def test_ms_ssim_falls_with_noise_and_is_zero_for_equals():
    assert float(losses.ms_ssim(A, A)) == pytest.approx(0, abs=1e-5)
    worse = (A + 0.3 * torch.randn(A.shape, generator=RANDOM)).clamp(0, 1)
    assert 0 < float(losses.ms_ssim(B, A)) < float(losses.ms_ssim(worse, A)) < 1


def test_mixes_are_their_parts():
    first, second = float(losses.l1(B, A)), float(losses.ssim(B, A))
    assert float(losses.l1_ssim(B, A)) == pytest.approx(0.84 * first + 0.16 * second, rel=1e-5)
    second = float(losses.ms_ssim(B, A))
    assert float(losses.l1_ms_ssim(B, A)) == pytest.approx(0.16 * first + 0.84 * second, rel=1e-5)


def test_every_loss_of_the_documentation_is_there():
    assert {"l1", "l2", "charbonnier", "ssim", "l1_ssim", "l1_ms_ssim", "total_variation"} <= set(losses.PIXEL)


def test_content_loss_falls_with_likeness_and_reaches_the_result_alone():
    if not (DATA / "metrics" / "lpips_alex.npz").exists():
        pytest.skip(f"LPIPS weights are not at {DATA / 'metrics'}; set ENLARGER_DATA to the data folder")
    from training.measure.perceptual import Features

    content = Features()
    result = B.clone().requires_grad_(True)
    truth = A.clone().requires_grad_(True)
    loss = content(result, truth)
    loss.backward()
    assert float(content(A, A)) == 0 and float(loss.detach()) < float(content(1 - A, A))
    assert float(result.grad.abs().sum()) > 0 and truth.grad is None
    assert not list(content.parameters())


def test_fourier_loss_sees_a_shift_of_one_wave():
    wave = torch.sin(torch.arange(32) * 2 * math.pi * 4 / 32).expand(1, 1, 32, 32)
    # One wave in an orthonormal transform: one coefficient of 32 * 32 / (2 * 32), of 32 x 17 complex numbers.
    assert float(losses.fft_l1(wave, torch.zeros_like(wave))) == pytest.approx(16 / (32 * 17 * 2), rel=1e-4)


def test_total_variation_of_a_ramp():
    ramp = torch.arange(10.0).expand(1, 1, 10, 10) / 10
    assert float(losses.total_variation(ramp)) == pytest.approx(0.1)


def test_cross_entropy_of_the_right_answer_and_of_no_answer():
    truth = torch.randint(0, 256, (1, 3, 4, 4), generator=RANDOM) / 255
    sure = torch.nn.functional.one_hot(losses.levels(truth), 256).permute(0, 4, 1, 2, 3) * 50.0
    assert float(losses.cross_entropy(sure, truth)) < 1e-6
    assert float(losses.cross_entropy(torch.zeros_like(sure), truth)) == pytest.approx(math.log(256), rel=1e-6)


def test_a_smoothed_truth_is_met_best_by_its_own_gaussian():
    truth = torch.full((1, 3, 2, 2), 100 / 255)
    away = torch.arange(256.0).sub(100)[None, :, None, None, None].expand(1, 256, 3, 2, 2)

    def lost(spread: float) -> float:
        return float(losses.cross_entropy(-(away / spread).square() / 2, truth, smooth=2.0))

    assert lost(2.0) < min(lost(1.5), lost(2.5))
    assert lost(2.0) == pytest.approx(math.log(2.0 * math.sqrt(2 * math.pi * math.e)), abs=0.02)  # a Gaussian's entropy


def test_frequency_specific_is_smallest_at_the_split_itself():
    truth = torch.randint(0, 256, (1, 3, 24, 24), generator=RANDOM) / 255
    low = losses.low_pass(truth)
    classes = losses.levels(truth - low + 128 / 255)
    sure = torch.nn.functional.one_hot(classes, 256).permute(0, 4, 1, 2, 3) * 50.0
    assert float(losses.frequency_specific(low, sure, truth)) < 1e-6
    assert float(losses.frequency_specific(low + 0.1, sure, truth)) == pytest.approx(0.01, rel=1e-3)


def test_adversarial_losses_at_indifference_and_at_the_ends():
    zero, sure = torch.zeros(4, 1), torch.full((4, 1), 30.0)
    assert float(losses.vanilla_discriminator(zero, zero)) == pytest.approx(2 * math.log(2))
    assert float(losses.vanilla_discriminator(sure, -sure)) < 1e-6
    assert float(losses.vanilla_generator(sure)) < 1e-6
    assert float(losses.relativistic_discriminator(zero + 7, zero + 7)) == pytest.approx(math.log(2))
    assert float(losses.relativistic_discriminator(sure, -sure)) < 1e-6
    assert float(losses.relativistic_generator(sure, -sure)) == pytest.approx(60, rel=1e-3)


@pytest.mark.parametrize("name", losses.PIXEL)
def test_gradients_agree_with_differences(name):
    function = losses.pixel_loss(name)
    result = A[:1, :1, :16, :16].double().requires_grad_(True)
    truth = B[:1, :1, :16, :16].double()
    if name in ("fft_l1", "l1_fft"):
        function(result, truth).backward()  # computed in float32 inside: differences would be rounding
        assert torch.isfinite(result.grad).all() and float(result.grad.abs().sum()) > 0
        return
    function(result, truth).backward()
    step = 1e-6
    for y, x in ((3, 4), (8, 8), (12, 5)):
        up, down = result.detach().clone(), result.detach().clone()
        up[0, 0, y, x] += step
        down[0, 0, y, x] -= step
        slope = float(function(up, truth) - function(down, truth)) / (2 * step)
        assert float(result.grad[0, 0, y, x]) == pytest.approx(slope, rel=1e-3, abs=1e-8)


def test_unknown_loss_says_which_there_are():
    with pytest.raises(ValueError, match="charbonnier"):
        losses.pixel_loss("l3")


def test_lpips_reaches_the_published_example():
    folder = DATA / "metrics"
    if not (folder / "lpips_alex.npz").exists():
        pytest.skip(f"LPIPS weights are not at {folder}; set ENLARGER_DATA to the data folder")
    from training.measure.perceptual import Features, lpips

    features = Features()
    reference, *others = (read_picture(folder / "examples" / f"ex_{n}.png") for n in ("ref", "p0", "p1"))
    assert lpips(reference, others[0], features) == pytest.approx(0.722, abs=1e-3)
    assert lpips(reference, others[1], features) == pytest.approx(0.138, abs=1e-3)

"""The losses, each a function of (result, truth) [N, C, H, W] in [0, 1] -> scalar, unless its docstring says more.

`pixel_loss(name)` finds the ones that need nothing else; adversarial and content losses are put together in
`learning/objective.py`.
"""
import math
from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor


def l1(result: Tensor, truth: Tensor) -> Tensor:
    """Mean absolute error."""
    return (result - truth).abs().mean()


def l2(result: Tensor, truth: Tensor) -> Tensor:
    """Mean squared error: the loss whose minimum is the highest PSNR."""
    return (result - truth).square().mean()


def psnr(result: Tensor, truth: Tensor, floor: float = 1e-4) -> Tensor:
    """Mean over the pictures of ln(MSE + floor): what a table of PSNR counts, where every picture weighs the same (HINet,
    Chen et al. 2021); below the floor (40 dB) they weigh as in the squared error, or flat ones would rule the rest."""
    return ((result - truth).square().mean(dim=(1, 2, 3)) + floor).log().mean()


def charbonnier(result: Tensor, truth: Tensor, eps: float = 1e-3) -> Tensor:
    """Mean of sqrt(d^2 + eps^2) (LapSRN, Lai et al. 2017): L1 with a smooth bottom."""
    return ((result - truth).square() + eps * eps).sqrt().mean()


def gaussian_kernel(channels: int, like: Tensor, size: int = 11, sigma: float = 1.5) -> Tensor:
    """SSIM's window as the weight of a grouped convolution, [channels, 1, size, size], summing to 1."""
    x = torch.arange(size, dtype=like.dtype, device=like.device) - (size - 1) / 2
    axis = torch.exp(-x.square() / (2 * sigma * sigma))
    axis = axis / axis.sum()
    return torch.outer(axis, axis).expand(channels, 1, size, size)


def ssim_parts(result: Tensor, truth: Tensor) -> tuple[Tensor, Tensor]:
    """(mean SSIM, mean contrast-structure term) with the valid 11x11 Gaussian window and a range of 1."""
    channels = result.shape[1]
    kernel = gaussian_kernel(channels, result)

    def blur(x: Tensor) -> Tensor:
        return F.conv2d(x, kernel, groups=channels)

    mean_r, mean_t = blur(result), blur(truth)
    var_r = blur(result * result) - mean_r.square()
    var_t = blur(truth * truth) - mean_t.square()
    cov = blur(result * truth) - mean_r * mean_t
    contrast = (2 * cov + 0.03**2) / (var_r + var_t + 0.03**2)
    light = (2 * mean_r * mean_t + 0.01**2) / (mean_r.square() + mean_t.square() + 0.01**2)
    return (light * contrast).mean(), contrast.mean()


def ssim(result: Tensor, truth: Tensor) -> Tensor:
    """1 - SSIM (Wang et al. 2004). Patches of at least 11 pixels."""
    return 1 - ssim_parts(result, truth)[0]


def ms_ssim(result: Tensor, truth: Tensor) -> Tensor:
    """1 - MS-SSIM (Wang et al. 2003) over as many of its five octaves as the patch holds, weights renormalised."""
    weights = [0.0448, 0.2856, 0.3001, 0.2363, 0.1333]
    octaves = 1
    while octaves < 5 and min(result.shape[-2:]) >> octaves >= 11:
        octaves += 1
    used = [w / sum(weights[:octaves]) for w in weights[:octaves]]
    product = result.new_ones(())
    for octave, weight in enumerate(used):
        whole, contrast = ssim_parts(result, truth)
        # A negative term has no real power; relu keeps training alive where the pictures are opposite.
        product = product * F.relu(whole if octave == octaves - 1 else contrast).clamp_min(1e-6) ** weight
        result, truth = F.avg_pool2d(result, 2), F.avg_pool2d(truth, 2)
    return 1 - product


def l1_ssim(result: Tensor, truth: Tensor, share: float = 0.16) -> Tensor:
    """(1 - share) L1 + share (1 - SSIM)."""
    return (1 - share) * l1(result, truth) + share * ssim(result, truth)


def l1_ms_ssim(result: Tensor, truth: Tensor, share: float = 0.84) -> Tensor:
    """(1 - share) L1 + share (1 - MS-SSIM), share 0.84 (Zhao et al. 2017)."""
    return (1 - share) * l1(result, truth) + share * ms_ssim(result, truth)


def fft_l1(result: Tensor, truth: Tensor) -> Tensor:
    """L1 between orthonormal Fourier coefficients (SAFMN, Sun et al. 2023)."""
    gap = torch.fft.rfft2(result.float(), norm="ortho") - torch.fft.rfft2(truth.float(), norm="ortho")
    return torch.view_as_real(gap).abs().mean()


def l1_fft(result: Tensor, truth: Tensor, share: float = 0.05) -> Tensor:
    """L1 + share * Fourier L1 (SAFMN's mix)."""
    return l1(result, truth) + share * fft_l1(result, truth)


def total_variation(result: Tensor, truth: Tensor | None = None) -> Tensor:
    """Mean absolute step between neighbours of the result (anisotropic); the truth is not looked at."""
    return result.diff(dim=-1).abs().mean() + result.diff(dim=-2).abs().mean()


def levels(truth: Tensor) -> Tensor:
    """[0, 1] -> class 0..255: the 8-bit value."""
    return (truth * 255).round().long().clamp(0, 255)


def cross_entropy(logits: Tensor, truth: Tensor, smooth: float = 0.0) -> Tensor:
    """CS: logits [N, 256, C, H, W] of every 8-bit value of every colour against truth [N, C, H, W] in [0, 1]; with
    `smooth`, the truth is a Gaussian of that standard deviation (in values) around it, cut off at three of them."""
    if not smooth:
        return F.cross_entropy(logits, levels(truth))
    right, known = levels(truth)[:, None], F.log_softmax(logits, dim=1)
    steps = range(-math.ceil(3 * smooth), math.ceil(3 * smooth) + 1)
    weights = [math.exp(-((step / smooth) ** 2) / 2) for step in steps]
    found = sum(weight * known.gather(1, (right + step).clamp(0, 255)).mean() for step, weight in zip(steps, weights))
    return -found / sum(weights)


def low_pass(truth: Tensor, radius: int = 4, sigma: float = 2.0) -> Tensor:
    """Gaussian low-pass of [N, C, H, W] with mirrored edges: the part FCS regresses."""
    channels = truth.shape[1]
    kernel = gaussian_kernel(channels, truth, 2 * radius + 1, sigma)
    return F.conv2d(F.pad(truth, [radius] * 4, mode="reflect"), kernel, groups=channels)


def frequency_specific(low: Tensor, high_logits: Tensor, truth: Tensor, smooth: Tensor | None = None,
                       weight: float = 1.0) -> Tensor:
    """FCS: `weight` times L2 of `low` [N, C, H, W] against the low-pass of the truth (`smooth`, where it was made of a
    larger patch), plus the cross-entropy of `high_logits` [N, 256, C, H, W] against the rest shifted by 128/255 into
    [0, 1]."""
    base = low_pass(truth) if smooth is None else smooth
    return weight * l2(low, base) + cross_entropy(high_logits, truth - base + 128 / 255)


def vanilla_discriminator(real: Tensor, fake: Tensor) -> Tensor:
    """-log D(real) - log(1 - D(fake)) on logits of any shape (Goodfellow et al. 2014)."""
    return F.softplus(-real).mean() + F.softplus(fake).mean()


def vanilla_generator(fake: Tensor) -> Tensor:
    """-log D(fake) on logits: the non-saturating generator loss of SRGAN."""
    return F.softplus(-fake).mean()


def relativistic_discriminator(real: Tensor, fake: Tensor) -> Tensor:
    """Relativistic average (Jolicoeur-Martineau 2018): real more real than the mean fake, and the reverse."""
    return (F.softplus(-(real - fake.mean())).mean() + F.softplus(fake - real.mean()).mean()) / 2


def relativistic_generator(real: Tensor, fake: Tensor) -> Tensor:
    """The generator's side: the roles of real and fake exchanged (ESRGAN)."""
    return relativistic_discriminator(fake, real)


PIXEL: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    f.__name__: f for f in (l1, l2, psnr, charbonnier, ssim, ms_ssim, l1_ssim, l1_ms_ssim, fft_l1, l1_fft,
                            total_variation)
}


OF_LOGITS = ("cross_entropy", "frequency_specific")  # networks that give logits bring these themselves


def pixel_loss(name: str) -> Callable[[Tensor, Tensor], Tensor]:
    """The loss of that name."""
    if name not in PIXEL:
        raise ValueError(f"unknown loss {name!r}; there are {', '.join(sorted(PIXEL))}")
    return PIXEL[name]

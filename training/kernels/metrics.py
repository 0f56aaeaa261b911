"""PSNR and SSIM as the super-resolution papers report them."""
import numpy as np

from .color import luma


def scored_plane(picture: np.ndarray) -> np.ndarray:
    """The plane the papers score, in 8-bit units: Y of a uint8 RGB picture, a grey picture as it is."""
    if picture.ndim == 2:
        return picture.astype(np.float64)
    return luma(picture.astype(np.float64) / 255.0) * 255.0


def crop_border(plane: np.ndarray, border: int) -> np.ndarray:
    """Drop `border` pixels on each side."""
    return plane[border:-border, border:-border] if border else plane


def psnr(first: np.ndarray, second: np.ndarray) -> float:
    """10 log10(255^2 / MSE) in dB of two planes in 8-bit units."""
    error = np.mean((first.astype(np.float64) - second) ** 2)
    return float("inf") if error == 0 else float(10 * np.log10(255.0**2 / error))


def gaussian_window(size: int = 11, sigma: float = 1.5) -> np.ndarray:
    """One axis of SSIM's separable window, summing to 1."""
    x = np.arange(size) - (size - 1) / 2
    window = np.exp(-(x**2) / (2 * sigma**2))
    return window / window.sum()


def filter_valid(plane: np.ndarray, window: np.ndarray) -> np.ndarray:
    """Separable filtering where the whole window fits."""
    rows = np.lib.stride_tricks.sliding_window_view(plane, window.size, axis=0) @ window
    return np.lib.stride_tricks.sliding_window_view(rows, window.size, axis=1) @ window


def ssim(first: np.ndarray, second: np.ndarray) -> float:
    """Mean SSIM (Wang et al. 2004): 11x11 Gaussian, sigma 1.5, k1 0.01, k2 0.03, L = 255, valid region."""
    a, b = first.astype(np.float64), second.astype(np.float64)
    window = gaussian_window()
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    mean_a, mean_b = filter_valid(a, window), filter_valid(b, window)
    var_a = filter_valid(a * a, window) - mean_a**2
    var_b = filter_valid(b * b, window) - mean_b**2
    cov = filter_valid(a * b, window) - mean_a * mean_b
    top = (2 * mean_a * mean_b + c1) * (2 * cov + c2)
    return float(np.mean(top / ((mean_a**2 + mean_b**2 + c1) * (var_a + var_b + c2))))


def score(result: np.ndarray, truth: np.ndarray, border: int) -> tuple[float, float]:
    """(PSNR-Y in dB, SSIM-Y) of two uint8 pictures with `border` pixels cut on each side."""
    a = crop_border(scored_plane(result), border)
    b = crop_border(scored_plane(truth), border)
    return psnr(a, b), ssim(a, b)

"""MATLAB's imresize with the bicubic kernel: one sparse matrix an axis.

Source: the published behaviour of imresize ('bicubic', antialiasing on): Keys' kernel with a = -0.5, widened by
1/scale when shrinking, weights normalised, edges mirrored with the edge pixel repeated, the axis with the smaller
scale first. For 8-bit pictures MATLAB rounds to 8 bits after *each* of the two passes, and so does `imresize_uint8`.
"""
import warnings
from functools import lru_cache
from math import ceil

import numpy as np
import torch


def cubic(x: np.ndarray) -> np.ndarray:
    """Keys' cubic kernel, a = -0.5, at distances `x` in source pixels."""
    a = np.abs(x)
    near = 1.5 * a**3 - 2.5 * a**2 + 1
    far = -0.5 * a**3 + 2.5 * a**2 - 4 * a + 2
    return np.where(a <= 1, near, np.where(a <= 2, far, 0.0))


@lru_cache(maxsize=256)
def taps(size: int, out: int, scale: float) -> tuple[np.ndarray, np.ndarray]:
    """Source indices and weights, both [out, taps], of every output pixel along one axis of `size` pixels."""
    stretch = max(1.0, 1.0 / scale)
    width = 4.0 * stretch
    centre = (np.arange(out) + 0.5) / scale - 0.5
    first = np.floor(centre - width / 2).astype(np.int64) + 1
    index = first[:, None] + np.arange(ceil(width) + 1)[None, :]
    weight = cubic((centre[:, None] - index) / stretch)
    weight /= weight.sum(axis=1, keepdims=True)
    period = 2 * size  # mirrored at the edge with the edge pixel repeated: 1 0 | 0 1 2 ...
    folded = np.mod(index, period)
    return np.where(folded < size, folded, period - 1 - folded), weight


def dense(size: int, out: int, scale: float) -> np.ndarray:
    """The resampling of one axis as a dense float64 [out, size] matrix: for patches, where a product is quickest."""
    index, weight = taps(size, out, scale)
    found = np.zeros((out, size))
    np.add.at(found, (np.arange(out)[:, None], index), weight)
    return found


@lru_cache(maxsize=256)
def matrix(size: int, out: int, scale: float, dtype: torch.dtype = torch.float64) -> torch.Tensor:
    """The resampling of one axis as a sparse [out, size] matrix."""
    index, weight = taps(size, out, scale)
    keep = weight != 0
    rows = np.broadcast_to(np.arange(out)[:, None], index.shape)[keep]
    places = torch.from_numpy(np.stack([rows, index[keep]]))
    coo = torch.sparse_coo_tensor(places, torch.from_numpy(weight[keep]).to(dtype), (out, size), check_invariants=False)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # "CSR is in beta": the tests hold it to MATLAB's figures
        return coo.coalesce().to_sparse_csr()


def along(image: torch.Tensor, axis: int, out: int, scale: float) -> torch.Tensor:
    """Resample one spatial axis (0 rows, 1 columns) of an [H, W, C] picture to `out` pixels."""
    moved = image.movedim(axis, 0)
    rest = moved.shape[1:]
    product = matrix(image.shape[axis], out, scale, image.dtype) @ moved.reshape(moved.shape[0], -1)
    return product.reshape(out, *rest).movedim(0, axis)


def to_eight_bits(image: torch.Tensor) -> torch.Tensor:
    """Round half up and clip to [0, 255], as MATLAB's conversion to uint8 does for non-negative numbers."""
    return torch.floor(image + 0.5).clamp_(0, 255)


def imresize(image: np.ndarray, scale: float, dtype=torch.float64, eight_bits: bool = False) -> np.ndarray:
    """Bicubic resize of an [H, W, C] or [H, W] float picture, unclipped; output size ceil(size * scale)."""
    flat = image.ndim == 2
    picture = torch.from_numpy(np.array(image[:, :, None] if flat else image)).to(dtype)
    # Both scales are equal here, so MATLAB's stable sort takes the rows first.
    for axis in (0, 1):
        out = ceil(picture.shape[axis] * scale - 1e-9)
        picture = along(picture, axis, out, scale)
        if eight_bits:
            picture = to_eight_bits(picture)
    result = picture.contiguous().numpy()
    return result[:, :, 0] if flat else result


def imresize_uint8(image: np.ndarray, scale: float, dtype=torch.float64) -> np.ndarray:
    """Bicubic resize of a uint8 picture with 8-bit rounding after each pass (the papers' LR pictures)."""
    return imresize(image, scale, dtype, eight_bits=True).astype(np.uint8)


def crop_to_multiple(image: np.ndarray, scale: int) -> np.ndarray:
    """Cut rows and columns from the end until both sizes divide by `scale`."""
    height, width = image.shape[:2]
    return image[: height - height % scale, : width - width % scale]

"""MATLAB's rgb2ycbcr (ITU-R BT.601, studio swing) and back, on floats in [0, 1]."""
import numpy as np

# Rows: Y, Cb, Cr; values for R, G, B in [0, 1] and results in 8-bit units.
FORWARD = np.array([
    [65.481, 128.553, 24.966],
    [-37.797, -74.203, 112.0],
    [112.0, -93.786, -18.214],
])
OFFSET = np.array([16.0, 128.0, 128.0])
INVERSE = np.linalg.inv(FORWARD)
Y_WEIGHTS = FORWARD[0] / 255.0
Y_OFFSET = 16.0 / 255.0
Y_RANGE = 219.0 / 255.0
# RGB -> Y, Cb, Cr of differences at full swing (JFIF's): a step of all three colours is a step of Y.
DIFFERENCES = FORWARD / np.array([[219.0], [224.0], [224.0]])


def rgb_to_ycbcr(rgb: np.ndarray) -> np.ndarray:
    """[..., 3] RGB in [0, 1] -> [..., 3] YCbCr in [0, 1] (Y in [16/255, 235/255]), unrounded."""
    return (rgb @ FORWARD.T + OFFSET) / 255.0


def ycbcr_to_rgb(ycbcr: np.ndarray) -> np.ndarray:
    """The inverse of `rgb_to_ycbcr`, unclipped."""
    return (ycbcr * 255.0 - OFFSET) @ INVERSE.T


def luma(rgb: np.ndarray) -> np.ndarray:
    """Y alone, [..., 3] in [0, 1] -> [...] in [16/255, 235/255]."""
    return rgb @ Y_WEIGHTS + Y_OFFSET

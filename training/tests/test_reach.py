"""How far a network really looks, and what its run takes."""
import numpy as np
import onnx
import pytest
import torch
from torch import nn

from training.measure.liveness import live_bytes_per_pixel
from training.export.onnxfile import to_onnx
from training.measure.reach import CORE, network_core, pictures, smallest_overlap


def blurred(weights: list[float]):
    """A network of factor 1 whose kernel along both axes is `weights`."""
    kernel = torch.tensor(weights, dtype=torch.float64)
    plane = (kernel[:, None] * kernel[None, :])[None, None]

    def run(x: np.ndarray) -> np.ndarray:
        return nn.functional.conv2d(torch.from_numpy(x).double(), plane, padding=len(weights) // 2).numpy()

    return run


def test_an_overlap_is_as_wide_as_what_matters():
    far = 1e-6  # of a kernel that reaches 6 pixels, but weighs next to nothing beyond 2
    run = blurred([far] * 4 + [0.2] * 5 + [far] * 4)
    found = smallest_overlap(network_core(run, 1, 6), 1, 6)
    assert found["overlap"] == 2 and found["step"] < 0.05


def test_an_overlap_is_the_receptive_field_where_all_of_it_matters():
    found = smallest_overlap(network_core(blurred([1 / 7] * 7), 1, 3), 1, 3)
    assert found == {"overlap": 3, "step": 0.0}


def test_pictures_are_in_range_and_differ():
    for channels in (1, 3):
        seen = pictures(CORE + 20, channels)
        assert len(seen) == 4 and all(p.shape == (1, channels, CORE + 20, CORE + 20) for p in seen)
        assert all(p.min() >= 0 and p.max() <= 1 and p.std() > 0.02 for p in seen)


@pytest.mark.parametrize("width", [8, 32])
def test_live_bytes_are_input_and_output_of_the_widest_step(width):
    """Two convolutions 3 -> width -> 3: at the second, width and 3 channels of float32 are alive."""
    module = nn.Sequential(nn.Conv2d(3, width, 3, padding=1), nn.ReLU(), nn.Conv2d(width, 3, 3, padding=1))
    content = to_onnx(module, 3).SerializeToString()
    assert live_bytes_per_pixel(content, 3) == 4 * (width + 3)
    assert onnx.load_from_string(content).graph.input[0].name == "input"

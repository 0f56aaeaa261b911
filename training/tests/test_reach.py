"""How far a network really looks, and what its run takes."""
import numpy as np
import onnx
import pytest
import torch
from torch import nn

from training.measure.liveness import live_bytes_per_pixel
from training.export.onnxfile import to_onnx
from training.measure.held import FADE, edge_steps, faded_step, held_reach
from training.measure.pictures import pictures
from training.measure.reach import (BORDERED, CORE, implicit_bordered, narrowest_border, network_bordered, network_core,
                                    smallest_overlap)


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


def test_a_border_is_as_wide_as_what_can_be_seen_of_it():
    """Zeros where a kernel weighs 0.1 are seen; where it weighs a thousandth they are less than a step."""
    run = blurred([0.001] * 2 + [0.1] * 2 + [0.594] + [0.1] * 2 + [0.001] * 2)
    found = narrowest_border(network_bordered(run, 1), 1, 6)
    assert found["overlap"] == 2 and 0 < found["step"] < 1


class Blurring:
    """An any-scale method whose features are the blurred picture, and whose pixels are those of the cell before each."""

    def __init__(self, weights: list[float]):
        self.run_on, self.wanted, self.decoder = blurred(weights), set(), self

    def features(self, x: np.ndarray, photo: np.ndarray) -> np.ndarray:
        assert photo.shape[2:] == (BORDERED, BORDERED)  # a prior is of the photo, not of what is around it
        return np.concatenate([self.run_on(plane) for plane in np.split(x, 3, axis=1)], axis=1)

    def feeds(self, features, rows, columns, scale):
        return {"output": features[:, :, rows.index[0]][:, :, :, columns.index[0]].numpy()}

    def run(self, _names, feeds):
        return [feeds["output"]]


def test_a_border_of_any_scale_holds_the_cell_beyond_and_whole_multiples():
    weights = [0.001] * 2 + [0.1] * 2 + [0.594] + [0.1] * 2 + [0.001] * 2
    found = narrowest_border(implicit_bordered(Blurring(weights), 1), 3, 6)
    assert found["overlap"] == 3 and 0 < found["step"] < 1
    in_eights = narrowest_border(implicit_bordered(Blurring(weights), 8), 3, 14, 8)
    assert in_eights == {"overlap": 6, "step": 0.0}  # 8 pixels are given, which hold all that the kernel weighs


def test_pictures_are_in_range_and_differ():
    for channels in (1, 3):
        seen = pictures(CORE + 20, channels)
        assert len(seen) == 4 and all(p.shape == (1, channels, CORE + 20, CORE + 20) for p in seen)
        assert all(p.min() >= 0 and p.max() <= 1 and p.std() > 0.02 for p in seen)


@pytest.mark.parametrize("width", [8, 32])
def test_live_bytes_are_input_and_output_of_the_widest_step(width):
    """Two convolutions 3 -> width -> 3: at the second, width and 3 channels of float32 are alive, in whole blocks."""
    module = nn.Sequential(nn.Conv2d(3, width, 3, padding=1), nn.ReLU(), nn.Conv2d(width, 3, 3, padding=1))
    content = to_onnx(module, 3).SerializeToString()
    assert live_bytes_per_pixel(content, 3) == 4 * (max(16, width) + 16)
    assert onnx.load_from_string(content).graph.input[0].name == "input"


class Gated(nn.Module):
    """A blur over `far` pixels on each side, times a gate made from the whole picture; or a mean over regions of `side`
    pixels in its place."""

    def __init__(self, far: int, side: int = 0):
        super().__init__()
        self.side, self.far = side, far
        self.gate = nn.Conv2d(3, 3, 1)

    def forward(self, x):
        size = 2 * self.far + 1
        blurred = nn.functional.avg_pool2d(x, size, 1, self.far)
        if self.side:
            means = nn.functional.avg_pool2d(x, self.side)
            blurred = means.repeat_interleave(self.side, 2).repeat_interleave(self.side, 3)
        return blurred * torch.sigmoid(self.gate(x.mean((2, 3), keepdim=True)))


def test_held_gates_leave_what_sees_the_edges_of_a_tile():
    content = to_onnx(Gated(6), 3).SerializeToString()
    steps = edge_steps(content, 3, 1, 20)
    assert (steps[:6] > 0.1).all() and (steps[6:] < 1e-3).all()
    assert 0 < faded_step(steps, 4) < steps[4] and faded_step(steps, 6) < 1e-3
    assert 0 < held_reach(content, 3, 1, {"before": 20, "after": 20}, 1)["overlap"] <= 6


def test_a_tile_of_whole_regions_has_the_picture_s_regions():
    content = to_onnx(Gated(0, side=10), 3).SerializeToString()
    assert (edge_steps(content, 3, 1, 20) < 1e-3).all() and edge_steps(content, 3, 1, 15)[0] > 1
    assert held_reach(content, 3, 1, {"before": 20, "after": 20}, 10) == {"overlap": 10 - FADE, "step": 0.0}


def test_live_bytes_of_a_graph_that_computes_shapes_are_told_by_a_run():
    class Regions(nn.Module):
        def forward(self, x):
            rows, columns = (x.shape[2] + 7) // 8, (x.shape[3] + 7) // 8
            full = nn.functional.pad(x, (0, columns * 8 - x.shape[3], 0, rows * 8 - x.shape[2]))
            cells = full.reshape(1, 3, rows, 8, columns, 8).permute(0, 2, 4, 3, 5, 1)
            return cells.permute(0, 5, 1, 3, 2, 4).reshape(1, 3, rows * 8, columns * 8)[:, :, : x.shape[2], : x.shape[3]]

    assert live_bytes_per_pixel(to_onnx(Regions(), 3).SerializeToString(), 3) == 4 * (3 + 3)

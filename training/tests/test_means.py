"""Networks that take means over the whole picture, in two halves."""
import numpy as np
import pytest
import torch
from torch import nn

from training.export.onnxfile import to_onnx
from training.measure.means import SAMPLES, SIDE, UNCOUNTED, Halves, samples, sampling_difference
from training.measure.reach import means_reach
from training.measure.session import session_runner

from training.tests.conftest import drawn


class Averaging(nn.Module):
    """A blur of 3 x 3 pixels times a gate made of the means of the channels."""

    def __init__(self):
        super().__init__()
        torch.manual_seed(3)
        self.gate = nn.Conv2d(3, 3, 1)

    def forward(self, x):
        return nn.functional.avg_pool2d(x, 3, 1, 1) * torch.sigmoid(self.gate(x.mean((2, 3), keepdim=True)))


CONTENT = to_onnx(Averaging(), 3).SerializeToString()


def test_the_halves_are_the_network():
    halves, x = Halves(CONTENT), np.random.default_rng(1).random((1, 3, 30, 50), np.float32)
    assert np.allclose(halves.of_whole(x), [x.mean((2, 3), keepdims=True)], atol=1e-6)
    assert np.allclose(halves.run(x, halves.of_whole(x)), session_runner(CONTENT)(x), atol=1e-6)


def test_a_network_without_means_has_no_halves():
    with pytest.raises(ValueError, match="means over the whole picture"):
        Halves(to_onnx(nn.Conv2d(3, 3, 3, padding=1), 3).SerializeToString())


def test_samples_are_counted_without_their_edges():
    halves, x = Halves(CONTENT), np.random.default_rng(2).random((1, 3, 200, 300), np.float32)
    inside = [x[0, :, top + UNCOUNTED : top + SIDE - UNCOUNTED, left + UNCOUNTED : left + SIDE - UNCOUNTED].mean((1, 2))
              for top, left in samples(200, 300)]
    assert np.allclose(halves.of_samples(x)[0].ravel(), np.mean(inside, axis=0), atol=1e-6)


def test_samples_lie_evenly_over_the_picture():
    places = samples(750, 1000)
    assert len(places) == len(set(places)) == SAMPLES
    assert (places[0], places[24], places[52]) == ((0, 0), (336, 940), (718, 380))  # as the application's
    assert samples(20, 5000)[0] == (-6, 25)


def test_reach_is_what_is_seen_beside_the_means(monkeypatch):
    pictures = [np.ascontiguousarray(drawn(60, 320, 400)), np.ascontiguousarray(drawn(61, 400, 320))]
    monkeypatch.setattr("training.measure.tiling.photographs", lambda: pictures)
    entry = {"scale": 1, "receptiveField": {"before": 5, "after": 5}}
    found = means_reach(CONTENT, 3, entry)
    assert found["means"] == {"count": 1, "macsPerPixel": 0} and found["receptiveField"]["measured"]["overlap"] == 2  # the ladder's least
    assert found["tiled"] == sampling_difference(Halves(CONTENT)) and 0 < found["tiled"]["largest"] < 2

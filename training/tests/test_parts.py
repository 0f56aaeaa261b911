"""A network's end in parts: the same numbers, less memory, the same weights."""
import numpy as np
import pytest
import torch

from training.architectures import build
from training.architectures.san import RegionNonLocal
from training.export.onnxfile import graph_of, quantise_storage
from training.export.parts import PARTS, end_in_parts
from training.measure.liveness import live_bytes_per_pixel
from training.measure.session import session_runner
from training.tests.small_networks import channels_of, made, picture


def whole(arch: str, scale: int, **sizes: int):
    """A small network's graph, its end in one."""
    free = {"input": {2: "height", 3: "width"}, "output": {2: "outHeight", 3: "outWidth"}}
    module = build(arch, scale, **sizes) if sizes else made(arch, scale)
    return graph_of(module, {"input": torch.rand(1, channels_of(arch), 24, 28)}, free)


@pytest.mark.parametrize("store", (lambda model: model, quantise_storage))
@pytest.mark.parametrize(("arch", "scale"), (("edsr", 2), ("edsr", 3), ("edsr", 4), ("srresnet", 4), ("rcan", 4)))
def test_an_end_in_parts_gives_the_same(arch, scale, store):
    before = store(whole(arch, scale))
    after = end_in_parts(before)
    assert sum(node.op_type == "DepthToSpace" for node in after.graph.node) == sum(
        node.op_type == "DepthToSpace" for node in before.graph.node) + PARTS - 1
    old, new = before.SerializeToString(), after.SerializeToString()
    x = picture(arch, 17, 22)
    assert np.abs(session_runner(new)(x) - session_runner(old)(x)).max() < 1e-5
    names = {entry.name for entry in after.graph.initializer}
    assert {entry.name for entry in before.graph.initializer} <= names  # a weight is kept under its name, whole


@pytest.mark.parametrize("scale", (2, 3, 4))
def test_an_end_in_parts_takes_about_half_of_the_memory(scale):
    before = whole("edsr", scale, width=64, blocks=1)
    old, new = (live_bytes_per_pixel(model.SerializeToString(), 3) for model in (before, end_in_parts(before)))
    assert new < 0.55 * old


@pytest.mark.parametrize("arch", ("espcn", "fsrcnn", "vdsr"))
def test_a_graph_that_ends_in_another_way_is_left(arch):
    before = whole(arch, 2)
    assert end_in_parts(before) == before


def test_what_another_part_reads_is_left():
    before = whole("edsr", 2)
    shuffled = next(node.output[0] for node in before.graph.node if node.op_type == "DepthToSpace")
    before.graph.output.add(name=shuffled)
    assert end_in_parts(before) == before


def test_a_region_s_queries_in_parts_are_answered_alike():
    torch.manual_seed(1)
    module = RegionNonLocal(16, 4, side=4)
    torch.nn.init.normal_(module.out.weight)
    x = torch.randn(1, 16, 9, 11)
    in_parts = module(x)
    assert module.parts == 8
    module.parts = 1
    assert torch.allclose(module(x), in_parts, atol=1e-5) and not torch.allclose(in_parts, x, atol=0.1)

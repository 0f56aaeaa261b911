"""A trained EDSR written into another architecture, which then begins where EDSR is: `embed:edsr` in a config's `start`.

SRResNet holds EDSR exactly. RCAN, SAN and RRDB have short skips round several blocks, which EDSR has not: a group
gives its input s plus a convolution of its last state t, where EDSR goes on with t alone. The convolution is the
least-squares one that turns t into GAIN times EDSR's state, less s: what of s cannot be told from t remains as an
error, the smaller the larger the gain. Networks of ReLU and convolutions are homogeneous: a state c times as large
needs biases c times as large, and a last convolution undoes it.
"""
from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..kernels.leastsquares import fit_convolution
from . import build_together, edsr, rcan, rrdb, san, srresnet
from .colour import MEAN
from .matching import load_matching

GAIN = 1.5  # of the carried state, from one group to the next: 2 is nearer to EDSR, but makes the last weights tiny
Draw = Callable[[], Tensor]


def teacher_of(weights: dict[str, Tensor]) -> edsr.Together:
    """The EDSR that the weights are of, with the tails that they hold."""
    scales = sorted({int(name.split(".")[1]) for name in weights if name.startswith("tails.")})
    blocks = len({name.split(".")[2] for name in weights if name.startswith("encoder.blocks.")})
    if not scales or not blocks:
        raise SystemExit(f"embed: expected an EDSR's encoder and tails, found {len(weights)} other tensors; train or "
                         "bundle EDSR first")
    teacher = build_together("edsr", tuple(scales), width=weights["encoder.head.weight"].shape[0], blocks=blocks)
    count = load_matching(teacher, weights)
    if count != len(teacher.state_dict()):
        raise SystemExit(f"embed: {count} of EDSR's {len(teacher.state_dict())} tensors found")
    return teacher.eval()


@torch.no_grad()
def embed(module: nn.Module, weights: dict[str, Tensor], draw: Draw) -> None:
    """Write EDSR's weights into an edsr, srresnet, rcan, san or rrdb module of the same width.

    `draw` gives pictures [N, 3, H, W] as they are trained on: what has no exact answer is fitted on one draw.
    """
    writers = {edsr.Together: into_edsr, srresnet.Net: into_srresnet, rcan.Together: into_groups,
               san.Together: into_groups, rrdb.Net: into_rrdb}
    for kind, write in writers.items():
        if isinstance(module, kind):
            training = module.training
            write(module.eval(), teacher_of(weights), draw)
            module.train(training)
            return
    raise SystemExit(f"embed: EDSR cannot be written into {type(module).__module__}")


def shares(blocks: int, groups: int, most: int) -> list[int]:
    """How many of EDSR's blocks each group holds, the first ones one more where it does not come out even."""
    found = [blocks // groups + (index < blocks % groups) for index in range(groups)]
    if found[0] > most:
        raise SystemExit(f"embed: {groups} groups of {most} cannot hold {blocks} blocks")
    return found


def copy_convolution(layer: nn.Conv2d, source: nn.Conv2d, weight: float = 1.0, bias: float = 1.0) -> None:
    """The source's weights and biases, each times a factor, in the centre of a kernel that may be larger."""
    margin = (layer.kernel_size[0] - source.kernel_size[0]) // 2
    layer.weight.copy_(F.pad(source.weight * weight, (margin,) * 4))
    layer.bias.copy_(source.bias * bias)


def copy_tails(module: edsr.Tailed, teacher: edsr.Together) -> None:
    """The tails of the scales that both have; a scale that EDSR lacks is an error."""
    for scale, layers in module.tails.items():
        if scale not in teacher.tails:
            raise SystemExit(f"embed: EDSR has no tail for x{scale}")
        layers.load_state_dict(teacher.tails[scale].state_dict())


def into_edsr(module: edsr.Together, teacher: edsr.Together, draw: Draw) -> None:
    """A copy, of the scales that the module has."""
    module.encoder.load_state_dict(teacher.encoder.state_dict())
    copy_tails(module, teacher)


def into_srresnet(module: srresnet.Net, teacher: edsr.Together, draw: Draw) -> None:
    """Exact. The normalisations are the identity with the statistics they have, so these must stay
    as they are in training (`frozen_norm`)."""
    shares(len(teacher.encoder.blocks), 1, len(module.blocks))
    for layer in module.modules():
        if isinstance(layer, nn.BatchNorm2d):
            layer.reset_parameters()
            layer.running_var.fill_(1 - layer.eps)
        elif isinstance(layer, nn.PReLU):
            layer.weight.fill_(1)
    copy_convolution(module.head[0], teacher.encoder.head)
    for index, block in enumerate(module.blocks):
        block.slope.weight.zero_()
        if index < len(teacher.encoder.blocks):
            copy_convolution(block.conv1, teacher.encoder.blocks[index].conv1)
            copy_convolution(block.conv2, teacher.encoder.blocks[index].conv2)
        else:
            nn.init.zeros_(block.conv2.weight)
            nn.init.zeros_(block.conv2.bias)
    copy_convolution(module.fuse, teacher.encoder.fuse)
    *enlarging, last = _tail_convolutions(teacher, module.scale)
    for layer, source in zip((l for l in module.enlarge if isinstance(l, nn.Conv2d)), enlarging):
        copy_convolution(layer, source)
    copy_convolution(module.tail, last)


def into_groups(module: rcan.Together | san.Together, teacher: edsr.Together, draw: Draw) -> None:
    """Groups with a short skip. Attention begins as the same gate everywhere, one half, undone by what it multiplies:
    a gate near one would hardly learn."""
    encoder = module.encoder
    source = iter(teacher.encoder.blocks)
    parts = shares(len(teacher.encoder.blocks), len(encoder.groups), len(encoder.groups[0].blocks))
    encoder.head.load_state_dict(teacher.encoder.head.state_dict())
    states, fused = _states(teacher, draw() - MEAN, parts)
    state, carried = states[0], 1.0
    for group, held, wanted in zip(encoder.groups, parts, states[1:]):
        for index, block in enumerate(group.blocks):
            gate = 0.5 if isinstance(block, rcan.Block) else 1.0
            if gate < 1:
                _gate_of_half(block.attention)
            if index < held:
                of = next(source)
                copy_convolution(block.conv1, of.conv1, bias=carried)
                copy_convolution(block.conv2, of.conv2, 1 / gate, carried / gate)
            else:
                nn.init.zeros_(block.conv2.weight)
                nn.init.zeros_(block.conv2.bias)
        if isinstance(group, san.Group):
            _gate_of_half(group.attention)
        carried *= GAIN
        last = group.blocks(state)
        last = group.attention(last) if isinstance(group, san.Group) else last
        fit_convolution(group.fuse, last, carried * wanted - state)
        state = state + group.fuse(last)
    fit_convolution(encoder.fuse, state, fused)
    copy_tails(module, teacher)


def into_rrdb(module: rrdb.Net, teacher: edsr.Together, draw: Draw) -> None:
    """Each dense block holds one of EDSR's blocks exactly, because leaky(z) + LEAK leaky(-z) = (1 - LEAK^2) relu(z);
    the last of each three is fitted. Only for tails of pixel shuffles."""
    if not module.shuffle:
        raise SystemExit("embed: expected an rrdb that enlarges by pixel shuffles (sizes: shuffle = true), as EDSR does")
    parts = shares(len(teacher.encoder.blocks), len(module.blocks), 3)
    copy_convolution(module.head, teacher.encoder.head)
    states, fused = _states(teacher, draw() - MEAN, parts)
    source = iter(teacher.encoder.blocks)
    state, carried = states[0], 1.0
    for block, held, wanted in zip(module.blocks, parts, states[1:]):
        for index, dense in enumerate(block.dense):
            if index >= 3 - held:
                hold_block(dense, next(source), carried)
            else:  # a spare one comes first: the fitted last one then has fewer blocks to see through
                nn.init.zeros_(dense.convs[4].weight)
        carried *= GAIN
        before = block.dense[1](block.dense[0](state))
        last = block.dense[2]
        weight = rrdb.RESIDUAL**2
        missing = carried * wanted - state - rrdb.RESIDUAL * before
        fit_convolution(last.convs[4], last.maps(before), missing, weight)
        state = state + rrdb.RESIDUAL * block.dense(state)
    fit_convolution(module.fuse, state, fused)
    *enlarging, last = _tail_convolutions(teacher, module.scale)
    for layer, of in zip((l for l in module.enlarge if isinstance(l, nn.Conv2d)), enlarging):
        copy_convolution(layer, of)
    _hold_last(module.last, module.tail, last)


def hold_block(dense: rrdb.Dense, block: edsr.Block, carried: float) -> None:
    """conv1 in the four growing convolutions, as itself and as its negative; conv2 in the fifth."""
    width, growth = block.conv1.out_channels, dense.convs[0].out_channels
    if width > 2 * growth:
        raise SystemExit(f"embed: a dense block of growth {growth} holds {2 * growth} channels, not {width}")
    for layer in dense.convs:
        nn.init.zeros_(layer.weight)
        nn.init.zeros_(layer.bias)
    into = dense.convs[4]
    into.bias.copy_(block.conv2.bias * carried / rrdb.RESIDUAL)
    for index, layer in enumerate(dense.convs[:4]):
        sign, half = (1.0 if index < 2 else -1.0), index % 2
        rows = slice(half * growth, min((half + 1) * growth, width))
        count = rows.stop - rows.start
        layer.weight[:count, :width] = sign * block.conv1.weight[rows]
        layer.bias[:count] = sign * carried * block.conv1.bias[rows]
        share = (1.0 if index < 2 else rrdb.LEAK) / (1 - rrdb.LEAK**2) / rrdb.RESIDUAL
        start = width + index * growth
        into.weight[:, start : start + count] = share * block.conv2.weight[:, rows]


def _hold_last(hidden: nn.Conv2d, tail: nn.Conv2d, last: nn.Conv2d) -> None:
    """EDSR's last convolution as two with a leaky ReLU between: z = (leaky(z) - leaky(-z)) / (1 + LEAK). The other
    hidden channels stay as they are and have no weight yet."""
    colours = last.out_channels
    for start, sign in ((0, 1.0), (colours, -1.0)):
        hidden.weight[start : start + colours] = sign * last.weight
        hidden.bias[start : start + colours] = sign * last.bias
    nn.init.zeros_(tail.weight)
    for colour in range(colours):
        tail.weight[colour, colour, 1, 1] = 1 / (1 + rrdb.LEAK)
        tail.weight[colour, colours + colour, 1, 1] = -1 / (1 + rrdb.LEAK)
    nn.init.zeros_(tail.bias)


def _gate_of_half(attention: nn.Module) -> None:
    nn.init.zeros_(attention.excite.weight)
    nn.init.zeros_(attention.excite.bias)


def _tail_convolutions(teacher: edsr.Together, scale: int) -> list[nn.Conv2d]:
    if str(scale) not in teacher.tails:
        raise SystemExit(f"embed: EDSR has no tail for x{scale}")
    return [layer for layer in teacher.tails[str(scale)] if isinstance(layer, nn.Conv2d)]


def _states(teacher: edsr.Together, centred: Tensor, parts: list[int]) -> tuple[list[Tensor], Tensor]:
    """EDSR's states at its head and after each part of its blocks, and what it adds to the head at the end."""
    found = [teacher.encoder.head(centred)]
    at = 0
    for count in parts:
        found.append(teacher.encoder.blocks[at : at + count](found[-1]))
        at += count
    return found, teacher.encoder.fuse(found[-1])

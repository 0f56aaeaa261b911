"""Fitting the flat-field correction (architectures/flats.py) to finished networks.

Its first layer are planes through the cube of colours, the same for every network; its second is linear, and found by
least squares on a grid of colours.
"""
from collections.abc import Sequence

import torch
from torch import Tensor, nn

from ..architectures.edgeless import edgeless
from ..architectures.edsr import MEAN
from ..architectures.flats import Flats

LEVELS = 7  # of each channel in the grid
SIDE = 5  # pixels a side of what a network answers to: enough for what follows its shuffles, which repeat no edge
AT_ONCE = 64
RIDGE = 1e-5  # keeps planes that hardly differ from cancelling each other
STRENGTHS = (0.0, 0.5, 0.85, 1.0)  # between two networks


def grid() -> Tensor:
    """The colours [n, 3] that are asked for."""
    levels = torch.linspace(0, 1, LEVELS)
    return torch.cartesian_prod(levels, levels, levels)


@torch.no_grad()
def flat_answers(module: nn.Module, colours: Tensor) -> Tensor:
    """What a network without its `flats` makes of flat colours [n, 3], less the colours, far from every border: of one
    small pixel [n, 3 scale^2], in the order of a pixel shuffle."""
    scale, flats, module.flats = module.scale, module.flats, None
    start, found = SIDE // 2 * scale, []
    try:
        with edgeless(module):
            for part in colours[:, :, None, None].split(AT_ONCE):
                made = module(part.expand(-1, -1, SIDE, SIDE).contiguous())
                found.append((made[:, :, start:start + scale, start:start + scale] - part).flatten(1))
    finally:
        module.flats = flats
    return torch.cat(found)


def begin_planes(flats: Flats) -> None:
    """The first layer: planes through random colours in random directions, always the same."""
    random = torch.Generator().manual_seed(1)
    count = flats.hidden.out_channels
    across = nn.functional.normalize(torch.randn(count, 3, generator=random), dim=1)
    through = torch.rand(count, 3, generator=random)
    with torch.no_grad():
        flats.hidden.weight.copy_(across[:, :, None, None])
        flats.hidden.bias.copy_(-(across * (through - MEAN)).sum(dim=1))


@torch.no_grad()
def between(first: nn.Module, second: nn.Module, share: float, into: nn.Module) -> nn.Module:
    """`into` with the weights at `share` from the first network (0) to the second (1)."""
    one, two = first.state_dict(), second.state_dict()
    into.load_state_dict({name: torch.lerp(value, two[name], share) for name, value in one.items()})
    return into


@torch.no_grad()
def fit(ends: Sequence[nn.Module], spare: nn.Module | None = None) -> None:
    """Fit `flats` of a network, or of two (faithful, inventing) between whose weights a strength goes, for all
    STRENGTHS of it at once: what the correction is then goes in a line, what they answer does not. `spare`: a network of
    their shape, to be the ones between."""
    colours = grid()
    shares = (1.0,) if len(ends) == 1 else STRENGTHS
    rows, answers = [], []
    for module in ends:
        begin_planes(module.flats)
    known = ends[0].flats.features(colours[:, :, None, None]).flatten(1)
    known = torch.cat([known, torch.ones(len(colours), 1)], dim=1)
    for share in shares:
        module = ends[0] if len(ends) == 1 else between(*ends, share, spare)
        rows.append(known if len(ends) == 1 else torch.cat([(1 - share) * known, share * known], dim=1))
        answers.append(flat_answers(module.eval(), colours))
    left, right = torch.cat(rows).double(), torch.cat(answers).double()
    found = torch.linalg.solve(left.T @ left + RIDGE * torch.eye(left.shape[1]).double(), left.T @ right).float()
    for module, own in zip(ends, found.chunk(len(ends))):
        module.flats.shift.weight.copy_(own[:-1].T[:, :, None, None])
        module.flats.shift.bias.copy_(own[-1])

"""Fitting the flat-field correction (architectures/flats.py) to finished networks.

Its first layer are planes through the cube of colours, the same for every network; its second is linear, and found by
least squares on a grid of colours.
"""
from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor, nn

from ..architectures.edgeless import edgeless
from ..architectures.colour import MEAN
from ..architectures.flats import Correction
from ..architectures.separable import Net as Separable
from ..kernels.positions import axis, cell

LEVELS = 7  # of each channel in the grid
LEVELS_OF_SETS = 13  # the same, for separable networks: theirs are few numbers, of a body of many gates
SCALE = 4  # at which the separable are asked; what a constant's coefficient adds hardly depends on it
SIDE = 5  # pixels a side of what a network answers to: enough for what follows its shuffles, which repeat no edge
AT_ONCE = 64
RIDGE = 1e-5  # keeps planes that hardly differ from cancelling each other
STRENGTHS = (0.0, 0.5, 0.85, 1.0)  # between two networks


def grid(count: int = LEVELS) -> Tensor:
    """The colours [n, 3] that are asked for, `count` levels of each channel."""
    levels = torch.linspace(0, 1, count)
    return torch.cartesian_prod(levels, levels, levels)


def flats_of(module: nn.Module) -> Correction:
    """The correction of a network's scale, which has it for itself or one for every scale."""
    return module.flats[str(module.scale)] if isinstance(module.flats, nn.ModuleDict) else module.flats


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


def begin_planes(flats: Correction) -> None:
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


def solved(left: Tensor, right: Tensor) -> Tensor:
    """The least-squares solution of left @ x = right, [n, k] and [n, m] -> [k, m], drawn a little towards 0."""
    left, right = left.double(), right.double()
    return torch.linalg.solve(left.T @ left + RIDGE * torch.eye(left.shape[1]).double(), left.T @ right).float()


def give(flats: Correction, numbers: Tensor) -> None:
    """Let `numbers` [hidden + 1, outputs] be the second layer, the bias last."""
    flats.shift.weight.copy_(numbers[:-1].T[:, :, None, None])
    flats.shift.bias.copy_(numbers[-1])


@torch.no_grad()
def fit(ends: Sequence[nn.Module], spare: nn.Module | None = None) -> None:
    """Fit `flats` of a network, or of two (faithful, inventing) between whose weights a strength goes, for all
    STRENGTHS of it at once: what the correction is then goes in a line, what they answer does not. `spare`: a network of
    their shape, to be the ones between."""
    colours = grid()
    shares = (1.0,) if len(ends) == 1 else STRENGTHS
    rows, answers = [], []
    for module in ends:
        begin_planes(flats_of(module))
    known = flats_of(ends[0]).features(colours[:, :, None, None]).flatten(1)
    known = torch.cat([known, torch.ones(len(colours), 1)], dim=1)
    for share in shares:
        module = ends[0] if len(ends) == 1 else between(*ends, share, spare)
        rows.append(known if len(ends) == 1 else torch.cat([(1 - share) * known, share * known], dim=1))
        answers.append(flat_answers(module.eval(), colours))
    found = solved(torch.cat(rows), torch.cat(answers))
    for module, own in zip(ends, found.chunk(len(ends))):
        give(flats_of(module), own)


@torch.no_grad()
def flat_constants(module: Separable, colours: Tensor) -> Tensor:
    """What each set of coefficients of a separable network without its `flats` adds to flat colours [n, 3], in the mean
    over a small pixel at SCALE, as so much of each colour's first coefficient: [n, sets * 3]."""
    flats, module.flats = module.flats, None
    here = np.s_[:, :, SIDE // 2 * SCALE:(SIDE // 2 + 1) * SCALE, SIDE // 2 * SCALE:(SIDE // 2 + 1) * SCALE]
    place, size = axis(SIDE, SIDE * SCALE, SCALE), cell((SCALE, SCALE))

    def added(coefficients: Tensor) -> Tensor:
        wide = coefficients.expand(-1, -1, SIDE, SIDE).contiguous()
        return module.decoder(wide, place, place, size)[here].mean(dim=(2, 3))

    sets, each = flats.shift.out_channels // 3, flats.each
    constant = added(torch.eye(3 * each)[::each, :, None, None]).diagonal()  # what one first coefficient adds to its colour
    found = []
    try:
        with edgeless(module):
            for part in colours[:, :, None, None].split(AT_ONCE):
                middle = module.encode(part.expand(-1, -1, SIDE, SIDE).contiguous())[:, :, SIDE // 2, SIDE // 2, None, None]
                found.append(torch.cat([added(one) / constant for one in middle.chunk(sets, dim=1)], dim=1))
    finally:
        module.flats = flats
    return torch.cat(found)


@torch.no_grad()
def fit_sets(module: Separable) -> None:
    """Fit the `flats` of a separable network."""
    begin_planes(module.flats)
    colours = grid(LEVELS_OF_SETS)
    known = module.flats.features(colours[:, :, None, None]).flatten(1)
    found = solved(torch.cat([known, torch.ones(len(colours), 1)], dim=1), flat_constants(module.eval(), colours))
    give(module.flats, found)

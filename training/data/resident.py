"""Training pairs made on a device: the photographs lie in its memory, and a batch is a handful of gathers."""
import json

import numpy as np
import torch
from torch import Tensor

from ..config import Config
from ..kernels.color import Y_OFFSET, Y_WEIGHTS
from ..kernels.positions import axis, cell, picked
from .implicit_pairs import AnyScalePairs, Batch
from .pack import MULTIPLE
from .pairs import MARGIN, enlarging
from .patches import AROUND, CELL, Patches, without_edges
from .reduction import reducing


class ResidentPatches:
    """What `Patches` does, on a device: patches where there is detail, turned and mirrored. Other numbers than theirs
    from the same seed, but as likely."""

    def __init__(self, patches: Patches, device: str):
        self.pack, self.largest, self.device = patches.pack, patches.largest, device
        self.random = patches.random  # on the host: scales, windows, how far photographs are made smaller
        self.cut_side = patches.cut_side
        entries = [[e["height"], e["width"], e["pixel"]] for e in self.pack.entries]
        self.entries = torch.tensor(entries, dtype=torch.int64, device=device)
        self.sides = np.array([min(e["height"], e["width"]) for e in self.pack.entries])
        self.cells, self.weights = patches.cells, np.diff(patches.cumulative, prepend=0.0)
        self._planes: dict[int, Tensor] = {}
        self._tables: dict[int, tuple[Tensor, Tensor]] = {}
        self._matrices: dict[tuple[int, int], Tensor] = {}
        self.generator = torch.Generator(device=device)
        self.generator.manual_seed(int(self.random.integers(1 << 62)))

    def reseed(self, seed: int) -> None:
        """Start another sequence of patches."""
        self.random.bit_generator.state = np.random.default_rng(seed).bit_generator.state
        self.generator.manual_seed(seed)

    def state(self) -> str:
        """Both generators', for a checkpoint."""
        return json.dumps({"host": self.random.bit_generator.state,
                           "device": bytes(self.generator.get_state().tolist()).hex()})

    def restore(self, state: str) -> None:
        """The inverse of `state`; that of `Patches` on the host starts the device's anew."""
        found = json.loads(state)
        self.random.bit_generator.state = found.get("host", found)
        if "device" in found:
            self.generator.set_state(torch.tensor(list(bytes.fromhex(found["device"])), dtype=torch.uint8))
        else:
            self.generator.manual_seed(int(self.random.integers(1 << 62)))

    def plane(self, scale: int) -> Tensor:
        """The pixels [M, 3] of all photographs at a scale, taken into the device's memory when first asked for."""
        if scale not in self._planes:
            self._planes[scale] = torch.from_numpy(np.array(self.pack.planes[scale])).reshape(-1, 3).to(self.device)
        return self._planes[scale]

    def table(self, size: int) -> tuple[Tensor, Tensor]:
        """(cells [M, 3], their cumulative weights [M]) of the photographs that hold a patch of `size`."""
        least = min((side for side in set(self.sides.tolist()) if side >= size), default=0)
        if not least:
            raise ValueError(f"no photograph holds a patch of {size} x {size} pixels, the largest is {self.largest}; "
                             "make `patch` of the config smaller")
        if least not in self._tables:
            keep = self.sides[self.cells[:, 0]] >= size
            sums = np.cumsum(self.weights[keep])
            self._tables[least] = (torch.from_numpy(self.cells[keep].astype(np.int64)).to(self.device),
                                   torch.from_numpy(sums / sums[-1]).to(self.device))
        return self._tables[least]

    def whole(self, high: int, count: int) -> Tensor:
        """`count` integers from 0 to below `high`."""
        return torch.randint(high, (count,), generator=self.generator, device=self.device)

    def places(self, count: int, size: int) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """(photographs, tops, lefts, turns), each [count]; corners are multiples of MULTIPLE."""
        cells, sums = self.table(size)
        drawn = torch.rand(count, generator=self.generator, device=self.device, dtype=torch.float64)
        photo, row, column = cells[torch.searchsorted(sums, drawn).clamp_(max=len(sums) - 1)].unbind(1)
        corners = []
        for start, side in ((row, 0), (column, 1)):
            at = start * CELL + self.whole(CELL, count) - size // 2
            limit = self.entries[photo, side] - size
            corners.append(torch.minimum(at.clamp_min(0), limit) // MULTIPLE * MULTIPLE)
        return photo, *corners, self.whole(8, count)

    def cut(self, scale: int, place: tuple[Tensor, Tensor, Tensor, Tensor], size: int) -> Tensor:
        """uint8 [N, size, size, 3] of the plane of a scale; `place`'s corners are the full picture's. Of a turn, bit 0
        exchanges rows and columns, bit 1 turns the rows round, bit 2 the columns."""
        photo, top, left, turn = place
        width, start = self.entries[photo, 1] // scale, self.entries[photo, 2] // scale**2
        line = torch.arange(size, device=self.device)[None]
        down = torch.where((turn >> 1 & 1).bool()[:, None], size - 1 - line, line)
        across = torch.where((turn >> 2 & 1).bool()[:, None], size - 1 - line, line)
        straight = down[:, :, None] * width[:, None, None] + across[:, None, :]
        turned = across[:, None, :] * width[:, None, None] + down[:, :, None]
        inside = torch.where((turn & 1).bool()[:, None, None], turned, straight)
        corner = start + top // scale * width + left // scale
        return self.plane(scale)[inside + corner[:, None, None]]

    def reduced(self, high: Tensor, size: int) -> Tensor:
        """float32 [N, H, H, 3] in whole numbers of [0, 255] -> [N, size, size, 3] likewise, as `reduction.reduced`."""
        key = high.shape[1], size
        if key not in self._matrices:
            self._matrices[key] = torch.from_numpy(reducing(*key)).to(self.device)
        line = self._matrices[key]
        rows = torch.floor(torch.einsum("oh,nhwc->nowc", line, high) + 0.5).clamp_(0, 255)
        return torch.floor(torch.einsum("ow,nhwc->nhoc", line, rows) + 0.5).clamp_(0, 255)

    def batch(self, scale: int, count: int, size: int) -> tuple[Tensor, Tensor]:
        """(LR [count, size, size, 3], HR [count, size*scale, size*scale, 3]) in 8-bit values, as `Patches.batch`."""
        around = (size + 2 * AROUND) * scale
        side = self.cut_side(around)
        if side > around:
            return self.shrunk(scale, count, size, side)
        place = self.places(count, size * scale)
        return self.cut(scale, place, size), self.cut(1, place, size * scale)

    def shrunk(self, scale: int, count: int, size: int, side: int) -> tuple[Tensor, Tensor]:
        """(LR [count, size, size, 3], HR [count, size*scale, size*scale, 3]), of patches of `side` HR pixels made
        smaller; whole numbers of [0, 255]."""
        around = size + 2 * AROUND
        high = self.reduced(self.cut(1, self.places(count, side), side).float(), around * scale)
        return without_edges(self.reduced(high, around), high, scale)


def to_network(patches: Tensor, channels: str) -> Tensor:
    """[N, H, W, 3] of 8-bit values -> float32 [N, C, H, W] as `patches.to_network`."""
    unit = patches.float() / 255
    if channels == "y":
        return (unit @ torch.from_numpy(Y_WEIGHTS).to(unit) + Y_OFFSET)[:, None]
    return unit.permute(0, 3, 1, 2)


class ResidentPairs:
    """`Pairs` of ResidentPatches."""

    def __init__(self, config: Config, patches: ResidentPatches):
        if config.degrade:
            raise ValueError(f"{config.id}: degraded pictures are made on the CPU, one by one")
        self.config, self.patches = config, patches
        self._axes: dict[tuple[int, int], Tensor] = {}

    def draw(self, scale: int, count: int, patch: int) -> tuple[Tensor, Tensor]:
        """A batch on the device; `patch` in pixels of the network's input."""
        channels, patches = self.config.channels, self.patches
        before = self.config.kind == "preUpsampled"
        size = patch // scale + 2 * MARGIN if before else patch
        low, high = (to_network(pixels, channels) for pixels in patches.batch(scale, count, size))
        if before:
            key = size - 2 * MARGIN, scale
            if key not in self._axes:
                self._axes[key] = torch.from_numpy(enlarging(*key)).to(low)
            line, cut = self._axes[key], MARGIN * scale
            low, high = line @ low @ line.T, high[:, :, cut:-cut, cut:-cut]
        return low.contiguous(), high.contiguous()


class ResidentAnyScalePairs(AnyScalePairs):
    """`AnyScalePairs` of ResidentPatches; all of a batch is on the device."""

    patches: ResidentPatches

    def __init__(self, patches: ResidentPatches, points: int, upper: float = 4.0, exact: float = 0.4,
                 beyond: float = 0.0):
        super().__init__(patches, points, upper, exact, beyond)

    def draw(self, count: int, patch: int) -> Batch:
        """As that of AnyScalePairs."""
        patches, size = self.patches, round(patch * self.scale())
        side = patches.cut_side(size)
        high = patches.cut(1, patches.places(count, side), side).float()
        high = patches.reduced(high, size) if side > size else high
        low = to_network(patches.reduced(high, patch), "rgb").contiguous()
        truth, scale = to_network(high, "rgb").contiguous(), size / patch
        full, chosen = axis(patch, size, scale).to(low), (self.pick(size), self.pick(size))
        return Batch(low, picked(truth, chosen), full.pick(chosen[0]), full.pick(chosen[1]),
                     cell((scale, scale)).to(low), scale, truth, chosen)

    def pick(self, size: int) -> Tensor:
        """Which rows (or columns) are asked for, in order."""
        device = self.patches.device
        if not self.points or self.points >= size:
            return torch.arange(size, device=device)
        drawn = torch.randperm(size, generator=self.patches.generator, device=device)
        return drawn[: self.points].sort()[0]

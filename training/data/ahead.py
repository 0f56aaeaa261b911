"""Batches drawn ahead of need by processes of their own: degraded pictures are made on the host one by one, and a GPU
would wait for them."""
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from torch.utils.data import DataLoader, IterableDataset, get_worker_info

from ..config import Config
from .implicit_pairs import AnyScalePairs, Batch
from .pack import Pack
from .patches import Patches

AHEAD = 4  # batches that each process keeps ready


def any_scale_pairs(config: Config, patches: Patches) -> AnyScalePairs:
    """What an any-scale run of this config draws from, on the host."""
    recipe = config.recipe
    return AnyScalePairs(patches, recipe.points, recipe.upper, recipe.exact_scales, recipe.beyond, config.degrade)


@dataclass(frozen=True)
class Drawing(IterableDataset):
    """Batches without end; another sequence in every process. `folder` is the pack's, which each process opens: a copy
    of it through a pipe would be gigabytes."""

    config: Config
    folder: Path
    seed: int
    count: int
    patch: int

    def __iter__(self):
        number = getattr(get_worker_info(), "id", 0)
        pairs = any_scale_pairs(self.config, Patches.of(self.config.recipe, Pack(self.folder), self.seed + number))
        while True:
            yield pairs.draw(self.count, self.patch)


class AnyScalePairsAhead:
    """`AnyScalePairs` whose batches come from `workers` processes."""

    def __init__(self, config: Config, patches: Patches, workers: int):
        self.config, self.patches, self.workers = config, patches, workers
        self.degrade = any_scale_pairs(config, patches).degrade
        self._drawn: tuple[int, int] | None = None  # count and patch of what is coming
        self._coming: Iterator[Batch] = iter(())

    def draw(self, count: int, patch: int) -> Batch:
        """The next batch that is ready. A change of `count` or `patch` ends the processes and starts others."""
        if self._drawn != (count, patch):
            self._coming = iter(())  # first: processes end with what they drew for
            seed = int(self.patches.random.integers(1 << 31))
            drawing = Drawing(self.config, self.patches.pack.folder, seed, count, patch)
            self._coming = iter(DataLoader(drawing, batch_size=None, num_workers=self.workers, prefetch_factor=AHEAD,
                                           multiprocessing_context="spawn"))  # forked ones would take CUDA's state along
            self._drawn = count, patch
        return next(self._coming)

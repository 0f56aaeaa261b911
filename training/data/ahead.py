"""Batches drawn ahead of need by processes of their own: degraded pictures are made on the host one by one, and a GPU
would wait for them."""
from dataclasses import dataclass

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
    """Batches without end; another sequence in every process. The pack is opened in the process: a copy of it through
    a pipe would be gigabytes."""

    config: Config
    pack: Pack
    seed: int
    count: int
    patch: int

    def __iter__(self):
        number = getattr(get_worker_info(), "id", 0)
        pairs = any_scale_pairs(self.config, Patches(Pack(self.pack.folder), self.seed + number, self.config.recipe.large))
        while True:
            yield pairs.draw(self.count, self.patch)

    def __getstate__(self) -> dict:
        return {**self.__dict__, "pack": _Folder(self.pack.folder)}


@dataclass(frozen=True)
class _Folder:
    """Of a pack that is not open."""

    folder: object


class AnyScalePairsAhead(AnyScalePairs):
    """`AnyScalePairs` whose batches come from `workers` processes."""

    def __init__(self, config: Config, patches: Patches, workers: int):
        recipe = config.recipe
        super().__init__(patches, recipe.points, recipe.upper, recipe.exact_scales, recipe.beyond, config.degrade)
        self.config, self.workers = config, workers
        self._streams: dict[tuple[int, int], object] = {}

    def draw(self, count: int, patch: int) -> Batch:
        """The next batch that is ready. A change of `count` or `patch` ends the processes and starts others."""
        if (count, patch) not in self._streams:
            self._streams.clear()
            seed = int(self.patches.random.integers(1 << 31))
            drawing = Drawing(self.config, self.patches.pack, seed, count, patch)
            loader = DataLoader(drawing, batch_size=None, num_workers=self.workers, prefetch_factor=AHEAD,
                                multiprocessing_context="spawn")  # forked processes would take CUDA's state along
            self._streams[count, patch] = iter(loader)
        return next(self._streams[count, patch])

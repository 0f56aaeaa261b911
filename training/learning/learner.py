"""A network with its data and its objective: what one step of its training is made of."""
from pathlib import Path

import torch
from torch import Tensor, nn

from .. import paths
from ..architectures import built
from ..config import Config
from ..data.pack import Pack
from ..data.pairs import Pairs
from ..data.patches import Patches
from ..data.resident import ResidentPairs, ResidentPatches
from ..measure.runners import torch_runner
from .captured import Captured
from .device import has_bf16, has_room
from .objective import Objective
from .team import ALONE, Team

EMBEDDING = 24  # small pictures that an embedding is fitted on: 1,600 pixels each for 1,729 unknowns a channel


class Learner:
    """A network at fixed scales; other kinds override what is theirs. It knows no time and writes no file: a `Run` is
    a learner with a clock. `workers`: processes that make degraded pictures ahead, where a kind of network can."""

    can_capture = True  # a step's shapes and scale come again, so that on a GPU it is recorded once, see captured.py

    def __init__(self, config: Config, task: str, scales: tuple[int, ...], device: str, pack: Pack,
                 data: Path = paths.DATA, team: Team = ALONE, workers: int = 0):
        self.config, self.task, self.scales, self.device, self.data = config, task, scales, device, data
        self.team, self.kind, self.workers = team, torch.device(device).type, workers
        self.recipe = config.recipe
        if foreign := sorted(set(self.recipe.turns) - set(scales)):
            raise SystemExit(f"{task}: turns of x{', x'.join(map(str, foreign))} in its recipe; it trains "
                             f"x{', x'.join(map(str, scales))}")
        self.half = self.recipe.half and has_bf16(device)
        torch.manual_seed(self.recipe.seed)
        self.module = built(config, scales)
        self.pairs = self.pairing(self._patches(pack))
        self.format = torch.channels_last if self.recipe.channels_last else torch.contiguous_format
        self.objective: Objective  # from when the network is on its device
        self.capturing = (self.can_capture and self.recipe.capture and self.kind == "cuda" and team is ALONE
                          and not self.recipe.adversarial)
        self._captured: dict[tuple, Captured] = {}

    def seed(self) -> int:
        """Of the next patches: other ones in every run and every process."""
        return self.recipe.seed + self.turn + 1_000_003 * self.team.rank

    def _patches(self, pack: Pack) -> Patches | ResidentPatches:
        """Photographs in a GPU's memory where they have room there; degradations are made on the host."""
        patches = Patches.of(self.recipe, pack, self.seed())
        resident = self.kind == "cuda" and not self.config.degrade
        if resident and not has_room(sum(plane.nbytes for plane in pack.planes.values()), self.device):
            print(f"{self.task}: the photographs have no room on the device; pairs are made on the host", flush=True)
            resident = False
        return ResidentPatches(patches, self.device) if resident else patches

    def pairing(self, patches: Patches | ResidentPatches) -> Pairs | ResidentPairs:
        """What its batches are drawn from."""
        kind = ResidentPairs if isinstance(patches, ResidentPatches) else Pairs
        return kind(self.config, patches)

    def train_mode(self) -> None:
        """As for training; normalisations that are frozen keep the statistics they have."""
        self.module.train()
        for layer in self.module.modules():
            if self.recipe.frozen_norm and isinstance(layer, nn.BatchNorm2d):
                layer.eval()

    def pictures(self) -> Tensor:
        """Small pictures [N, C, h, w] as the network will see them, on the CPU."""
        drawn = [self.pairs.draw(scale, EMBEDDING // len(self.scales), self.recipe.patch)[0] for scale in self.scales]
        return torch.cat(drawn).cpu()  # where the network still is

    def freeze(self) -> None:
        """Keep what the config says does not learn."""
        if self.config.learns:
            self.module.requires_grad_(False)
            self.module.get_submodule(self.config.learns).requires_grad_(True)
        if self.config.frozen:
            self.module.get_submodule(self.config.frozen).requires_grad_(False)

    def learning(self) -> list[nn.Parameter]:
        """The parameters that learn."""
        return [parameter for parameter in self.module.parameters() if parameter.requires_grad]

    def is_sound(self) -> bool:
        """Whether all weights are numbers; waits for the device."""
        return all(bool(value.isfinite().all()) for value in self.module.state_dict().values())

    @property
    def turn(self) -> int:
        """Whose turn it is of the scales: the number of this step."""
        raise NotImplementedError

    def gradients(self, half: bool, fraction: float) -> tuple[Tensor, tuple[Tensor, Tensor] | None]:
        """The loss of a new batch, whose gradients then lie in `.grad`, and what the opponent is to tell apart."""
        batch = self.batch(fraction)
        if self.capturing:
            try:
                return self._replayed(batch, half, fraction), None
            except RuntimeError as error:
                self.capturing = False
                print(f"{self.task}: its steps cannot be recorded ({str(error).splitlines()[0]}); they run one kernel "
                      "after the other", flush=True)
        loss, pair = self.loss(batch, half, fraction)
        self.module.zero_grad(set_to_none=True)
        loss.backward()
        return loss, pair

    def _replayed(self, batch: tuple[int, Tensor, Tensor], half: bool, fraction: float) -> Tensor:
        scale, x, truth = batch
        key = scale, x.shape, half, fraction >= self.recipe.finish_from
        if key not in self._captured:
            self._captured[key] = Captured(lambda x, truth: self.loss((scale, x, truth), half, fraction)[0],
                                           (x, truth), self.learning())
        return self._captured[key]((x, truth))

    def batch_at(self, fraction: float) -> int:
        """Pictures of this process's batches: larger ones towards the end, where the recipe says so."""
        late = self.recipe.late_batch and fraction >= self.recipe.late_from
        return self.team.share(self.recipe.late_batch if late else self.recipe.batch)

    def batch(self, fraction: float) -> tuple[int, Tensor, Tensor]:
        """A new batch on the device: (scale, pictures, what is true)."""
        turns = self.recipe.turns or self.scales
        scale = turns[self.turn % len(turns)]
        x, truth = self.pairs.draw(scale, self.batch_at(fraction), self.recipe.patch)
        return scale, x.to(self.device).contiguous(memory_format=self.format), truth.to(self.device)

    def loss(self, batch: tuple[int, Tensor, Tensor], half: bool, fraction: float
             ) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        """The loss of a batch, in bf16 where `half`, and what the opponent is to tell apart: (result, truth)."""
        scale, x, truth = batch
        with torch.autocast(self.kind, torch.bfloat16, enabled=half):
            result = self.module(x, scale) if self.config.together else self.module(x)
        result = result.float()
        with torch.autocast(self.kind, torch.bfloat16, enabled=half and self.objective.opponent is not None):
            return self.objective.generator(result, truth, fraction), (result, truth)

    def runner(self, scale: int):
        """The module at a scale as a function of arrays [1, C, H, W]."""
        return torch_runner(self.module, scale, self.config.together, self.device)

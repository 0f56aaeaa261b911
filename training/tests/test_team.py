"""Several processes that train one network: what they do together is what one does alone."""
import dataclasses
import json
import os
import subprocess
import sys

import pytest
import torch

from training import paths
from training.config import load
from training.learning.implicit_run import ImplicitRun
from training.learning.run import Run
from training.learning.team import ALONE, Team, joined
from training.paths import REPOSITORY
from training.tests.conftest import drawn

STEPS = 4


def fixed_run(team: Team, folder) -> Run:
    """A run whose pictures are the same wherever they are drawn: of a batch of four, each process has its own."""
    paths.RUNS = folder
    recipe = dataclasses.replace(load("espcn").recipe, batch=4, patch=12, half=False, warmup=0)
    config = dataclasses.replace(load("espcn"), start=(), recipe=recipe)

    class Fixed:
        class patches:  # as a checkpoint wants them
            state = staticmethod(lambda: "{}")

        def draw(self, scale: int, count: int, patch: int):
            pictures = [torch.from_numpy(drawn(seed, patch, patch)).float() / 255 for seed in range(4)]
            low = torch.stack([picture[None, :, :, 0] for picture in pictures])
            high = torch.nn.functional.interpolate(low, scale_factor=scale)
            part = slice(team.rank * count, (team.rank + 1) * count)
            return low[part], high[part]

    class FixedRun(Run):
        def _patches(self, pack):
            return None

        def pairing(self, patches):
            return Fixed()

    run = FixedRun(config, f"espcn-{team.size}", (2,), "cpu", None, folder, team)
    run.begin(1, False)
    return run


def stepped(team: Team, folder) -> dict:
    """The first batch's averaged gradients, then the weights after a few steps."""
    run = fixed_run(team, folder)
    run.loss(run.batch(0.0), False, 0.0)[0].backward()
    team.average_gradients(run.module.parameters())
    gradients = {name: parameter.grad.flatten().tolist() for name, parameter in run.module.named_parameters()}
    if team.rank:  # the followers' clocks are another's: only the leader's counts
        run.clock.started -= 30
    for _ in range(STEPS):
        run.step(*team.agree(run.clock.fraction))
    return {"gradients": gradients, "weights": {n: t.flatten().tolist() for n, t in run.module.state_dict().items()}}


def test_two_processes_take_the_step_of_the_whole_batch(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "RUNS", paths.RUNS)  # given back afterwards
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2", "-m",
               "training.tests.test_team", str(tmp_path)]
    subprocess.run(command, cwd=REPOSITORY, check=True, timeout=300, env=os.environ | {"OMP_NUM_THREADS": "1"})
    first, second = (json.loads((tmp_path / f"rank{rank}.json").read_text()) for rank in range(2))
    assert first == second  # to the last bit, though their clocks are half a run apart
    alone = stepped(ALONE, tmp_path)
    for name, value in alone["gradients"].items():
        assert max(map(abs, value)) > 1e-6 and value == pytest.approx(first["gradients"][name], abs=1e-6), name
    start = {name: value.flatten().tolist() for name, value in fixed_run(ALONE, tmp_path).module.state_dict().items()}
    assert all(value != start[name] for name, value in first["weights"].items())


def test_a_batch_that_cannot_be_shared_is_refused():
    assert Team(1, 4).share(8) == 2
    with pytest.raises(SystemExit, match="batch of 8 cannot be shared by 3"):
        Team(0, 3).share(8)


def test_processes_draw_other_patches(small_pack, tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "RUNS", tmp_path)
    config = dataclasses.replace(load("enlarger-fast"), sizes={"width": 8, "blocks": 1, "head": 16, "basis": 4})
    runs = [ImplicitRun(config, "t", config.scales, "cpu", small_pack, tmp_path, Team(rank, 1)) for rank in range(2)]
    first, second = (run.pairs.draw(2, 24).low for run in runs)
    assert first.shape != second.shape or not torch.equal(first, second)


if __name__ == "__main__":
    from pathlib import Path

    mine, _ = joined("cpu")
    out = Path(sys.argv[1])
    (out / f"rank{mine.rank}.json").write_text(json.dumps(stepped(mine, out)))

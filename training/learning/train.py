"""A task trained to its end."""
import json
import signal
import time
from contextlib import nullcontext
from pathlib import Path

from ..config import Config
from ..data.pack import open_pack
from ..paths import DATA
from .fusion_run import FusionRun
from .implicit_run import ImplicitRun
from .lock import locked
from .run import Run
from .team import ALONE, Team

LOG_SECONDS, SAVE_SECONDS = 30, 60
FALLS_AT_MOST = 3  # of weights that became no numbers, in one run


def run_kind(config: Config) -> type[Run]:
    """The class that trains a model of this kind."""
    if config.arch == "liifusion":
        return FusionRun
    return ImplicitRun if config.kind == "implicit" else Run


def train(config: Config, task: str, scales: tuple[int, ...], minutes: float, device: str, resume: bool,
          data: Path = DATA, encoder: str = "", team: Team = ALONE, workers: int = 0) -> dict:
    """Run one task to its end or until SIGTERM; its record, which is also in `record.json` of its folder."""
    with locked(task) if team.leads else nullcontext():
        run = run_kind(config)(config, task, scales, device, open_pack(data), data, team, workers)
        run.begin(minutes, resume, encoder)
        stopped = []
        before = signal.signal(signal.SIGTERM, lambda *_: stopped.append(True))
        try:
            to_the_end(run, stopped)
            record = run.books.record(task)
            if team.leads:
                record = run.books.record(task) if stopped else run.finish()
                run.save()
                (run.folder / "record.json").write_text(json.dumps(record, indent=1))
            team.agree(0.0)  # nobody leaves while the leader still looks
        finally:
            signal.signal(signal.SIGTERM, before)
        return record


def to_the_end(run: Run, stopped: list[bool]) -> None:
    """Step, log, save and look until the run's minutes are over or somebody wants it stopped."""
    team, falls = run.team, 0
    saved = logged = looked = time.monotonic()
    pause = 60 * run.recipe.validate_minutes
    while True:
        now = time.monotonic()
        due = [bool(stopped), now - logged >= LOG_SECONDS, now - saved >= SAVE_SECONDS, 0 < pause <= now - looked]
        fraction, *due = team.agree(run.clock.fraction, *map(float, due))
        stop, log, save, look = map(bool, due)
        if stop:
            stopped[:] = [True]
        if stop or fraction >= 1:
            return
        loss = run.step(fraction)
        if not (log or save or look):
            continue
        if not run.is_sound():
            falls += 1
            if falls > FALLS_AT_MOST:
                raise SystemExit(f"{run.task}: gave up after {FALLS_AT_MOST} returns to the last checkpoint")
            run.fall_back()
            saved = logged = now
            continue
        if team.leads and log:
            run.log(float(loss))
        if team.leads and save:
            run.save()
        if team.leads and look:
            run.validate()
        logged, saved = now if log else logged, now if save else saved
        looked = time.monotonic() if look else looked

"""A task trained to its end."""
import json
import signal
import time
from pathlib import Path

from ..config import Config
from ..data.pack import open_pack
from ..paths import DATA
from .fusion_run import FusionRun
from .implicit_run import ImplicitRun
from .lock import locked
from .run import Run


def train(config: Config, task: str, scales: tuple[int, ...], minutes: float, device: str, resume: bool,
          data: Path = DATA) -> dict:
    """Run one task to its end or until SIGTERM; its record, which is also in `runs/<task>/record.json`."""
    with locked(task):
        return train_alone(config, task, scales, minutes, device, resume, data)


def run_kind(config: Config) -> type[Run]:
    """The class that trains a model of this kind."""
    if config.arch == "liifusion":
        return FusionRun
    return ImplicitRun if config.kind == "implicit" else Run


def train_alone(config: Config, task: str, scales: tuple[int, ...], minutes: float, device: str, resume: bool,
                data: Path) -> dict:
    """`train` for the one process that holds the task's lock."""
    run = run_kind(config)(config, task, scales, device, open_pack(data), data)
    run.begin(minutes, resume)
    stopped = []
    before = signal.signal(signal.SIGTERM, lambda *_: stopped.append(True))
    try:
        last_save = last_log = last_look = time.monotonic()
        while run.clock.fraction < 1 and not stopped:
            loss = run.step()
            now = time.monotonic()
            if now - last_log >= 30:
                run.log(float(loss))
                last_log = now
            if now - last_save >= 60:
                run.save()
                last_save = now
            pause = 60 * config.recipe.validate_minutes
            if pause and now - last_look >= pause:
                run.look()
                last_look = time.monotonic()
        record = run.finish() if not stopped else run.record()
        run.save()
        (run.folder / "record.json").write_text(json.dumps(record, indent=1))
    finally:
        signal.signal(signal.SIGTERM, before)
    return record

"""Train one model for a bounded time: `python -m training.train --config fsrcnn --scale 3 --minutes 10 --resume`."""
import argparse
import json
import signal
import time
from pathlib import Path

import torch

from .config import Config, load
from .data.pack import open_pack
from .implicit.fusion import FusionRun
from .implicit.run import ImplicitRun
from .lock import locked
from .paths import DATA
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
        while run.fraction < 1 and not stopped:
            loss = run.step()
            now = time.monotonic()
            if now - last_log >= 30:
                run.log(loss)
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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--config", required=True)
    parser.add_argument("--minutes", type=float, required=True, help="for each run; a model may have one a scale")
    parser.add_argument("--scale", type=int, help="only this scale of a model with one set of weights a scale")
    parser.add_argument("--device", default="cpu", choices=("cpu", "cuda"))
    parser.add_argument("--resume", action="store_true", help="go on from the checkpoint, else the committed model")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--data", type=Path, default=DATA)
    wanted = parser.parse_args()
    torch.set_num_threads(wanted.threads)
    config = load(wanted.config)
    for task, scales in config.tasks():
        if config.together or wanted.scale in (None, scales[0]):
            print(json.dumps(train(config, task, scales, wanted.minutes, wanted.device, wanted.resume, wanted.data)))


if __name__ == "__main__":
    main()

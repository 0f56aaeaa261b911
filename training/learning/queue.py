"""Train what helps most next: `python -m training.queue --minutes N`.

Each turn goes to the item of queue.toml whose share of the minutes is furthest from used up; it goes on from its
checkpoint and is bundled when its validation figure got better. Killed at any point, it loses a minute.
"""
import argparse
import json
import signal
import subprocess
import sys
import time
import tomllib
from pathlib import Path

from .. import paths
from ..config import Config, load
from ..paths import DATA, REPOSITORY, TRAINING
from .lock import busy


def minutes_had(config: Config) -> float:
    """Wall minutes of training this model has had, from the records of its runs or else its manifest."""
    found = 0.0
    for task, _ in config.tasks():
        path = paths.RUNS / task / "record.json"
        if path.exists():
            found += json.loads(path.read_text())["minutes"]
    manifest = paths.MODELS / config.id / "manifest.json"
    if not found and manifest.exists():
        return float(json.loads(manifest.read_text())["training"]["minutes"])
    return found


def ready(item: dict) -> bool:
    """Whether what the item starts from is bundled and no other process trains it."""
    if any(busy(task) for task, _ in load(item["config"]).tasks()):
        return False
    return not item.get("after") or (paths.MODELS / item["after"] / "manifest.json").exists()


def choose(items: list[dict], only: list[str]) -> dict:
    """The item whose share would be used up earliest by its next turn; ties go to the earlier one. (Not the one that
    had least: a new item of little weight would always come before an old one of much.)"""
    open_items = [i for i in items if ready(i) and (not only or i["config"] in only)]
    if not open_items:
        raise SystemExit("nothing in the queue can be trained: see `after` in training/queue.toml")
    return min(open_items, key=lambda item: (minutes_had(load(item["config"])) + item["round"]) / item["weight"])


def call(module: str, *arguments: str) -> int:
    """Run a module of this package as its own process, so that its memory ends with it; ended with the queue."""
    with subprocess.Popen([sys.executable, "-m", f"training.{module}", *arguments], cwd=REPOSITORY) as child:
        try:
            return child.wait()
        except SystemExit:  # raised by the queue's own SIGTERM: the trainer saves and stops
            child.terminate()
            raise


def turn(item: dict, left: float, device: str, threads: int, data: Path) -> bool:
    """One turn of an item, not longer than `left` minutes; whether it went well."""
    config = load(item["config"])
    tasks = config.tasks()
    minutes = min(float(item["round"]), left) / len(tasks)
    arguments = ["--config", config.id, "--minutes", f"{minutes:.2f}", "--device", device, "--threads", str(threads),
                 "--data", str(data), "--resume"]
    return call("train", *arguments) == 0 and call("export", "--config", config.id, "--data", str(data)) == 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, required=True)
    parser.add_argument("--device", default="cpu", choices=("cpu", "cuda"))
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--only", default="", help="ids of configs, separated by commas")
    parser.add_argument("--data", type=Path, default=DATA)
    wanted = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    items = tomllib.loads((TRAINING / "queue.toml").read_text())["item"]
    only = [name for name in wanted.only.split(",") if name]
    end = time.monotonic() + 60 * wanted.minutes
    failed: set[str] = set()
    while (left := (end - time.monotonic()) / 60) > 1:
        waiting = [item for item in items if item["config"] not in failed]
        item = choose(waiting, only)
        print(f"queue: {item['config']}, {left:.0f} minutes left", flush=True)
        if not turn(item, left, wanted.device, wanted.threads, wanted.data):
            print(f"queue: {item['config']} failed and is left out of this run", flush=True)
            failed.add(item["config"])


if __name__ == "__main__":
    main()

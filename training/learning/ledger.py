"""What was done of a plan, beside the runs."""
import json
import os
import threading
import time
from pathlib import Path

from .. import paths
from .plan import Job
from .weights import committed_account, further_kept


def minutes_had(model: str, task: str) -> float:
    """Wall minutes of the closed runs that a task goes on from."""
    record = paths.RUNS / task / "record.json"
    if record.exists():
        return float(json.loads(record.read_text())["minutes"])
    kept = further_kept(model, task)
    return float(kept["minutes"] if kept else committed_account(model, task).get("minutes", 0.0))


class Ledger:
    """What was done of a plan, on disk: a job is written down before it is begun."""

    def __init__(self, path: Path):
        self.path = path
        self.jobs: dict[str, dict] = json.loads(path.read_text()) if path.exists() else {}
        self.lock = threading.Lock()

    def done(self) -> set[str]:
        """Keys of the jobs that were trained and bundled."""
        return {key for key, entry in self.jobs.items() if entry["done"]}

    def begun(self, job: Job, minutes: float) -> dict:
        """The job's entry, made now where it is new: how long each of its tasks may train, and had before."""
        if job.key not in self.jobs:
            config = job.loaded()
            tasks = [task for task, _ in config.tasks()]
            had = {task: 0.0 if job.fresh else minutes_had(config.id, task) for task in tasks}
            self.jobs[job.key] = {"minutes": minutes / len(tasks), "had": had, "since": time.time(), "done": False}
            self.write()
        return self.jobs[job.key]

    def close(self, job: Job) -> None:
        """The job is done."""
        self.jobs[job.key]["done"] = True
        self.write()

    def write(self) -> None:
        """Beside the old one, then over it."""
        with self.lock:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            part = self.path.with_suffix(".part")
            part.write_text(json.dumps(self.jobs, indent=1))
            os.replace(part, self.path)

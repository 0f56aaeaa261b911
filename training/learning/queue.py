"""Work through a plan: `python -m training.queue --hours N [--plan FILE] [--device cuda] [--keep] [--no-export]
[--list]`.

Each job is one run with one cosine over its hours, because many short restarts cost what they train; then it is bundled
where it validates better. What was done is written down beside the runs: stopped or killed at any point, the next call
goes on where it was, in the middle of a run at its place in the schedule.
"""
import argparse
import json
import signal
import threading
import time
from pathlib import Path

from .. import paths
from ..paths import DATA, TRAINING
from .commands import Commands
from .ledger import Ledger, minutes_had
from .lock import busy
from .plan import Job, next_jobs, read_plan, waiting_for

TOO_SHORT = 0.2  # of a job's minutes: what is left of it is not worth a restart of its own
POLL_SECONDS = 1.0


class Queue:
    """Works a plan's lanes side by side for `hours`."""

    def __init__(self, jobs: list[Job], ledger: Ledger, call: Commands, hours: float, device: str = "cpu", threads: int = 1,
                 data: Path = DATA, keep: bool = False, export: bool = True):
        self.jobs, self.ledger, self.call, self.minutes = jobs, ledger, call, 60 * hours
        self.device, self.threads, self.data, self.keep, self.export = device, threads, data, keep, export
        self.failed: set[str] = set()
        self.started = time.monotonic()
        self.stopped = call.stopped

    def passed(self) -> float:
        """Minutes of this call so far."""
        return (time.monotonic() - self.started) / 60

    def work(self) -> None:
        """Until all is done, nothing more can be, or the hours are over."""
        lanes: dict[int, threading.Thread] = {}
        while not self.stopped.is_set():
            lanes = {lane: thread for lane, thread in lanes.items() if thread.is_alive()}
            if self.passed() >= self.minutes:
                break
            for job in self.ready(set(lanes)):
                lanes[job.lane] = threading.Thread(target=self.turn, args=(job,), name=job.key)
                lanes[job.lane].start()
            if not lanes and not self.held():
                break
            self.stopped.wait(min(POLL_SECONDS, max(0.0, 60 * (self.minutes - self.passed()))))
        self.call.stop()
        for thread in lanes.values():
            thread.join()

    def open(self) -> list[Job]:
        """What each lane would do next."""
        return [job for job in next_jobs(self.jobs, self.ledger.done()) if job.key not in self.failed]

    def ready(self, taken: set[int]) -> list[Job]:
        """Those of them that can begin, in lanes that nothing runs in."""
        found = []
        for job in self.open():
            waits = waiting_for(job, self.jobs, self.ledger.done()) or self._is_busy(job)
            if job.lane not in taken and not waits:
                found.append(job)
        return found

    def held(self) -> bool:
        """Whether a job only waits for a process that is not of this queue."""
        return any(self._is_busy(job) for job in self.open()
                   if not waiting_for(job, self.jobs, self.ledger.done()))

    def _is_busy(self, job: Job) -> bool:
        return any(busy(task) for task, _ in job.loaded().tasks())

    def turn(self, job: Job) -> None:
        """A job, from where it is to its end."""
        minutes = job.minutes(self.minutes, self.passed())
        if minutes <= 0 and job.key not in self.ledger.jobs:
            print(f"queue: {job.key} has no time left", flush=True)
            self.failed.add(job.key)
            return
        entry = self.ledger.begun(job, minutes)
        config = job.loaded()
        for task, scales in config.tasks():
            while (left := self.left(job, entry, task)) > 0:
                print(f"queue: {task}, {left:.1f} minutes", flush=True)
                status = self.call("train", *self.arguments(job, entry, task, scales, left))
                if self.stopped.is_set():
                    return
                if status or self.left(job, entry, task) >= left:
                    print(f"queue: {job.key} failed and is left out of this call", flush=True)
                    self.failed.add(job.key)
                    return
        status = self.call("export", "--config", config.id, "--data", str(self.data)) if self.export else 0
        if not status and self.keep:
            status = self.call("keep", "--config", config.id)
        if self.stopped.is_set():
            return
        if status:
            print(f"queue: {job.key} was trained, but not bundled", flush=True)
            self.failed.add(job.key)
            return
        self.ledger.close(job)

    def left(self, job: Job, entry: dict, task: str) -> float:
        """Minutes that a task of a begun job has still to train, 0 where they are too few for a restart."""
        record = paths.RUNS / task / "record.json"
        fresh_and_new = job.fresh and not self._is_of(record, entry)
        had = entry["had"][task] if fresh_and_new else minutes_had(job.config, task)
        left = entry["minutes"] - (had - entry["had"][task])
        return left if left > TOO_SHORT * entry["minutes"] else 0.0

    @staticmethod
    def _is_of(path: Path, entry: dict) -> bool:
        """Whether a file was written by this job."""
        return path.exists() and path.stat().st_mtime >= entry["since"]

    def arguments(self, job: Job, entry: dict, task: str, scales: tuple[int, ...], minutes: float) -> list[str]:
        """Of `training.train` for one task."""
        found = ["--config", job.config, "--minutes", f"{minutes:.3f}", "--device", self.device, "--threads",
                 str(self.threads), "--data", str(self.data), "--scale", str(scales[0])]
        # A fresh run that was cut off is gone on with; a checkpoint that was there before it is not.
        if not job.fresh or self._is_of(paths.RUNS / task / "checkpoint.pt", entry):
            found.append("--resume")
        if job.encoder:
            found += ["--encoder", job.encoder]
        if job.start is not None:
            found += ["--start", ",".join(job.start)]
        if job.workers:
            found += ["--workers", str(job.workers)]
        if job.set:
            found += ["--set", json.dumps(job.set)]
        return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--hours", type=float, help="of this call; what is not done then is gone on with by the next")
    parser.add_argument("--plan", type=Path, default=TRAINING / "plan.toml")
    parser.add_argument("--device", default="cpu", choices=("cpu", "cuda"))
    parser.add_argument("--threads", type=int, default=1, help="of each lane")
    parser.add_argument("--keep", action="store_true", help="keep every run in the work tree, small")
    parser.add_argument("--no-export", dest="export", action="store_false", help="bundle nothing: where it was only "
                        "borrowed to train, with --keep")
    parser.add_argument("--list", action="store_true", help="only say what is done")
    parser.add_argument("--data", type=Path, default=DATA)
    wanted = parser.parse_args()
    jobs = read_plan(wanted.plan)
    ledger = Ledger(paths.RUNS / "plans" / f"{wanted.plan.stem}.json")
    if wanted.list:
        for job in jobs:
            entry = ledger.jobs.get(job.key)
            state = "waits" if entry is None else "done" if entry["done"] else "begun"
            length = f"{job.hours:g} h" if job.hours else f"to {job.to:g} of the time"
            print(f"lane {job.lane + 1}  {job.key:24} {length:18} {state}")
        return
    if not wanted.hours:
        raise SystemExit("--hours: how long may it take? What is not done then is gone on with by the next call")
    commands = Commands()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: commands.stop())
    Queue(jobs, ledger, commands, wanted.hours, wanted.device, wanted.threads, wanted.data, wanted.keep,
          wanted.export).work()

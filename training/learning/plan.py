"""A plan of training: which config for how many hours after what, in lanes that run side by side.

    [[lane]]              # a core, or a share of the one GPU; its jobs run one after the other
    [[lane.job]]
    config = "lte"
    hours = 2.5           # one run, one cosine; or `to = 0.5`: until this share of the queue's hours is over
    after = ["edsr"]      # configs whose jobs must be done first
    encoder = "edsr"      # the source of the encoder that the new run stands on
    fresh = true          # begins as `start` says, not from what there is
    start = ["edsr"]      # instead of the config's
    set = {batch = 16}    # fields of the recipe
    workers = 8           # processes that make degraded pictures ahead
"""
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from ..config import Config, load

FIELDS = {"config", "hours", "to", "after", "encoder", "fresh", "start", "set", "workers"}


@dataclass(frozen=True)
class Job:
    """One config's turn. `key` names it in the plan: a config may have several."""

    key: str
    lane: int
    config: str
    hours: float = 0.0
    to: float = 0.0
    after: tuple[str, ...] = ()
    encoder: str = ""
    fresh: bool = False
    start: tuple[str, ...] | None = None
    set: dict = field(default_factory=dict)
    workers: int = 0

    def loaded(self) -> Config:
        """Its config."""
        return load(self.config)

    def minutes(self, whole: float, passed: float) -> float:
        """What it may train, in minutes: its hours, or up to its share of the queue's `whole` minutes, of which
        `passed` are over."""
        return 60 * self.hours if self.hours else self.to * whole - passed


def read_plan(path: Path) -> list[Job]:
    """The jobs of a plan, lane by lane; SystemExit names what is wrong with it."""
    if not path.exists():
        raise SystemExit(f"no plan at {path}")
    jobs: list[Job] = []
    for lane, entry in enumerate(tomllib.loads(path.read_text()).get("lane", [])):
        for raw in entry.get("job", []):
            name = raw.get("config", "")
            if wrong := sorted(raw.keys() - FIELDS):
                raise SystemExit(f"{path}: job {name!r} has {', '.join(wrong)}; a job has {', '.join(sorted(FIELDS))}")
            if (raw.get("hours", 0) > 0) == (raw.get("to", 0) > 0):
                raise SystemExit(f"{path}: job {name!r} wants either `hours` or `to`, above 0")
            load(name).changed(raw.get("set", {}))  # complains of what does not exist
            number = sum(job.config == name for job in jobs)
            start = tuple(raw["start"]) if "start" in raw else None
            given = raw | {"after": tuple(raw.get("after", ())), "start": start}
            jobs.append(Job(f"{name} {number + 1}", lane, **given))
    _check_order(path, jobs)
    return jobs


def _check_order(path: Path, jobs: list[Job]) -> None:
    """Everything can be reached by doing what is ready, one after the other."""
    done: set[str] = set()
    while ready := [job for job in next_jobs(jobs, done) if not waiting_for(job, jobs, done)]:
        done |= {job.key for job in ready}
    if stuck := [job.key for job in jobs if job.key not in done]:
        raise SystemExit(f"{path}: these wait for each other: {', '.join(stuck)}")


def next_jobs(jobs: list[Job], done: set[str]) -> list[Job]:
    """The first job of each lane that is not done."""
    first: dict[int, Job] = {}
    for job in jobs:
        if job.key not in done:
            first.setdefault(job.lane, job)
    return list(first.values())


def waiting_for(job: Job, jobs: list[Job], done: set[str]) -> list[str]:
    """Keys of the jobs that must be done first."""
    return [other.key for other in jobs if other.config in job.after and other.key not in done and other != job]

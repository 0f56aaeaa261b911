"""The plan and the queue that works through it: in order, side by side, and on from where it was."""
import json
import threading

import pytest
import tomllib

from training import paths
from training.learning import lock
from training.learning.commands import Commands
from training.learning.ledger import Ledger, minutes_had
from training.learning.plan import next_jobs, read_plan, waiting_for
from training.learning.queue import Queue
from training.paths import TRAINING

PLAN = """
[[lane]]
[[lane.job]]
config = "edsr"
hours = 2
[[lane.job]]
config = "lte"
hours = 1
after = ["edsr"]
encoder = "edsr"
[[lane]]
[[lane.job]]
config = "srresnet"
hours = 1
after = ["edsr"]
fresh = true
set = {batch = 4}
"""


@pytest.fixture
def plan(tmp_path, monkeypatch):
    for name in ("RUNS", "KEPT", "MODELS"):
        monkeypatch.setattr(paths, name, tmp_path / name.lower())
    path = tmp_path / "plan.toml"
    path.write_text(PLAN)
    return path


class Trainer(Commands):
    """Stands for the processes: a training run closes its books, unless it is to be cut off or to fail."""

    def __init__(self):
        super().__init__()
        self.calls: list[list[str]] = []
        self.cut_off, self.fails = set(), set()

    def __call__(self, module: str, *arguments: str) -> int:
        options = dict(zip(arguments[::2], arguments[1::2]))
        config = options["--config"]
        self.calls.append([module, config, *arguments])
        if config in self.fails:
            return 1
        if module == "train":
            if config in self.cut_off:
                raise InterruptedError
            task = f"{config}-x{options['--scale']}" if config in ("srresnet", "fsrcnn") else config
            had = minutes_had(config, task)
            folder = paths.RUNS / task
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "record.json").write_text(json.dumps({"minutes": had + float(options["--minutes"])}))
        return 0

    def trained(self) -> list[tuple[str, float, bool]]:
        """(config, minutes, whether resumed) of every training run."""
        return [(call[1], float(call[call.index("--minutes") + 1]), "--resume" in call)
                for call in self.calls if call[0] == "train"]


def queue_of(plan, trainer, hours: float = 10) -> Queue:
    return Queue(read_plan(plan), Ledger(plan.with_suffix(".json")), trainer, hours)


def test_jobs_wait_for_what_they_come_after(plan):
    jobs = read_plan(plan)
    assert [job.key for job in next_jobs(jobs, set())] == ["edsr 1", "srresnet 1"]
    assert waiting_for(jobs[2], jobs, set()) == ["edsr 1"]
    assert [job.key for job in next_jobs(jobs, {"edsr 1"})] == ["lte 1", "srresnet 1"]
    assert waiting_for(jobs[2], jobs, {"edsr 1"}) == []


def test_a_plan_is_worked_through_once(plan):
    trainer = Trainer()
    queue_of(plan, trainer).work()
    assert trainer.trained()[0] == ("edsr", 120.0, True)
    assert sorted(trainer.trained()[1:]) == [("lte", 60.0, True), ("srresnet", 60.0, False)]
    assert [call[1] for call in trainer.calls if call[0] == "export"].count("lte") == 1
    (lte,) = [call for call in trainer.calls if call[:2] == ["train", "lte"]]
    assert lte[lte.index("--encoder") + 1] == "edsr"
    (srresnet,) = [call for call in trainer.calls if call[:2] == ["train", "srresnet"]]
    assert json.loads(srresnet[srresnet.index("--set") + 1]) == {"batch": 4}
    again = Trainer()
    queue_of(plan, again).work()
    assert again.calls == []


def test_a_job_that_was_killed_goes_on_and_is_not_begun_anew(plan):
    queue, trainer = queue_of(plan, Trainer()), Trainer()
    trainer.cut_off = {"edsr"}
    queue.call = trainer
    (edsr,) = queue.ready({1})
    with pytest.raises(InterruptedError):
        queue.turn(edsr)
    # A kill between the end of the training and the export: it is only bundled.
    (paths.RUNS / "edsr").mkdir(parents=True, exist_ok=True)
    (paths.RUNS / "edsr" / "record.json").write_text(json.dumps({"minutes": 120.0}))
    after = Trainer()
    queue = queue_of(plan, after)
    (edsr,) = queue.ready({1})
    queue.turn(edsr)
    assert [call[:2] for call in after.calls] == [["export", "edsr"]]


def test_a_fresh_job_that_was_cut_off_resumes_its_own_checkpoint_alone(plan):
    trainer = Trainer()
    folder = paths.RUNS / "srresnet-x4"
    folder.mkdir(parents=True)
    old = folder / "checkpoint.pt"
    old.write_bytes(b"of another run")
    queue = queue_of(plan, trainer)
    job = queue.jobs[2]
    entry = queue.ledger.begun(job, 60.0)
    entry["since"] = old.stat().st_mtime + 5
    assert "--resume" not in queue.arguments(job, entry, "srresnet-x4", (4,), 60.0)
    entry["since"] = old.stat().st_mtime - 5
    assert "--resume" in queue.arguments(job, entry, "srresnet-x4", (4,), 60.0)


def test_little_that_is_left_is_not_worth_a_restart(plan):
    queue = queue_of(plan, Trainer())
    job = queue.jobs[0]
    entry = queue.ledger.begun(job, 120.0)
    (paths.RUNS / "edsr").mkdir(parents=True)
    for had, left in ((0.0, 120.0), (60.0, 60.0), (100.0, 0.0), (120.0, 0.0)):
        (paths.RUNS / "edsr" / "record.json").write_text(json.dumps({"minutes": had}))
        assert queue.left(job, entry, "edsr") == left


def test_what_fails_is_left_out_and_said(plan, capsys):
    trainer = Trainer()
    trainer.fails = {"edsr"}
    queue_of(plan, trainer).work()
    assert [call[1] for call in trainer.calls] == ["edsr"]
    assert "edsr 1 failed" in capsys.readouterr().out


def test_a_task_that_another_process_trains_is_waited_for(plan):
    queue = queue_of(plan, Trainer())
    with lock.locked("edsr"):
        assert queue.ready(set()) == [] and queue.held()
    assert [job.key for job in queue.ready(set())] == ["edsr 1"]


@pytest.mark.parametrize("change, complaint", [
    (("hours = 2", "hours = 2\nto = 0.5"), "either `hours` or `to`"),
    (('after = ["edsr"]\nencoder', 'after = ["lte", "srresnet"]\nencoder'), None),
    (('config = "edsr"\nhours = 2', 'config = "edsr"\nhours = 2\nafter = ["srresnet"]'), "wait for each other"),
    (("batch = 4", "bach = 4"), "no bach"),
    (("fresh", "frsh"), "has frsh"),
    (('"srresnet"', '"srrresnet"'), "no config"),
])
def test_a_plan_that_cannot_be_worked_is_refused(plan, change, complaint):
    plan.write_text(PLAN.replace(*change))
    if complaint is None:
        assert len(read_plan(plan)) == 3
    else:
        with pytest.raises(SystemExit, match=complaint):
            read_plan(plan)


def test_the_plans_that_are_here_can_be_worked():
    for path in TRAINING.glob("plan*.toml"):
        jobs = read_plan(path)
        assert tomllib.loads(path.read_text())["lane"] and len(jobs) > 5


def test_a_stopped_queue_ends_its_processes_and_begins_no_more(plan):
    commands = Commands()
    started = threading.Event()

    class Sleeper(Commands):
        def __call__(self, module: str, *arguments: str) -> int:
            started.set()
            return commands("tests.sleeper")

    sleeper = Sleeper()
    queue = queue_of(plan, sleeper)
    worker = threading.Thread(target=queue.work)
    worker.start()
    assert started.wait(60)
    commands.stop()
    sleeper.stop()
    worker.join(60)
    assert not worker.is_alive() and not commands.children
    assert queue.ledger.done() == set() and list(queue.ledger.jobs) == ["edsr 1"]

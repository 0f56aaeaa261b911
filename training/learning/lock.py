"""One process a task: two would overwrite each other's checkpoints."""
from collections.abc import Iterator
from contextlib import contextmanager

from .. import paths

try:
    import fcntl
except ImportError:  # Windows: the folder is one person's, nothing is locked
    fcntl = None


@contextmanager
def locked(task: str) -> Iterator[None]:
    """Hold `runs/<task>/lock`; the system frees it when the process ends, however it ends."""
    folder = paths.RUNS / task
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / "lock", "w") as file:
        if fcntl:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise SystemExit(f"{task} is being trained by another process; end that one, or wait for it") from None
        yield


def busy(task: str) -> bool:
    """Whether another process trains the task."""
    try:
        with locked(task):
            return False
    except SystemExit:
        return True

"""One process a task: two would overwrite each other's checkpoints."""
from collections.abc import Iterator
from contextlib import contextmanager

from .. import paths
from ..lock import exclusive


@contextmanager
def locked(task: str) -> Iterator[None]:
    """Hold the task's folder; SystemExit where another process does."""
    try:
        with exclusive(paths.RUNS / task / "lock", wait=False):
            yield
    except BlockingIOError:
        raise SystemExit(f"{task} is being trained by another process; end that one, or wait for it") from None


def busy(task: str) -> bool:
    """Whether another process trains the task."""
    try:
        with locked(task):
            return False
    except SystemExit:
        return True

"""Files that one process holds at a time; the system frees them when the process ends, however it ends."""
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows: the folder is one person's, nothing is locked
    fcntl = None


@contextmanager
def exclusive(path: Path, wait: bool = True) -> Iterator[None]:
    """Hold the file `path`, which is made; BlockingIOError where another process does and this one is not to wait."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w") as file:
        if fcntl:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        yield

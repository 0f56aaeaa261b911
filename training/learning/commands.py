"""Modules of this package as processes."""
import subprocess
import sys
import threading

from ..paths import REPOSITORY


class Commands:
    """Modules of this package, each as a process of its own, so that its memory ends with it."""

    def __init__(self):
        self.children: set[subprocess.Popen] = set()
        self.stopped = threading.Event()

    def __call__(self, module: str, *arguments: str) -> int:
        """Run one to its end; its exit status."""
        with subprocess.Popen([sys.executable, "-m", f"training.{module}", *arguments], cwd=REPOSITORY) as child:
            self.children.add(child)
            if self.stopped.is_set():
                child.terminate()
            status = child.wait()
            self.children.discard(child)
            return status

    def stop(self) -> None:
        """Trainers save and stop."""
        self.stopped.set()
        for child in list(self.children):
            child.terminate()

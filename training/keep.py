"""Keep runs in the work tree, small: `python -m training.keep --config edsr`, or `--all`. For a machine that is handed
on without its runs folder; `--resume` and exports find them there (or in $ENLARGER_KEPT)."""
import argparse

from . import paths
from .config import load
from .learning.kept import keep


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--config")
    which.add_argument("--all", action="store_true", help="every run that has a checkpoint")
    wanted = parser.parse_args()
    there = sorted(path.parent.name for path in paths.RUNS.glob("*/checkpoint.pt"))
    for task in there if wanted.all else [task for task, _ in load(wanted.config).tasks()]:
        path = keep(task)
        print(f"{path}: {path.stat().st_size / 2**20:.1f} MiB")


if __name__ == "__main__":
    main()

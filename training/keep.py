"""Keep a model's runs in the work tree, small: `python -m training.keep --config edsr`. For a machine that is handed on
without its runs folder; `--resume` finds them there."""
import argparse

from .config import load
from .learning.kept import keep


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--config", required=True)
    for task, _ in load(parser.parse_args().config).tasks():
        path = keep(task)
        print(f"{path}: {path.stat().st_size / 2**20:.1f} MiB")


if __name__ == "__main__":
    main()

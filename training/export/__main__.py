"""Bundle a trained model: `python -m training.export --config NAME [--force]`.

Writes `resources/models/<id>/`: ONNX files, manifest.json and card.md. A scale whose validation figure did not get
better than the bundled one's is left as it is, unless --force.
"""
import argparse
from pathlib import Path

from ..config import load
from ..paths import DATA
from .bundle import export
from .encoders import unused_encoders


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--config", required=True)
    parser.add_argument("--scale", type=int, default=0, help="only this scale")
    parser.add_argument("--force", action="store_true", help="write even when validation did not get better")
    parser.add_argument("--weights", default="", help="a source as in a config's `start` instead of the run's own")
    parser.add_argument("--data", type=Path, default=DATA)
    wanted = parser.parse_args()
    print(f"written: {export(load(wanted.config), wanted.force, wanted.weights, wanted.data, wanted.scale)}")
    if unused := unused_encoders():
        names = ", ".join(path.name for path in unused)
        print(f"no manifest names {names} any more: python -m training.export.encoders --remove")


if __name__ == "__main__":
    main()

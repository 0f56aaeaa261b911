"""Bundle a trained model: `python -m training.export --config NAME [--force]`.

Writes `resources/models/<id>/`: ONNX files, manifest.json and card.md. A scale whose validation figure did not get
better than the bundled one's is left as it is, unless --force.
"""
import argparse
from pathlib import Path

from .. import paths
from ..config import load
from ..paths import DATA
from .bundle import export
from .encoders import unused_encoders


def account_of(text: str) -> dict:
    """`STEPS,MINUTES,DEVICE` as a manifest has it."""
    steps, minutes, device = (part.strip() for part in text.split(",", 2))
    return {"steps": int(steps), "minutes": float(minutes), "device": device}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--config", required=True)
    parser.add_argument("--scale", type=int, default=0, help="only this scale")
    parser.add_argument("--force", action="store_true", help="write even when validation did not get better")
    parser.add_argument("--weights", default="", help="a source as in a config's `start` instead of the run's own")
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--books", type=account_of, help="with --weights: what they have had, STEPS,MINUTES,DEVICE")
    wanted = parser.parse_args()
    if bool(wanted.books) != bool(wanted.weights):
        parser.error("--weights and --books go together: a manifest says how its weights were trained")
    config = load(wanted.config)
    written = export(config, wanted.force, wanted.weights, wanted.data, wanted.scale, wanted.books)
    print(f"written: {written}")
    if not written and not wanted.weights:
        print(f"the runs stay in {paths.RUNS}, and what comes next goes on from them; `python -m training.keep --config "
              f"{config.id}` takes them along in the work tree")
    if unused := unused_encoders():
        names = ", ".join(path.name for path in unused)
        print(f"no manifest names {names} any more: python -m training.export.encoders --remove")


if __name__ == "__main__":
    main()

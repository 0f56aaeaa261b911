"""Measure bundled models and write what was found into their manifests and cards:
`python -m training.measure --method ID[,ID] --sets Set5,Set14 --scales 2,3,4,8 [--threads N]`.

The export measures what is quick; this adds the rest. Protocol y (luma, `scale` pixels of border cut) with LPIPS where
its weights are installed; figures that are there already are measured anew.
"""
import argparse
import json
from pathlib import Path

from .. import paths
from ..config import load
from ..export.manifest import measure_set, write_manifest
from ..paths import DATA
from .evaluation import installed_features


def measure_into(method: str, sets: list[str], scales: list[int], threads: int, data: Path = DATA) -> None:
    """Measure one bundled method and write manifest and card after every set and scale."""
    config, path = load(method), paths.MODELS / method / "manifest.json"
    features = installed_features(data)
    for name in sets:
        for scale in scales:
            manifest = json.loads(path.read_text())
            if manifest["kind"] == "network" and scale not in manifest["scales"]:
                continue
            measure_set(config, manifest, name, scale, features, threads, data)
            write_manifest(config, manifest, path)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--method", required=True, help="ids of models, separated by commas")
    parser.add_argument("--sets", default="Set5,Set14,BSD100")
    parser.add_argument("--scales", default="2,3,4")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--data", type=Path, default=DATA)
    wanted = parser.parse_args()
    for method in wanted.method.split(","):
        measure_into(method, wanted.sets.split(","), [int(s) for s in wanted.scales.split(",")], wanted.threads,
                     wanted.data)


if __name__ == "__main__":
    main()

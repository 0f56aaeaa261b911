"""Measure bundled models: `python -m training.evaluate --dataset DIR --scale N --method ID[,ID] [--json]`.

HR is cropped to a multiple of the scale, LR is the reference bicubic with 8-bit rounding, the network sees the whole
picture at once, PSNR and SSIM are of Y (grey pictures: grey) of the 8-bit result with `scale` pixels of border cut.
"""
import argparse
import json
from pathlib import Path

import numpy as np

from .enlarge import enlarge, ensemble
from .metrics import score
from .paths import DATA, MODELS, benchmark
from .pictures import list_pictures, read_picture
from .resize import crop_to_multiple, imresize_uint8


def model_file(method: str, scale: int, models: Path = MODELS) -> tuple[dict, Path]:
    """(manifest, ONNX file) of a bundled model at a scale."""
    path = models / method / "manifest.json"
    if not path.exists():
        there = sorted(p.parent.name for p in models.glob("*/manifest.json"))
        raise SystemExit(f"no model {method!r} in {models}; there are: bicubic, {', '.join(there)}")
    manifest = json.loads(path.read_text())
    for entry in manifest["files"]:
        if entry["scale"] in (scale, 0):
            return manifest, path.parent / entry["file"]
    raise SystemExit(f"{method} has no x{scale}; it has {manifest['scales']}")


def enlarger(method: str, scale: int, threads: int = 1, models: Path = MODELS, eightfold: bool = False):
    """uint8 picture -> uint8 picture, by a bundled model or by `bicubic`."""
    if method == "bicubic":
        return lambda low: imresize_uint8(low, scale)
    manifest_path = models / method / "manifest.json"
    if manifest_path.exists() and (manifest := json.loads(manifest_path.read_text()))["kind"] == "implicit":
        return implicit_enlarger(manifest, manifest_path.parent, scale, threads, eightfold)
    from .onnxfile import session_runner

    manifest, path = model_file(method, scale, models)
    run = session_runner(path, threads)
    run = ensemble(run) if eightfold else run
    return lambda low: enlarge(low, scale, manifest["kind"], manifest["channels"], run)


def implicit_enlarger(manifest: dict, folder: Path, scale: float, threads: int, eightfold: bool):
    """`enlarger` of an any-scale method, its controls at their defaults."""
    from .implicit.enlarge import load_enlarger

    defaults = {c["id"]: c["default"] for c in manifest.get("controls", []) if c["id"] == "crispness"}
    run = load_enlarger(folder, manifest, threads).run((scale, scale), **defaults)
    run = ensemble(run) if eightfold else run
    return lambda low: enlarge(low, scale, "network", manifest["channels"], run)


def measure(pictures: list[Path], scale: int, make) -> dict:
    """Mean PSNR-Y (dB) and SSIM-Y of `make` (uint8 -> uint8) over pictures, and each picture's."""
    rows = []
    for path in pictures:
        truth = crop_to_multiple(read_picture(path), scale)
        psnr, ssim = score(make(imresize_uint8(truth, 1 / scale)), truth, scale)
        rows.append({"picture": path.name, "psnrY": psnr, "ssimY": ssim})
    means = {key: float(np.mean([row[key] for row in rows])) for key in ("psnrY", "ssimY")}
    return {**means, "pictures": rows}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--dataset", required=True, help="folder of HR pictures, or Set5, Set14, BSD100")
    parser.add_argument("--scale", type=int, required=True)
    parser.add_argument("--method", required=True, help="ids of models, separated by commas")
    parser.add_argument("--ensemble", action="store_true", help="mean over eight turns and mirrors of the input")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--json", action="store_true")
    wanted = parser.parse_args()
    folder = Path(wanted.dataset)
    folder = folder if folder.is_dir() else benchmark(wanted.dataset, wanted.data)
    pictures = list_pictures(folder) if folder.is_dir() else []
    if not pictures:
        raise SystemExit(f"no pictures at {folder}")
    found = {}
    for method in wanted.method.split(","):
        make = enlarger(method, wanted.scale, wanted.threads, eightfold=wanted.ensemble)
        found[method] = measure(pictures, wanted.scale, make)
        if not wanted.json:
            print(f"{method:16} x{wanted.scale} {folder.name:8} "
                  f"{found[method]['psnrY']:.2f} dB  {found[method]['ssimY']:.4f}", flush=True)
    if wanted.json:
        print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()

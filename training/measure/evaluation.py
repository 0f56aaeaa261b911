"""Measure bundled models: `python -m training.evaluate --dataset DIR --scale N --method ID[,ID] [--json]`.

HR is cropped to a multiple of the scale, LR is the reference bicubic with 8-bit rounding, the network sees the whole
picture at once, figures are of the 8-bit result. Protocol y: PSNR and SSIM of Y (grey pictures: grey), `scale` pixels
of border cut; rgb: PSNR of all colours too, `scale` + 6 pixels cut, as LIIF measures DIV2K. LPIPS is of the same part,
where its weights are in the data folder.
"""
import argparse
import json
from pathlib import Path

import numpy as np

from .. import paths
from ..data.pictures import list_pictures, read_picture
from ..kernels.metrics import crop_border, psnr, score
from ..kernels.resize import crop_to_multiple, imresize_uint8
from ..paths import DATA, benchmark
from .enlarge import enlarge, ensemble
from .perceptual import Features, lpips

RGB_EXTRA_BORDER = 6
LPIPS_SMALLEST = 31  # pixels a side; below it AlexNet's second pool has nothing to take the largest of


def model_source(folder: Path, manifest: dict, entry: dict, strength: float | None = None) -> Path | bytes:
    """A model's file; where it has a second one, its bytes with the weights at `strength` between the second file's (0)
    and its own (1).

    `strength` without a value stands where the manifest's control says; it is rounded to 1/100, as the application
    does.
    """
    if "blend" not in entry:
        return folder / entry["file"]
    first = (folder / entry["file"]).read_bytes()
    standing = {c["id"]: c["default"] for c in manifest.get("controls", [])}
    share = round((standing.get("strength", 1) if strength is None else strength) * 100) / 100
    second = (folder / entry["blend"]["file"]).read_bytes()
    blended = bytearray(first)
    for part in entry["blend"]["ranges"]:
        place = slice(part["offset"], part["offset"] + part["bytes"])
        own, other = (np.frombuffer(content[place], np.dtype(part["type"])) for content in (first, second))
        mixed = share * own.astype(np.float64) + (1 - share) * other
        mixed = np.floor(mixed + 0.5) if own.dtype == np.int8 else mixed
        blended[place] = mixed.astype(own.dtype).tobytes()
    return bytes(blended)


def model_file(method: str, scale: int, models: Path | None = None) -> tuple[dict, dict]:
    """(manifest, its entry on the ONNX file) of a bundled model at a scale."""
    models = models or paths.MODELS
    path = models / method / "manifest.json"
    if not path.exists():
        there = sorted(p.parent.name for p in models.glob("*/manifest.json"))
        raise SystemExit(f"no model {method!r} in {models}; there are: bicubic, {', '.join(there)}")
    manifest = json.loads(path.read_text())
    for entry in manifest["files"]:
        if entry["scale"] in (scale, 0):
            return manifest, entry
    raise SystemExit(f"{method} has no x{scale}; it has {manifest['scales']}")


def turned_controls(text: str) -> dict[str, float]:
    """Controls as commands are given them: `name=value`, separated by commas."""
    return {name: float(value) for name, value in (one.split("=") for one in filter(None, text.split(",")))}


def enlarger(method: str, scale: int, threads: int = 1, models: Path | None = None, eightfold: bool = False,
             **controls: float):
    """uint8 picture -> uint8 picture, by a bundled model or by `bicubic`; `controls` that are not given (crispness,
    denoise, strength, seed) stand where the manifest says."""
    if method == "bicubic":
        return lambda low: imresize_uint8(low, scale)
    folder = (models or paths.MODELS) / method
    path = folder / "manifest.json"
    if path.exists() and (manifest := json.loads(path.read_text()))["kind"] == "implicit":
        return implicit_enlarger(manifest, folder, scale, threads, eightfold, **controls)
    from .session import session_runner

    manifest, entry = model_file(method, scale, models)
    run = session_runner(model_source(folder, manifest, entry, controls.get("strength")), threads)
    run = ensemble(run) if eightfold else run
    return lambda low: enlarge(low, scale, manifest["kind"], manifest["channels"], run)


def implicit_enlarger(manifest: dict, folder: Path, scale: float, threads: int, eightfold: bool, **controls: float):
    """`enlarger` of an any-scale method."""
    from .implicit import load_enlarger

    standing = {c["id"]: c["default"] for c in manifest.get("controls", []) if c["id"] != "seed"}
    turned = {name: value for name, value in controls.items() if name in standing}
    run = load_enlarger(folder, manifest, threads, controls.get("seed")).run((scale, scale), **(standing | turned))
    run = ensemble(run) if eightfold else run
    return lambda low: enlarge(low, scale, "implicit", manifest["channels"], run)


def three_colours(picture: np.ndarray) -> np.ndarray:
    """[H, W] or [H, W, 3] as [H, W, 3]."""
    return np.repeat(picture[:, :, None], 3, axis=2) if picture.ndim == 2 else picture


def figures(result: np.ndarray, truth: np.ndarray, scale: int, protocol: str, features: Features | None) -> dict:
    """psnrY (dB), ssimY, with protocol `rgb` psnrRgb, and lpips where its network is given and the pictures are large
    enough, of two uint8 pictures."""
    border = scale + RGB_EXTRA_BORDER if protocol == "rgb" else scale
    found = dict(zip(("psnrY", "ssimY"), score(result, truth, border)))
    a, b = crop_border(result, border), crop_border(truth, border)
    if protocol == "rgb":
        found["psnrRgb"] = psnr(a, b)
    if features is not None and min(a.shape[:2]) >= LPIPS_SMALLEST:
        found["lpips"] = lpips(three_colours(a), three_colours(b), features)
    return found


def measure(pictures: list[Path], scale: int, make, protocol: str = "y", features: Features | None = None) -> dict:
    """Mean figures of `make` (uint8 -> uint8) over pictures, and each picture's; see `figures`. LPIPS has a mean only
    where every picture has one."""
    rows = []
    for path in pictures:
        truth = crop_to_multiple(read_picture(path), scale)
        result = make(imresize_uint8(truth, 1 / scale))
        rows.append({"picture": path.name, **figures(result, truth, scale, protocol, features)})
    everywhere = [key for key in ("psnrY", "ssimY", "psnrRgb", "lpips") if all(key in row for row in rows)]
    means = {key: float(np.mean([row[key] for row in rows])) for key in everywhere}
    return {**means, "pictures": rows}


def installed_features(data: Path = DATA) -> Features | None:
    """LPIPS' network, where its weights are in the data folder."""
    return Features(data) if (data / "metrics" / "lpips_alex.npz").exists() else None


def summary(found: dict) -> str:
    """The means of `measure` on one line."""
    words = [f"{found['psnrY']:.2f} dB", f"{found['ssimY']:.4f}"]
    if "psnrRgb" in found:
        words.insert(0, f"RGB {found['psnrRgb']:.2f} dB, Y")
    if "lpips" in found:
        words.append(f"LPIPS {found['lpips']:.4f}")
    return "  ".join(words)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--dataset", required=True, help="folder of HR pictures, or Set5, Set14, BSD100")
    parser.add_argument("--scale", type=int, required=True)
    parser.add_argument("--method", required=True, help="ids of models, separated by commas")
    parser.add_argument("--protocol", choices=("y", "rgb"), default="y", help="y: luma, as on the benchmark sets; rgb: "
                        "all colours too, as on DIV2K")
    parser.add_argument("--crispness", type=float, help="0 to 1, for methods that have it")
    parser.add_argument("--denoise", type=float, help="0 to 1, for methods that have it")
    parser.add_argument("--strength", type=float, help="0 to 1, for methods that have it")
    parser.add_argument("--seed", type=int, help="for methods that have it")
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
    controls = ("crispness", "denoise", "strength", "seed")
    turned = {name: value for name in controls if (value := getattr(wanted, name)) is not None}
    features = installed_features(wanted.data)
    found = {}
    for method in wanted.method.split(","):
        make = enlarger(method, wanted.scale, wanted.threads, eightfold=wanted.ensemble, **turned)
        found[method] = measure(pictures, wanted.scale, make, wanted.protocol, features)
        if not wanted.json:
            print(f"{method:16} x{wanted.scale} {folder.name:8} {summary(found[method])}", flush=True)
    if wanted.json:
        print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()

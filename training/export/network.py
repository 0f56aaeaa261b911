"""Bundling a network of fixed scales: a file a scale, or one for all; what files share is kept once."""
import hashlib
import json
from pathlib import Path

from .. import paths
from ..config import Config
from ..measure.liveness import live_bytes_per_pixel
from ..measure.reach import means_reach, network_reach, pooled_reach
from ..paths import DATA
from .anatomy import flat_ripple, macs_per_pixel, receptive_field, weight_count
from .blend import blend_entry
from .body import split_body
from .candidates import candidates_of, file_scales, got_better
from .examples import draw_example
from .files import write_file
from .manifest import measure_benchmarks, write_manifest


def describe(config: Config, module, scale: int, content: bytes, ends: tuple[bytes, ...] = ()) -> dict:
    """What the manifest's entry says of a file's network: what it costs, what it sees, what tiles change in it. `ends`:
    the file that its strength goes to."""
    channels = config.input_channels
    field = receptive_field(module, channels, scale if config.kind == "network" else 1)
    ripple = flat_ripple(module, channels, field)
    macs = macs_per_pixel(module, channels)
    entry = {"scale": scale, "receptiveField": field, "macsPerPixel": macs, "flatRipple": ripple}
    entry["liveBytesPerPixel"] = live_bytes_per_pixel(content, channels)
    if getattr(module, "takes_means", False):
        entry |= means_reach(content, channels, entry)
    elif config.global_view:
        if (align := getattr(module, "align", 1)) > 1:
            entry["align"] = align
        entry |= pooled_reach(content, channels, entry)
    else:
        factor = scale if config.kind == "network" else 1
        entry["receptiveField"] = field | {"measured": network_reach([content, *ends], channels, factor, field)}
    return entry


def file_name(scale: int) -> str:
    """Of a scale's file; 0: of the one that serves all."""
    return f"x{scale}.onnx" if scale else "model.onnx"


def write_files(folder: Path, files: dict[str, bytes]) -> dict[str, dict]:
    """Write the files, what they have in common once; what the manifest's entries say of what was written, by name."""
    split = split_body(files)
    if split:
        write_file(folder / split.name, split.body)  # first: a graph without its body is none
        files = split.files
    for name, content in files.items():
        write_file(folder / name, content)
    body = {"body": {"file": split.name, "sha256": split.sha256}} if split else {}
    return {name: {"sha256": hashlib.sha256(content).hexdigest()} | body for name, content in files.items()}


def remove_bodies(folder: Path, manifest: dict) -> None:
    """Take away the bodies of earlier exports."""
    used = {entry["body"]["file"] for entry in manifest["files"] if "body" in entry}
    for path in folder.glob("body-*.bin"):
        if path.name not in used:
            path.unlink()


def export_network(config: Config, accounts: dict[str, dict], force: bool = False, weights_from: str = "",
                   data: Path = DATA, only: int = 0) -> list[int]:
    """Bundle what got better, of all scales or only one; the scales that were written. `accounts`: what each task's
    weights have had."""
    folder = paths.MODELS / config.id
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text()) if path.exists() else {"files": [], "figures": {}, "validation": {}}
    candidates = candidates_of(config, [s for s in file_scales(config) if only in (0, s)], weights_from, data)
    if not force:
        candidates = got_better(config, candidates, manifest["validation"])
    files = write_files(folder, {file_name(c.scale): c.content for c in candidates})
    written = []
    for scale, task, module, content, found, other in candidates:
        name = file_name(scale)
        entry = {"file": name} | files[name] | describe(config, module, scale, content, (other,) if config.blend else ())
        if config.blend:
            write_file(folder / f"{config.blend}.onnx", other)
            entry["blend"] = blend_entry(f"{config.blend}.onnx", content, other)
        manifest["files"] = sorted([f for f in manifest["files"] if f["scale"] != scale] + [entry],
                                   key=lambda f: f["scale"])
        manifest["validation"] |= found
        manifest["weights"] = max(manifest.get("weights", 0), weight_count(module))
        if task in accounts:
            manifest.setdefault("training", {}).setdefault("runs", {})[task] = accounts[task]
        written.append(scale)
    if written:
        write_manifest(config, manifest, path)  # measuring reads the bundled files through it
        measure_benchmarks(config, manifest, written, data)
        draw_example(config.id)
        write_manifest(config, manifest, path)
        remove_bodies(folder, manifest)
    return written

"""Where weights come from: checkpoints, committed ONNX files, files of the data folder."""
import json
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from .. import paths
from ..paths import DATA
from .checkpoint import read_checkpoint
from .kept import kept_path, read_kept


def encoder_weights(file: str) -> dict[str, Tensor]:
    """Weights of resources/encoders/FILE as a network's part `encoder`, or nothing."""
    path = paths.ENCODERS / file
    return {f"encoder.{key}": value for key, value in onnx_weights(path).items()} if path.exists() else {}


def onnx_weights(source: Path | bytes) -> dict[str, Tensor]:
    """The initializers of an exported model (a file, or its contents) as float32 tensors, by parameter name.

    Half-precision storage keeps the name and adds `.half`, int8 storage `.int8` and `.step`; the master weight is their
    float32 value.
    """
    import onnx  # only here: the trainer itself must run where onnx is not installed
    from onnx import numpy_helper

    found = {}
    model = onnx.load_from_string(source) if isinstance(source, bytes) else onnx.load(str(source))
    stored = {i.name: numpy_helper.to_array(i) for i in model.graph.initializer}
    for full, value in stored.items():
        if full.endswith(".step") or value.dtype not in (np.float16, np.float32, np.int8):
            continue
        name = full.removesuffix(".half").removesuffix(".int8")
        value = value.astype(np.float32) * stored.get(f"{name}.step", np.float32(1))
        turned = name.endswith(".turned")
        found[name.removesuffix(".turned")] = torch.from_numpy(np.array(value.T if turned else value, np.float32))
    for entry in model.metadata_props:
        found[entry.key] = torch.tensor(json.loads(entry.value))
    return found


def committed_weights(model: str, scale: int) -> dict[str, Tensor]:
    """The bundled weights of a model at a scale, or nothing. An implicit method's are those of all its graphs, with the
    shared encoder that its manifest names; scale 0 means all that there is. A model that is bundled only as the other
    end of another's `strength` is found there."""
    for name in (f"x{scale}.onnx", "model.onnx"):
        path = paths.MODELS / model / name
        if path.exists():
            return onnx_weights(path)
    manifest = paths.MODELS / model / "manifest.json"
    if not manifest.exists():
        return other_end(model, scale)
    described = json.loads(manifest.read_text())
    if "implicit" in described:
        return graph_weights(paths.MODELS / model, described["implicit"])
    found = {}
    for entry in described["files"] if not scale else ():
        found |= onnx_weights(paths.MODELS / model / entry["file"])
    return found


def graph_weights(folder: Path, described: dict) -> dict[str, Tensor]:
    """The weights of an implicit method's graphs (a manifest's `implicit`), a shared encoder's as the part `encoder`."""
    found = {}
    for entry in (*described["source"], described["decoder"], *filter(None, [described.get("prior")])):
        if entry.get("shared"):
            found |= encoder_weights(entry["file"])
        else:
            found |= onnx_weights(folder / entry["file"])
    return found


def other_end(model: str, scale: int) -> dict[str, Tensor]:
    """The weights of a model that lies beside another as what its `strength` goes towards, or nothing."""
    for path in sorted(paths.MODELS.glob(f"*/{model}.onnx")):
        manifest = json.loads(path.with_name("manifest.json").read_text())
        for entry in manifest["files"]:
            if entry["scale"] == scale and entry.get("blend", {}).get("file") == path.name:
                return onnx_weights(path)
    return {}


def committed_account(model: str, task: str) -> dict:
    """Steps and minutes that the bundled weights of a task have had, or nothing."""
    path = paths.MODELS / model / "manifest.json"
    return json.loads(path.read_text())["training"]["runs"].get(task, {}) if path.exists() else {}


def bundled_is_better(config, look: dict, scales: tuple[int, ...]) -> bool:
    """Whether the bundled files' mean validation figure beats that of a run's look (`x2`, ... keys)."""
    path = paths.MODELS / config.id / "manifest.json"
    if not path.exists():
        return False
    bundled = json.loads(path.read_text())["validation"]
    keys = [f"x{scale}" for scale in scales]
    if not all(key in bundled and key in look for key in keys):
        return False
    gain = sum(bundled[key] - look[key] for key in keys)
    return (gain if config.measure == "psnr" else -gain) > 1e-3


def run_weights(model: str, scale: int = 0) -> dict[str, Tensor]:
    """The averaged weights of a model's run (of a scale; 0: trained together): its last checkpoint, else the kept run
    where that is further than what is bundled, else nothing."""
    task = f"{model}-x{scale}" if scale else model
    state = read_checkpoint(paths.RUNS / task) or further_kept(model, task)
    return state["ema"] if state else {}


def further_kept(model: str, task: str) -> dict | None:
    """The kept run of a task, where it has had no fewer steps than what is bundled."""
    kept = read_kept(kept_path(task))
    return kept if kept and kept["steps"] >= committed_account(model, task).get("steps", 0) else None


def source_weights(source: str, data: Path = DATA) -> dict[str, Tensor]:
    """Weights of a `start` entry: `model:scale` (or `model`, trained together), `encoder:MODEL` (only that model's
    encoder: EDSR's newest, a decoder's the one that its manifest names), `...safetensors` of the data."""
    if source.endswith(".safetensors"):
        from safetensors.torch import load_file

        path = data / source
        return load_file(str(path)) if path.exists() else {}
    if source.startswith("encoder:"):
        whole = source_weights(source.removeprefix("encoder:"), data)
        return {name: value for name, value in whole.items() if name.startswith("encoder.")}
    model, _, scale = source.partition(":")
    return run_weights(model, int(scale or 0)) or committed_weights(model, int(scale or 0))

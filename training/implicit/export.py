"""Bundling an any-scale method: its graphs, its figures, its manifest. Called by training/export.py."""
import dataclasses
import hashlib
import json
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import torch

from .. import validate
from ..anatomy import receptive_field, weight_count
from ..config import Config
from ..data.patches import to_network
from ..examples import draw_example
from ..export import STORAGE_COSTS_AT_MOST, better, cost, write_file
from ..manifest import measure_benchmarks, training_account, write_manifest
from ..onnxfile import Store, halve_storage, quantise_storage, session
from ..paths import DATA, ENCODERS, MODELS
from ..resize import imresize_uint8
from ..validate import validation_figure
from ..weights import load_matching, run_weights
from .enlarge import GraphEnlarger, photo_prior
from .graphs import Encoding, Graphs, graphs_of
from .integer import Feeds, in_integers, wide_products
from .positions import axis

SHARED = "edsr-baseline"
QUICK = "decoder-int8.onnx"
QUICK_COSTS_AT_MOST = {"psnr": 0.02, "lpips": 0.001}
QUICK_SCALES = (1.5, 2.0, 3.0, 4.0, 8.0)  # the decoder's numbers are looked at there
QUICK_CROPS, QUICK_SIDE = 6, 24  # and so many source pixels of each


def files_of(graphs: Graphs, store: Store, shared: str) -> dict[str, bytes]:
    """File contents by name: `source.onnx` or a shared encoder and `head.onnx`, `decoder.onnx`, `prior.onnx`."""
    found = {"decoder.onnx": store(graphs.decoder), "head.onnx" if shared else "source.onnx": store(graphs.source)}
    if graphs.prior is not None:
        found["prior.onnx"] = store(graphs.prior)
    found = {name: graph.SerializeToString() for name, graph in found.items()}
    if shared:
        path = ENCODERS / f"{shared}.onnx"
        # Once written a shared encoder stays: other methods' heads were trained on it.
        found["encoder"] = path.read_bytes() if path.exists() else quantise_storage(graphs.encoder).SerializeToString()
    return found


def enlarger_of(files: dict[str, bytes], module) -> GraphEnlarger:
    """The files at work, on a CPU."""
    own = files.get("source.onnx") or files["head.onnx"]
    source = [session(files["encoder"])] if "encoder" in files else []
    prior = None
    if "prior.onnx" in files:
        prior = photo_prior(session(files["prior.onnx"]), module.prior_side, module.noise_size)
    return GraphEnlarger([*source, session(own)], session(files.get(QUICK, files["decoder.onnx"])), module.base, prior)


def figures(config: Config, files: dict[str, bytes], module) -> dict[str, float]:
    """Validation figures by scale."""
    enlarger = enlarger_of(files, module)
    return {f"x{s}": round(validation_figure(config, enlarger.run((s, s), **config.standing()), s), 4)
            for s in config.scales}


def smallest(config: Config, graphs: Graphs, shared: str, module) -> tuple[dict[str, bytes], dict[str, float]]:
    """(files, validation figures) as small as is nearly free: int8, half or full precision. What storing costs is
    alike at every scale: the largest is asked."""
    largest = dataclasses.replace(config, scales=config.scales[-1:])
    whole = files_of(graphs, lambda graph: graph, shared)
    exact = figures(largest, whole, module)
    for store in (quantise_storage, halve_storage):
        files = files_of(graphs, store, shared)
        if cost(config, exact, figures(largest, files, module)) < STORAGE_COSTS_AT_MOST[config.measure]:
            return files, figures(config, files, module)
    return whole, figures(config, whole, module)


def with_quick_decoder(config: Config, graphs: Graphs, files: dict[str, bytes], found: dict[str, float],
                       module) -> tuple[dict[str, bytes], dict[str, float]]:
    """(files, validation figures) with a decoder in integers for the CPU, where there is something to gain and it costs
    little at every scale."""
    if not wide_products(graphs.decoder):
        return files, found
    decoder = in_integers(graphs.decoder, decoder_runs(config, files, module))
    quick = files | {QUICK: decoder.SerializeToString()}
    quickly = figures(config, quick, module)
    if cost(config, found, quickly) > QUICK_COSTS_AT_MOST[config.measure]:
        print(f"{config.id}: a decoder in integers would cost too much: {quickly} after {found}", flush=True)
        return files, found
    return quick, quickly


def decoder_runs(config: Config, files: dict[str, bytes], module) -> Iterator[Feeds]:
    """The decoder's inputs for parts of the validation crops at several scales."""
    enlarger = enlarger_of(files, module)
    for crop in validate.validation_crops()[:QUICK_CROPS]:
        low = imresize_uint8(crop, 1 / config.scales[-1])[:QUICK_SIDE, :QUICK_SIDE]
        features = torch.from_numpy(enlarger.features(to_network(low[None], "rgb")))
        for scale in QUICK_SCALES:
            rows, columns = (axis(n, round(n * scale), scale) for n in low.shape[:2])
            yield enlarger.feeds(features, rows, columns, (scale, scale), **config.standing())


def described(config: Config, graphs: Graphs, files: dict[str, bytes], module) -> dict:
    """The manifest's part on the graphs."""

    def entry(name: str, **more) -> dict:
        return {"file": name, "sha256": hashlib.sha256(files[name]).hexdigest(), **more}

    own = "head.onnx" if module.shared else "source.onnx"
    source = [entry(own, channels=graphs.channels[-1])]
    if module.shared:
        digest = hashlib.sha256(files["encoder"]).hexdigest()
        source.insert(0, {"file": f"{SHARED}.onnx", "sha256": digest, "shared": True, "channels": graphs.channels[0]})
    field = getattr(module, "reach", None) or receptive_field(Encoding(module), 3, 1)
    found = {"source": source, "receptiveField": field, "align": getattr(module, "align", 1),
             "macsPerPixel": {"source": graphs.source_macs, "output": graphs.decoder_macs},
             "decoder": entry("decoder.onnx", **({"onCpu": entry(QUICK)} if QUICK in files else {})), "base": module.base, "trainedTo": config.recipe.upper}
    if "prior.onnx" in files:
        found["prior"] = entry("prior.onnx", side=module.prior_side, noise=module.noise_size)
    return found


def unshipped(module) -> int:
    """Weights of the parts that only training needs."""
    return sum(weight_count(module.get_submodule(name)) for name in getattr(module, "training_only", ()))


def export_implicit(config: Config, force: bool = False, data: Path = DATA) -> list[int]:
    """Bundle the run's weights if they got better; the scales that were measured."""
    weights = run_weights(config.id)
    if not weights:
        return []
    module = import_module(f"..models.{config.arch}", __package__).Net(**config.sizes)
    if (count := load_matching(module, weights)) != len(module.state_dict()):
        raise SystemExit(f"{config.id}: {count} of {len(module.state_dict())} tensors found")
    if hasattr(module, "fold"):
        module.fold()
    graphs = graphs_of(module)
    shared = SHARED if module.shared else ""
    files, found = with_quick_decoder(config, graphs, *smallest(config, graphs, shared, module), module)
    folder = MODELS / config.id
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text()) if path.exists() else {"figures": {}, "validation": {}}
    if not force and not better(config, found, manifest["validation"]):
        print(f"{config.id}: {found} is not better than {manifest['validation']}", flush=True)
        return []
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        place = ENCODERS / f"{shared}.onnx" if name == "encoder" else folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        write_file(place, content)
    if QUICK not in files:
        (folder / QUICK).unlink(missing_ok=True)
    manifest |= {"files": [], "implicit": described(config, graphs, files, module),
                 "weights": weight_count(module) - unshipped(module)}
    manifest["validation"] |= found
    manifest.setdefault("training", {}).setdefault("runs", {}).update(training_account(config))
    write_manifest(config, manifest, path)  # measuring reads the bundled files through it
    measure_benchmarks(config, manifest, list(config.scales), data)
    draw_example(config.id, MODELS)
    write_manifest(config, manifest, path)
    return list(config.scales)

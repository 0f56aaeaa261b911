"""Bundling an any-scale method: its graphs, its figures, its manifest."""
import dataclasses
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import torch
from torch import nn

from .. import paths
from ..architectures import built
from ..architectures.flats import FlatSets
from ..architectures.matching import filled
from ..config import Config
from ..data.patches import to_network
from ..kernels.positions import axis
from ..kernels.resize import imresize_uint8
from ..learning.beginning import take
from ..learning.weights import run_weights, source_weights
from ..measure import validate
from ..measure.implicit import GraphEnlarger, photo_prior
from ..measure.liveness import note_source_bytes
from ..measure.reach import implicit_reach
from ..measure.session import session
from ..measure.validate import validation_figure
from ..paths import DATA
from .anatomy import receptive_field, weight_count
from .choice import STORAGE_COSTS_AT_MOST, better, cost
from .encoders import Encoder, encoder_file
from .examples import draw_example
from .files import write_file
from .flat_field import fit_sets
from .implicit_graphs import Encoding, Graphs, graphs_of
from .integer import Feeds, in_integers, wide_products
from .manifest import measure_benchmarks, write_manifest
from .onnxfile import Store, halve_storage, quantise_storage

QUICK = "decoder-int8.onnx"
QUICK_COSTS_AT_MOST = {"psnr": 0.02, "lpips": 0.001}
QUICK_SCALES = (1.5, 2.0, 3.0, 4.0, 8.0)  # the decoder's numbers are looked at there
QUICK_CROPS, QUICK_SIDE = 6, 24  # and so many source pixels of each


def any_scale_network(config: Config, weights: dict) -> nn.Module:
    """The module of an any-scale method with its weights, those of a run or of what is bundled, which lacks the parts
    that only training needs; fails when any other is missing but the correction of flat colours, which is fitted to them."""
    module = built(config)
    take(module, weights)
    return filled(module, weights, config.id, (*getattr(module, "training_only", ()), "flats"))


def files_of(graphs: Graphs, store: Store, encoder: Encoder | None) -> dict[str, bytes]:
    """File contents by name: a shared encoder or `body.onnx`, `head.onnx`, `decoder.onnx`, `prior.onnx`."""
    found = {"decoder.onnx": store(graphs.decoder), "head.onnx": store(graphs.source)}
    if not encoder:
        found["body.onnx"] = store(graphs.encoder)
    if graphs.basis is not None:
        found["basis.onnx"] = store(graphs.basis)
    if graphs.prior is not None:
        found["prior.onnx"] = store(graphs.prior)
    found = {name: graph.SerializeToString() for name, graph in found.items()}
    return found | {"encoder": encoder.content} if encoder else found


def enlarger_of(files: dict[str, bytes], module) -> GraphEnlarger:
    """The files at work, on a CPU."""
    source = [session(files.get("encoder") or files["body.onnx"]), session(files["head.onnx"])]
    prior = None
    if "prior.onnx" in files:
        prior = photo_prior(session(files["prior.onnx"]), module.prior_side, module.noise_size)
    return GraphEnlarger(source, session(files.get(QUICK, files["decoder.onnx"])), module.base, prior)


def figures(config: Config, files: dict[str, bytes], module) -> dict[str, float]:
    """Validation figures by scale."""
    enlarger = enlarger_of(files, module)
    return {f"x{s}": round(validation_figure(config, enlarger.run((s, s), **config.standing()), s), 4)
            for s in config.scales}


def smallest(config: Config, graphs: Graphs, encoder: Encoder | None,
             module) -> tuple[dict[str, bytes], dict[str, float]]:
    """(files, validation figures) as small as is nearly free: int8, half or full precision. What storing costs is
    alike at every scale: the largest is asked."""
    largest = dataclasses.replace(config, scales=config.scales[-1:])
    whole = files_of(graphs, lambda graph: graph, encoder)
    exact = figures(largest, whole, module)
    for store in (quantise_storage, halve_storage):
        files = files_of(graphs, store, encoder)
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


def described(config: Config, graphs: Graphs, files: dict[str, bytes], encoder: Encoder | None, module) -> dict:
    """The manifest's part on the graphs."""

    def entry(name: str, **more) -> dict:
        return {"file": name, "sha256": hashlib.sha256(files[name]).hexdigest(), **more}

    first = {"file": encoder.file, "sha256": encoder.sha256, "shared": True} if encoder else entry("body.onnx")
    source = [first | {"channels": graphs.channels[0], "macsPerPixel": graphs.macs[0]},
              entry("head.onnx", channels=graphs.channels[1], macsPerPixel=graphs.macs[1])]
    if graphs.reach is not None:
        source[1]["reach"] = graphs.reach
    field = getattr(module, "reach", None) or receptive_field(Encoding(module), 3, 1)
    align = getattr(module, "align", 1)
    # Steps of integers are laid out by what a batch holds, whatever the overlap.
    exact = {name: content for name, content in files.items() if name != QUICK}
    field = field | {"measured": implicit_reach(enlarger_of(exact, module), field, align, QUICK in files)}
    found = {"source": source, "receptiveField": field, "align": align,
             "macsPerPixel": {"source": sum(graphs.macs), "output": graphs.decoder_macs},
             "decoder": entry("decoder.onnx", **({"onCpu": entry(QUICK)} if QUICK in files else {})),
             "base": module.base, "trainedTo": config.told_to or config.recipe.trained_to}
    if graphs.basis is not None:
        found["decoder"]["basis"] = entry("basis.onnx", functions=module.decoder.basis.count)
    if "prior.onnx" in files:
        found["prior"] = entry("prior.onnx", side=module.prior_side, noise=module.noise_size)
    note_source_bytes(found, [files["encoder" if encoder else "body.onnx"], files["head.onnx"]])
    return found


def unshipped(module) -> int:
    """Weights of the parts that only training needs."""
    return sum(weight_count(module.get_submodule(name)) for name in getattr(module, "training_only", ()))


def export_implicit(config: Config, accounts: dict[str, dict], force: bool = False, weights_from: str = "",
                    data: Path = DATA) -> list[int]:
    """Bundle the run's weights, or those of a source, if they got better; the scales that were measured. `accounts`:
    what each task's weights have had."""
    weights = source_weights(weights_from, data) if weights_from else run_weights(config.id)
    if not weights:
        return []
    module = any_scale_network(config, weights)
    if hasattr(module, "fold"):
        module.fold()
    if isinstance(getattr(module, "flats", None), FlatSets):
        fit_sets(module)
    graphs = graphs_of(module)
    encoder = encoder_file(module.encoder, graphs.encoder) if graphs.shared else None
    files, found = with_quick_decoder(config, graphs, *smallest(config, graphs, encoder, module), module)
    folder = paths.MODELS / config.id
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text()) if path.exists() else {"figures": {}, "validation": {}}
    if not force and not better(config, found, manifest["validation"]):
        print(f"{config.id}: {found} is not better than {manifest['validation']}", flush=True)
        return []
    folder.mkdir(parents=True, exist_ok=True)
    if encoder:
        encoder.write()
    for name, content in files.items():
        if name != "encoder":
            write_file(folder / name, content)
    for name in {QUICK, "basis.onnx"} - files.keys():
        (folder / name).unlink(missing_ok=True)
    manifest |= {"files": [], "implicit": described(config, graphs, files, encoder, module),
                 "weights": weight_count(module) - unshipped(module)}
    manifest["validation"] |= found
    manifest.setdefault("training", {}).setdefault("runs", {}).update(accounts)
    write_manifest(config, manifest, path)  # measuring reads the bundled files through it
    measure_benchmarks(config, manifest, list(config.scales), data)
    draw_example(config.id)
    write_manifest(config, manifest, path)
    return list(config.scales)

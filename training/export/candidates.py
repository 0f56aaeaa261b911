"""What may be bundled of a network of fixed scales: the trained module of every scale, stored as small as is nearly free,
with its validation figures, and whether it got better."""
import copy
from pathlib import Path
from typing import NamedTuple

from torch import nn

from ..architectures import built
from ..architectures.matching import filled
from ..config import Config, load
from ..learning.weights import committed_weights, run_weights, source_weights
from ..measure.session import session_runner
from ..measure.validate import validation_figure
from .anatomy import weight_count
from .choice import STORAGE_COSTS_AT_MOST, better, cost
from .flat_field import fit
from .onnxfile import Store, halve_storage, quantise_storage, to_onnx

FITTED = ("flats",)  # parts that are fitted to the others, and may be missing
SMALL_ABOVE = 200_000  # weights; below it smaller storage saves nothing worth having


def network(config: Config, scale: int, weights: dict):
    """The module of one exported file (scale 0: all scales), with its weights; fails when any is missing but the
    correction of flat colours, which is fitted to the others. Normalisations are folded away, in bundled weights as in a
    run's."""
    module, name = built(config, (scale,) if scale else ()), f"{config.id} x{scale}"
    if not hasattr(module, "folded"):
        return filled(module, weights, name, FITTED)
    if any(key.endswith("running_mean") for key in weights):
        return filled(module, weights, name, FITTED).folded()
    return filled(module.folded(), weights, name, FITTED)


def file_scales(config: Config) -> list[int]:
    """The `scale` of each file: [0] for one network that serves every scale."""
    return [0] if config.together and config.kind == "preUpsampled" else list(config.scales)


def figures(config: Config, onnx_bytes: bytes, scale: int) -> dict[str, float]:
    """Validation figures of a file, by scale."""
    run = session_runner(onnx_bytes)
    return {f"x{s}": round(validation_figure(config, run, s), 4) for s in ([scale] if scale else config.scales)}


def encode(config: Config, modules: dict[int, nn.Module]) -> dict[int, tuple[bytes, dict[str, float]]]:
    """(file, validation figures) of every scale's module, all stored as small as is nearly free on their mean: int8, half
    or full precision. What they have in common is then the same in all of them."""
    models = {scale: to_onnx(module, config.input_channels) for scale, module in modules.items()}

    def stored(store: Store) -> dict[int, tuple[bytes, dict[str, float]]]:
        contents = {scale: store(model).SerializeToString() for scale, model in models.items()}
        return {scale: (content, figures(config, content, scale)) for scale, content in contents.items()}

    whole = stored(lambda model: model)
    if max(weight_count(module) for module in modules.values()) < SMALL_ABOVE:
        return whole
    for store in (quantise_storage, halve_storage):
        small = stored(store)
        if cost(config, together(whole), together(small)) < STORAGE_COSTS_AT_MOST[config.measure]:
            return small
    return whole


def together(encoded: dict[int, tuple[bytes, dict[str, float]]]) -> dict[str, float]:
    """The figures of all files."""
    return {key: value for _, found in encoded.values() for key, value in found.items()}


def encode_both(config: Config, module, scale: int) -> tuple[bytes, bytes, dict[str, float]]:
    """(file, the other end's file, validation figures): both stored alike, whatever int8 costs, because `strength` goes
    between their numbers."""
    weights = committed_weights(config.blend, scale) or run_weights(config.blend, scale)
    faithful = network(load(config.blend), scale, weights)
    if module.flats is not None:
        fit((faithful, module), copy.deepcopy(module))
    first, second = (to_onnx(made, config.input_channels) for made in (module, faithful))
    content = quantise_storage(first, second).SerializeToString()
    other = quantise_storage(second, first).SerializeToString()
    return content, other, figures(config, content, scale)


class Candidate(NamedTuple):
    """What may be bundled for a scale: the run it comes from, its module, file and validation figures."""

    scale: int
    task: str
    module: nn.Module
    content: bytes
    found: dict[str, float]
    other: bytes = b""  # the file that `strength` goes to


def candidates_of(config: Config, scales: list[int], weights_from: str, data: Path) -> list[Candidate]:
    """The last trained weights of every file, or those of a source; none where there are none."""
    modules, tasks = {}, {}
    for scale in scales:
        task = config.id if config.together else f"{config.id}-x{scale}"
        weights = source_weights(weights_from, data) if weights_from else run_weights(config.id, 0 if config.together else scale)
        if weights:
            modules[scale], tasks[scale] = network(config, scale, weights), task
            if getattr(modules[scale], "flats", None) is not None and not config.blend:
                fit([modules[scale]])
    if config.blend:
        made = {scale: encode_both(config, module, scale) for scale, module in modules.items()}
        return [Candidate(s, tasks[s], modules[s], content, found, other) for s, (content, other, found) in made.items()]
    groups = [list(modules)] if config.together else [[scale] for scale in modules]
    encoded = [one for group in groups if group
               for one in encode(config, {scale: modules[scale] for scale in group}).items()]
    return [Candidate(scale, tasks[scale], modules[scale], *one) for scale, one in encoded]


def got_better(config: Config, candidates: list[Candidate], old: dict[str, float]) -> list[Candidate]:
    """Those that are worth writing. Files that were trained together hold one body, and go or stay together."""
    all_found = {key: value for c in candidates for key, value in c.found.items()} if config.together else {}
    kept = []
    for one in candidates:
        if better(config, all_found or one.found, old):
            kept.append(one)
        else:
            print(f"{config.id} x{one.scale}: {one.found} is not better than {old}", flush=True)
    return kept

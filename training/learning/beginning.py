"""Where a network's first weights come from: what is bundled, or the `start` of its config."""
from collections.abc import Callable
from pathlib import Path

from torch import Tensor, nn

from ..architectures.embed import embed
from ..architectures.matching import load_matching
from ..config import Config
from .weights import committed_weights, source_weights


def take(module: nn.Module, weights: dict[str, Tensor]) -> int:
    """Take over what fits, and what the network knows how to make its own; how many tensors fitted."""
    count = load_matching(module, weights)
    if hasattr(module, "adopt"):
        module.adopt(weights)
    return count


def take_bundled(module: nn.Module, config: Config, task: str, scales: tuple[int, ...]) -> bool:
    """Become the bundled network; whether there is one."""
    # A model trained together has one file a scale that all hold the shared part: any order will do.
    found = [committed_weights(config.id, scale) for scale in scales or (0,)]
    if not any(found):
        return False
    for weights in found:
        take(module, weights)
    _check_whole(module, task, set().union(*found))
    return True


def take_start(module: nn.Module, config: Config, task: str, scales: tuple[int, ...], data: Path,
               pictures: Callable[[], Tensor]) -> bool:
    """Begin as the config's `start` says; whether as a trained network, which the full rate would undo. `pictures`
    draws small ones as the network will see them: an embedding is fitted on them."""
    trained, found = False, set()
    for source in config.start:
        if source.startswith("embed:"):
            embed(module, source_weights(source.removeprefix("embed:"), data), pictures)
            print(f"{task}: begins as {source.removeprefix('embed:')}", flush=True)
            trained = True
        elif source != f"{config.id}:{scales[0]}":
            weights = source_weights(source, data)
            found |= weights.keys()
            print(f"{task}: {take(module, weights)} tensors from {source}", flush=True)
    _check_frozen(module, config, task, found)
    return trained


def stand_on(module: nn.Module, config: Config, task: str, source: str, data: Path) -> None:
    """Take the encoder over from another source than the one that the weights came with."""
    part = config.frozen or "encoder"
    wanted = module.get_submodule(part).state_dict() if hasattr(module, part) else {}
    found = {name: value for name, value in source_weights(source, data).items() if name.startswith(f"{part}.")}
    if not wanted or load_matching(module, found) != len(wanted):
        raise SystemExit(f"{task}: expected an {part} of {len(wanted)} tensors in {source}, found {len(found)}"
                         f"{'' if wanted else '; it has none itself'}")
    print(f"{task}: {part} of {source}", flush=True)


def _check_whole(module: nn.Module, task: str, found: set[str]) -> None:
    """Refuse to go on from a bundled network of which a part is missing: the rest would be trained against one that
    nobody trained. Parts that only training needs begin anew."""
    absent = sorted(module.state_dict().keys() - found)
    anew = tuple(f"{part}." for part in getattr(module, "training_only", ()))
    normalised = {name for name, layer in module.named_modules() if isinstance(layer, nn.BatchNorm2d)}
    # Bundled normalisations are folded into the convolutions before them and begin as the identity.
    missing = [n for n in absent if not n.startswith(anew) and n.rpartition(".")[0] not in normalised]
    if missing:
        raise SystemExit(f"{task}: the bundled files lack {len(missing)} of the network's tensors "
                         f"({', '.join(missing[:3])}, ...); export the model again, or start without --resume")
    if begun := sorted({n.partition(".")[0] for n in absent if n.startswith(anew)}):
        print(f"{task}: {', '.join(begun)} is not bundled and begins anew", flush=True)


def _check_frozen(module: nn.Module, config: Config, task: str, found: set[str]) -> None:
    """Refuse to train against a frozen part that nobody trained."""
    frozen = config.frozen
    missing = [n for n in module.state_dict() if frozen and n.startswith(f"{frozen}.") and n not in found]
    if missing:
        raise SystemExit(f"{task}: {frozen!r} stays as it starts, and {len(missing)} of its tensors are in none "
                         f"of {', '.join(config.start) or 'no start'}; train or bundle one of these first")

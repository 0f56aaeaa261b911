"""manifest.json of a bundled model: what the application and the card read."""
import json
from pathlib import Path

from .. import paths
from ..config import Config
from ..data.pictures import list_pictures
from ..learning.books import Books, by_device, named, spelled
from ..learning.weights import further_kept
from ..measure.evaluation import enlarger, installed_features, measure, summary
from ..measure.flatness import flatness
from ..measure.perceptual import Features
from ..paths import DATA, benchmark
from .card import write_card

DATA_LICENCE = ("357 photographs under CC0, CC BY-SA 4.0 (Cloudinary Image Dataset '22), the Unsplash and the Pexels "
                "licences; none of them is part of this package")


def training_account(config: Config) -> dict[str, dict]:
    """Steps, wall minutes and device of every run that there is a record of, here or kept, by task."""
    found = {}
    for task, _ in config.tasks():
        path = paths.RUNS / task / "record.json"
        if path.exists():
            record = json.loads(path.read_text())
        elif kept := further_kept(config.id, task):
            record = Books.read(kept).record(task)
        else:
            continue
        minutes = record.get("spent", record["minutes"])  # records of before had none
        found[task] = {"steps": record["steps"], "minutes": minutes, "device": spelled(by_device(record["device"], minutes)),
                       **({"loss": record["loss"]} if record.get("loss") else {})}
    return found


def devices(*found: str) -> str:
    """Each device that some run names, once."""
    return "; ".join(dict.fromkeys(named(device) for device in found if device))


def losses(config: Config, runs: dict[str, dict]) -> str:
    """What the last runs minimised; of runs that do not say it, what the config says."""
    return "; ".join(dict.fromkeys(run["loss"] for run in runs.values() if "loss" in run)) or config.recipe.losses()


def write_manifest(config: Config, manifest: dict, path: Path) -> None:
    """Write manifest and card from what is known; the manifest's order is fixed."""
    runs = manifest.get("training", {}).get("runs", {})
    account = config.card.get("account", {})
    # What the first weights had before the runs kept books is stated in the config.
    steps = sum(r["steps"] for r in runs.values()) + account.get("steps", 0)
    minutes = round(sum(r["minutes"] for r in runs.values()) + account.get("minutes", 0), 1)
    ordered = {
        "format": 1, "id": config.id, "name": config.name, "family": config.family, "kind": config.kind,
        "channels": config.channels, "scales": list(config.scales), "weights": manifest["weights"],
        "licence": {"weights": "MIT", "data": config.card.get("data", DATA_LICENCE)},
        "paper": {key: config.paper[key] for key in ("title", "authors", "year")},
        "files": manifest["files"], **({"implicit": manifest["implicit"]} if "implicit" in manifest else {}),
        **({"controls": list(config.controls)} if config.controls else {}),
        "figures": manifest["figures"], "validation": manifest["validation"],
        **({"flatness": manifest["flatness"]} if "flatness" in manifest else {}),
        "training": {
            "photographs": "369 less 12 kept for validation, see the card", "steps": steps, "minutes": minutes,
            "device": devices(account.get("device", ""), *(run["device"] for run in runs.values())),
            "loss": losses(config, runs), "runs": runs,
        },
        "goodAt": config.card["goodAt"], "badAt": config.card["badAt"],
    }
    part = path.with_suffix(".part")
    part.write_text(json.dumps(ordered, indent=2, ensure_ascii=False) + "\n")
    part.rename(path)
    write_card(config, ordered, path.with_name("card.md"))


def figure_of(config: Config, found: dict, name: str, scale: int) -> dict:
    """One figure of a manifest from what `measure` found, the paper's beside it where it is stated."""
    entry = {"psnrY": round(found["psnrY"], 3), "ssimY": round(found["ssimY"], 4)}
    if "lpips" in found:
        entry["lpips"] = round(found["lpips"], 4)
    published = config.paper.get("psnrY", {}).get(name, {}).get(f"x{scale}")
    return entry if published is None else entry | {"paperPsnrY": published}


def measure_set(config: Config, manifest: dict, name: str, scale: int, features: Features | None, threads: int = 1,
                data: Path = DATA) -> None:
    """Measure the bundled files on one set at one scale into the manifest's `figures`."""
    found = measure(list_pictures(benchmark(name, data)), scale, enlarger(config.id, scale, threads), "y", features)
    manifest["figures"].setdefault(name, {})[f"x{scale}"] = figure_of(config, found, name, scale)
    print(f"{config.id} {name} x{scale}: {summary(found)}", flush=True)


def forget_figures(config: Config, manifest: dict, scales: list[int]) -> None:
    """Take the figures of changed scales out of a manifest, and those at scales that the method reaches by them."""
    stay = {f"x{scale}" for scale in config.scales if not {0, scale} & set(scales)}
    left = {name: {scale: figure for scale, figure in found.items() if scale in stay or not scales}
            for name, found in manifest["figures"].items()}
    manifest["figures"] = {name: found for name, found in left.items() if found}


def measure_benchmarks(config: Config, manifest: dict, scales: list[int], data: Path = DATA) -> None:
    """Fill `figures` for the scales that changed (0: all), from the bundled files, on the sets that are there; what other
    weights reached at them is forgotten."""
    forget_figures(config, manifest, scales)
    features = installed_features(data)
    for name in config.benchmarks:
        if not benchmark(name, data).is_dir():
            continue
        for scale in config.scales if scales == [0] else scales:
            measure_set(config, manifest, name, scale, features, data=data)
    if config.recipe.adversarial:  # what these draw where there is nothing moves no other figure
        manifest["flatness"] = flatness(config, max(config.scales))

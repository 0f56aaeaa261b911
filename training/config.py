"""Reading `training/configs/<name>.toml`."""
import tomllib
from dataclasses import dataclass, field, fields, replace
from pathlib import Path

from .paths import CONFIGS


# Of its weight, at which a full-size photograph (longer than data/pack.py's HALVE_ABOVE) is drawn; its half at full
# weight. Two thirds of all detail lies there, and it is soft at the pixel. FSRCNN x3, 4,000 equal steps, two seeds,
# full-size photographs not drawn at all: +0.05 to +0.07 dB of validation, +0.01 to +0.04 on the sets. Any-scale methods
# gain less so far: +0.03 dB or nothing (README.md, "What was measured").
LARGE_SHARE = 0.15


@dataclass(frozen=True)
class Recipe:
    """How a model is trained. `patch` is in pixels of the network's input."""

    batch: int
    patch: int
    rate: float
    late_batch: int = 0  # from `late_from` of the run on; 0: as before
    late_from: float = 1.0
    loss: str = "l1"
    finish_loss: str = ""  # from `finish_from` of the run on
    finish_from: float = 1.0
    exact_from: float = 0.85  # from here on float32 instead of bf16: the shipped weights are run in float32
    turns: tuple[int, ...] = ()  # scales in the order in which their batches come; none: each once
    again: float = 0.3  # times `rate` in a run that starts from weights already trained: the full rate undoes them
    optimiser: str = "adam"  # or soap
    refresh: int = 10  # steps between refreshes of soap's bases
    widest: int = 4096  # longest side of a layer's matrix that soap turns
    betas: tuple[float, float] = (0.9, 0.99)
    clip: float = 0.0  # gradient norm; 0: none
    warmup: int = 300  # steps
    ema: float = 0.999
    frozen_norm: bool = False  # batch normalisations keep their statistics: for a start from trained weights
    seed: int = 1
    large: float = LARGE_SHARE
    shrink: float = 1.0  # photographs are first made smaller by up to this in most batches, see data/patches.py
    half: bool = True  # bf16 autocast, where the device has its arithmetic
    channels_last: bool = True
    capture: bool = True  # on a GPU, record a step once and replay it, see learning/captured.py
    validate_minutes: float = 10.0  # between looks; 0: none, only the export looks (where a look costs minutes)
    content: float = 0.0  # weights of the losses beside the pixel loss, see learning/objective.py
    content_zoom: int = 1  # times that windows are enlarged for the content loss, see learning/objective.py
    adversarial: float = 0.0
    relativistic: bool = False
    pixel: float = 1.0
    discriminator_rate: float = 1e-4
    discriminator_width: int = 64  # channels of its first convolution; its dense layer has 16 times as many
    points: int = 0  # implicit: rows and as many columns of output pixels asked for of a patch; 0: all
    upper: float = 4.0  # implicit: scales are drawn from 1 to this,
    exact_scales: float = 0.4  # or, for this share of the batches, from 2, 3 and 4,
    beyond: float = 0.0  # or, for this share, from `upper` to twice that
    flat: float = 0.0  # weight of the loss in flat places (any-scale methods), see learning/implicit_run.py

    @property
    def trained_to(self) -> float:
        """The largest scale that an any-scale method has seen."""
        return 2 * self.upper if self.beyond else self.upper

    def losses(self) -> str:
        """What is minimised, in words for the card."""
        parts = [self.loss] if self.pixel else []
        if self.pixel not in (0.0, 1.0):
            parts = [f"{self.pixel:g} {self.loss}"]
        if self.finish_loss:
            parts.append(f"{self.finish_loss} in the last {100 * (1 - self.finish_from):.0f} %")
        if self.content:
            parts.append(f"{self.content:g} content (AlexNet features, LPIPS weights)")
        if self.adversarial:
            parts.append(f"{self.adversarial:g} adversarial ({'relativistic' if self.relativistic else 'vanilla'})")
        if self.flat:
            parts.append(f"{self.flat:g} l1 in flat places")
        return ", ".join(parts)


@dataclass(frozen=True)
class Config:
    """One model. `together`: one set of weights trained on all scales in turn."""

    id: str
    name: str
    arch: str
    family: str
    kind: str
    channels: str
    scales: tuple[int, ...]
    recipe: Recipe
    together: bool = False
    global_view: bool = False  # pools over the whole picture: its receptive field is the picture
    sizes: dict = field(default_factory=dict)
    start: tuple[str, ...] = ()  # where the first weights come from, see learning/weights.py
    frozen: str = ""  # the part of the network that stays as it started
    learns: str = ""  # the only part that does not
    controls: tuple[dict, ...] = ()  # what users can turn in it: {id, default}
    degrade: str = ""  # degradation of the training pairs, see data/degrade.py; empty: the reference bicubic
    benchmarks: tuple[str, ...] = ("Set5", "Set14", "BSD100")  # measured at every export
    blend: str = ""  # the model of the same structure that the control `strength` goes towards
    crops: int = 12  # of the validation photographs that are looked at; fewer where an output pixel is dear
    measure: str = "psnr"  # what the queue compares: psnr (higher) or lpips (lower)
    told_to: float = 0.0  # the largest scale whose pixels the decoder is told of; 0: the largest that it has seen
    paper: dict = field(default_factory=dict)
    card: dict = field(default_factory=dict)

    def changed(self, recipe: dict, start: str | None = None) -> "Config":
        """With other values of some fields of the recipe and, where given, other sources to start from (separated by
        commas; "": none)."""
        known = {entry.name for entry in fields(Recipe)}
        if wrong := sorted(recipe.keys() - known):
            raise SystemExit(f"{self.id}: the recipe has no {', '.join(wrong)}; it has {', '.join(sorted(known))}")
        sources = self.start if start is None else tuple(filter(None, start.split(",")))
        return replace(self, recipe=replace(self.recipe, **_tuples(recipe)), start=sources)

    @property
    def input_channels(self) -> int:
        """Channels of the network's input."""
        return 1 if self.channels == "y" else 3

    def standing(self) -> dict[str, float]:
        """Where the controls stand by themselves."""
        return {control["id"]: float(control["default"]) for control in self.controls}

    def tasks(self) -> list[tuple[str, tuple[int, ...]]]:
        """(name of the run's folder, scales it trains) of every run this model needs."""
        if self.together:
            return [(self.id, self.scales)]
        return [(f"{self.id}-x{scale}", (scale,)) for scale in self.scales]


def _tuples(table: dict) -> dict:
    """Lists, as TOML and JSON have them, as the tuples that a frozen class holds."""
    return {key: tuple(value) if isinstance(value, list) else value for key, value in table.items()}


def load(name: str, folder: Path = CONFIGS) -> Config:
    """The config `name`; says which exist when it does not."""
    path = folder / f"{name}.toml"
    if not path.exists():
        there = ", ".join(sorted(p.stem for p in folder.glob("*.toml")))
        raise SystemExit(f"no config {name!r}; there are {there}")
    raw = tomllib.loads(path.read_text())
    recipe = _tuples(raw.pop("train"))
    for key in ("scales", "start", "controls", "benchmarks"):
        if key in raw:
            raw[key] = tuple(raw[key])
    return Config(recipe=Recipe(**recipe), **raw)

"""Bundling a trained model of any kind."""
from pathlib import Path

from ..config import Config
from ..paths import DATA
from .implicit import export_implicit
from .network import export_network


def export(config: Config, force: bool = False, weights_from: str = "", data: Path = DATA, only: int = 0) -> list[int]:
    """Bundle what got better, of all scales or only one; the scales that were written."""
    if config.kind == "implicit":
        return export_implicit(config, force, data)
    return export_network(config, force, weights_from, data, only)

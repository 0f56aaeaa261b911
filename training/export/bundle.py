"""Bundling a trained model of any kind."""
from pathlib import Path

from ..config import Config
from ..paths import DATA
from .implicit import export_implicit
from .manifest import training_account
from .network import export_network


def export(config: Config, force: bool = False, weights_from: str = "", data: Path = DATA, only: int = 0,
           books: dict | None = None) -> list[int]:
    """Bundle what got better, of all scales or only one; the scales that were written. Weights `weights_from` another
    source than the model's own runs come with their `books`: steps, minutes, device."""
    accounts = {task: books for task, _ in config.tasks()} if books else training_account(config)
    if config.kind == "implicit":
        return export_implicit(config, accounts, force, weights_from, data)
    return export_network(config, accounts, force, weights_from, data, only)

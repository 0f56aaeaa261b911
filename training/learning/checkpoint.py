"""What a killed run goes on from: one file a task, never half there."""
import os
from pathlib import Path

import torch


def read_checkpoint(folder: Path) -> dict | None:
    """The checkpoint of a run's folder on the CPU, or nothing."""
    path = folder / "checkpoint.pt"
    return torch.load(path, map_location="cpu", weights_only=True) if path.exists() else None


def write_checkpoint(folder: Path, state: dict) -> None:
    """Written beside the old one, then put in its place: a kill leaves one of the two whole."""
    part = folder / "checkpoint.part"
    torch.save(state, part)
    os.replace(part, folder / "checkpoint.pt")

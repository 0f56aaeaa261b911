"""The small form of a run for a work tree that is handed on without the runs folder: averaged weights in half
precision and the books, in a file that holds nothing but numbers and text (safetensors)."""
import json
from pathlib import Path

import torch
from torch import Tensor

from .. import paths
from .checkpoint import read_checkpoint

FORMAT = 1


def kept_path(task: str) -> Path:
    """Where a task's kept run lies, in the work tree."""
    return paths.KEPT / f"{task}.safetensors"


def keep(task: str) -> Path:
    """Write the last checkpoint of a task in its small form."""
    from safetensors.torch import save_file  # only here: the trainer runs without it

    state = read_checkpoint(paths.RUNS / task)
    if state is None:
        raise SystemExit(f"{task}: no checkpoint in {paths.RUNS / task}; train it first")
    books = {"format": FORMAT, "task": task, "steps": state["steps"], "minutes": state["minutes"],
             "devices": state.get("devices", {}), "looks": state["looks"][-1:], "run": state["run"]}
    path = kept_path(task)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    save_file({name: half(value) for name, value in state["ema"].items()}, str(part), {"books": json.dumps(books)})
    part.replace(path)
    return path


def half(value: Tensor) -> Tensor:
    """In half precision where that holds it."""
    value = value.detach().contiguous()
    if not value.is_floating_point():
        return value
    short = value.half()
    return short if bool(short.isfinite().all()) else value


def read_kept(path: Path) -> dict | None:
    """{"ema": float32 weights, and the books} of a kept run, or nothing."""
    if not path.exists():
        return None
    from safetensors import safe_open

    with safe_open(str(path), "pt") as file:
        books = json.loads((file.metadata() or {}).get("books", "null"))
        if not books or books.get("format") != FORMAT:
            raise SystemExit(f"{path}: expected the books of a kept run (format {FORMAT}), found "
                             f"{books and books.get('format')}; write it again with `python -m training.keep`")
        weights = {name: file.get_tensor(name) for name in file.keys()}
    return {**books, "ema": {name: value.float() if value.dtype == torch.float16 else value
                             for name, value in weights.items()}}

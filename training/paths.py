"""Where things lie: the repository, the data (never inside it), the runs (not inside it either: they are large, and
a work tree may be thrown away) and the bundled models."""
import os
import sys
from pathlib import Path


def user_cache() -> Path:
    """The user's folder for what can be made again, or is in use for long and belongs to no project file."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")


REPOSITORY = Path(__file__).resolve().parent.parent
TRAINING = REPOSITORY / "training"
CONFIGS = TRAINING / "configs"
RUNS = Path(os.environ.get("ENLARGER_RUNS") or user_cache() / "enlarger" / "runs")
# Runs in their small form, committed by whoever hands the work tree on.
KEPT = Path(os.environ.get("ENLARGER_KEPT") or TRAINING / "kept")
MODELS = Path(os.environ.get("ENLARGER_MODELS", REPOSITORY / "resources" / "models"))
ENCODERS = REPOSITORY / "resources" / "encoders"
DATA = Path(os.environ.get("ENLARGER_DATA", REPOSITORY.parent / "shared" / "data"))


def benchmark(name: str, data: Path = DATA) -> Path:
    """Folder of the HR originals of a benchmark set (`Set5`, `Set14`, `BSD100`)."""
    return data / "bench" / name

"""Where things lie: the repository, the data (never inside it), the runs and the bundled models."""
import os
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
TRAINING = REPOSITORY / "training"
CONFIGS = TRAINING / "configs"
RUNS = Path(os.environ.get("ENLARGER_RUNS", TRAINING / "runs"))
MODELS = Path(os.environ.get("ENLARGER_MODELS", REPOSITORY / "resources" / "models"))
ENCODERS = REPOSITORY / "resources" / "encoders"
DATA = Path(os.environ.get("ENLARGER_DATA", REPOSITORY.parent / "shared" / "data"))


def benchmark(name: str, data: Path = DATA) -> Path:
    """Folder of the HR originals of a benchmark set (`Set5`, `Set14`, `BSD100`)."""
    return data / "bench" / name

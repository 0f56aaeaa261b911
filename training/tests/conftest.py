"""What the tests share: one thread, and a small pack of drawn pictures."""
import numpy as np
import pytest
import torch
from PIL import Image

from training import paths
from training.data.pack import Pack, write_pack

torch.set_num_threads(1)


def drawn(seed: int, height: int, width: int) -> np.ndarray:
    """A uint8 RGB picture with edges, gradients and texture, drawn by a formula."""
    random = np.random.default_rng(seed)
    y, x = np.mgrid[:height, :width] / 40.0
    planes = []
    for _ in range(3):
        a, b, c = random.uniform(0.5, 4, 3)
        wave = np.sin(a * x + np.cos(b * y)) + np.sign(np.sin(c * (x + y))) * 0.6
        planes.append(wave)
    picture = np.stack(planes, axis=2)
    return np.clip(127 + 60 * picture + random.normal(0, 2, picture.shape), 0, 255).astype(np.uint8)


@pytest.fixture(autouse=True)
def nothing_kept(tmp_path, monkeypatch) -> None:
    """Runs kept in the work tree are further than what is bundled, and are none of a test's."""
    monkeypatch.setattr(paths, "KEPT", tmp_path / "kept")


@pytest.fixture(scope="session")
def small_pack(tmp_path_factory) -> Pack:
    """A pack of four drawn photographs; one carries the name of a validation photograph and must be left out."""
    root = tmp_path_factory.mktemp("data")
    (root / "train").mkdir()
    sizes = {"one": (150, 200), "two": (130, 131), "large": (300, 1300), "aosc-004": (120, 120)}
    for seed, (name, (height, width)) in enumerate(sizes.items()):
        Image.fromarray(drawn(seed, height, width)).save(root / "train" / f"{name}.png")
    write_pack(root, root / "cache")
    return Pack(root / "cache")

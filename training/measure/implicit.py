"""Running the graphs of an any-scale method with ONNX Runtime, as the engine does it but on the whole picture."""
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from torch import Tensor

from ..architectures.prior_encoder import photo_patches
from ..kernels.base import bicubic_base
from ..kernels.noise import noise_of
from ..kernels.positions import Axis, axis, blend, decoder_inputs
from .enlarge import MARGIN, Run, mirrored
from .session import session

STRIP_PIXELS = 1 << 12  # output pixels decoded at once: 768 logits of each must stay in the cache


class GraphEnlarger:
    """An any-scale method from its graphs: the source graphs in order, the decoder, its base, and its prior if any."""

    def __init__(self, source: list[onnxruntime.InferenceSession], decoder: onnxruntime.InferenceSession, base: str,
                 prior: Callable[[np.ndarray], np.ndarray] | None = None, trained_to: float = float("inf")):
        self.trained_to = trained_to
        self.source, self.decoder, self.base, self.prior = source, decoder, base, prior
        self.wanted = {entry.name for entry in decoder.get_inputs()}

    def features(self, x: np.ndarray, photo: np.ndarray | None = None) -> np.ndarray:
        """[1, 3, h, w] -> what the decoder reads; `photo`: what the prior is drawn from, if not x."""
        prior, pixels = self.prior(x if photo is None else photo) if self.prior else None, x
        for place, graph in enumerate(self.source):
            last = place == len(self.source) - 1
            offered = {"input": x} | ({"prior": prior, "photo": pixels} if last else {})
            x = graph.run(None, {entry.name: offered[entry.name] for entry in graph.get_inputs()})[0]
        return x

    def feeds(self, features: Tensor, rows: Axis, columns: Axis, scale: tuple[float, float],
              **controls: float) -> dict[str, np.ndarray]:
        """What the decoder is run with, of what it wants."""
        # Of smaller pixels than it was trained with a decoder knows nothing.
        known = (min(scale[0], self.trained_to), min(scale[1], self.trained_to))
        inputs = decoder_inputs(features, rows, columns, known)
        inputs |= {name: torch.tensor([value], dtype=torch.float32) for name, value in controls.items()}
        return {name: np.ascontiguousarray(t.numpy()) for name, t in inputs.items() if name in self.wanted}

    def run(self, scale: tuple[float, float], **controls: float) -> Run:
        """float32 [1, 3, h, w] -> [1, 3, h s_y, w s_x], sizes rounded half up; mirrored around its border."""

        def enlarge(x: np.ndarray) -> np.ndarray:
            image = torch.from_numpy(x)
            size = tuple(int(n * s + 0.5) for n, s in zip(x.shape[2:], scale))
            features = torch.from_numpy(self.features(mirrored(x), x))
            rows, columns = (axis(n, out, s, MARGIN) for n, out, s in zip(x.shape[2:], size, scale))
            own = [axis(n, out, s) for n, out, s in zip(x.shape[2:], size, scale)]
            step = max(1, STRIP_PIXELS // size[1])
            strips = []
            for top in range(0, size[0], step):
                chosen = torch.arange(top, min(top + step, size[0]))
                part = rows.pick(chosen)
                # Only the source rows that the strip touches: a dense decoder's work grows with them.
                first, last = int(part.index.min()), int(part.index.max())
                local = part._replace(index=part.index - first)
                given = self.feeds(features[:, :, first : last + 1], local, columns, scale, **controls)
                strip = torch.from_numpy(self.decoder.run(None, given)[0])
                strips.append(strip + (blend(image, own[0].pick(chosen), own[1]) if self.base == "bilinear" else 0))
            whole = torch.cat(strips, dim=2)
            return (whole + bicubic_base(image, size, scale) if self.base == "bicubic" else whole).numpy()

        return enlarge


def photo_prior(graph: onnxruntime.InferenceSession, side: int, numbers: int, seed: int = 1):
    """A prior's graph as a function of a photo [1, 3, h, w], with the noise that `seed` makes."""
    noise = noise_of(seed, numbers)[None]

    def prior(x: np.ndarray) -> np.ndarray:
        patches = photo_patches(torch.from_numpy(x), side).numpy()
        return graph.run(None, {"patches": patches, "noise": noise})[0]

    return prior


def load_enlarger(folder: Path, manifest: dict, threads: int = 1, seed: int | None = None) -> GraphEnlarger:
    """A bundled any-scale method; `seed`, without a value the manifest's, makes the noise that a prior is drawn from."""
    described = manifest["implicit"]
    shared = folder.parent.parent / "encoders"

    def opened(entry: dict) -> onnxruntime.InferenceSession:
        return session((shared if entry.get("shared") else folder) / entry["file"], threads)

    prior = None
    if "prior" in described:
        entry = described["prior"]
        standing = {c["id"]: c["default"] for c in manifest.get("controls", [])}
        drawn = int(standing.get("seed", 1)) if seed is None else seed
        prior = photo_prior(opened(entry), entry["side"], entry["noise"], drawn)
    decoder = described["decoder"].get("onCpu", described["decoder"])
    return GraphEnlarger([opened(entry) for entry in described["source"]], opened(decoder), described["base"], prior,
                         described["trainedTo"])

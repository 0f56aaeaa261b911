"""The figures models are chosen by: PSNR-Y on crops of the photographs that are kept aside."""
import numpy as np
import torch
from torch import nn

from .config import Config
from .data.validation import validation_crops
from .enlarge import enlarge
from .metrics import score
from .resize import imresize_uint8


def torch_runner(module: nn.Module, scale: int, together: bool, device: str = "cpu"):
    """A module as the `run` of `enlarge`: float32, no gradients."""

    @torch.no_grad()
    def run(x: np.ndarray) -> np.ndarray:
        tensor = torch.from_numpy(x).to(device)
        return (module(tensor, scale) if together else module(tensor)).float().cpu().numpy()

    return run


def validation_psnr(run, kind: str, channels: str, scale: int, crops: np.ndarray | None = None) -> float:
    """Mean PSNR-Y in dB over the validation crops, `scale` pixels of border cut."""
    figures = []
    for truth in validation_crops() if crops is None else crops:
        low = imresize_uint8(truth, 1 / scale)
        figures.append(score(enlarge(low, scale, kind, channels, run), truth, scale)[0])
    return float(np.mean(figures))


def validation_figure(config: Config, run, scale: int) -> float:
    """What the queue compares for this model: PSNR-Y in dB, or mean LPIPS for perceptual ones."""
    if config.degrade or config.measure != "psnr":
        from .perceptual_validation import figure

        return figure(config, run, scale)
    return validation_psnr(run, config.kind, config.channels, scale)

"""Each architecture at a size that tests quickly, with the published structure."""
import numpy as np
import torch

from training.architectures import build

SMALL = {
    "srcnn": {}, "fsrcnn": {}, "espcn": {}, "vdsr": {"width": 16, "layers": 6}, "srresnet": {"width": 16, "blocks": 2},
    "edsr": {"width": 16, "blocks": 2}, "rcan": {"width": 16, "groups": 2, "blocks": 2, "reduction": 4},
    "san": {"width": 16, "groups": 2, "blocks": 2, "reduction": 4}, "rrdb": {"width": 16, "blocks": 2, "growth": 8},
    "compact": {"width": 16, "layers": 3}, "lapsrn": {"width": 8, "depth": 2},
    "drrn": {"width": 8, "blocks": 2, "units": 2}, "memnet": {"width": 8, "blocks": 2, "recursions": 2},
    "drcn": {"width": 8, "recursions": 3}, "rdn": {"width": 8, "blocks": 2, "layers": 2, "growth": 4},
    "dbpn": {"width": 6, "stages": 3, "first": 8}, "srfbn": {"width": 6, "groups": 2, "steps": 2},
    "enhancenet": {"width": 8, "blocks": 2},
}
Y_ONLY = {"srcnn", "fsrcnn", "espcn", "vdsr", "lapsrn", "drrn", "memnet", "drcn"}
SAME_SIZE = {"srcnn", "vdsr", "drrn", "memnet", "drcn"}
DOUBLING = {"lapsrn"}  # scales that are powers of two
CASES = [(arch, scale) for arch in SMALL for scale in (2, 3, 4) if arch not in DOUBLING or scale != 3]


def made(arch: str, scale: int) -> torch.nn.Module:
    """A small network with weights and statistics that are nowhere at their starting values."""
    torch.manual_seed(scale)
    module = build(arch, scale, **SMALL[arch]).eval()
    with torch.no_grad():
        for name, tensor in module.state_dict().items():
            if name.endswith("running_var"):
                tensor.uniform_(0.5, 2)
            elif tensor.is_floating_point():
                tensor.add_(0.05 * torch.randn(tensor.shape))
    return module.folded() if hasattr(module, "folded") else module


def channels_of(arch: str) -> int:
    """1 for a network on Y, 3 for one on RGB."""
    return 1 if arch in Y_ONLY else 3


def picture(arch: str, height: int, width: int) -> np.ndarray:
    """A random input of the network, float32 [1, C, height, width] in [0, 1]."""
    return np.random.default_rng(7).random((1, channels_of(arch), height, width), np.float32)

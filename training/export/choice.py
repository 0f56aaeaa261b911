"""What is worth bundling, and how small it may be stored."""
from ..config import Config

STORAGE_COSTS_AT_MOST = {"psnr": 0.005, "lpips": 0.001}
BETTER_BY = {"psnr": 0.01, "lpips": 0.001}  # smaller gains do not pay for a new file in the history


def better(config: Config, new: dict[str, float], old: dict[str, float]) -> bool:
    """Whether the mean over the file's scales got clearly better, or there was nothing."""
    if not all(key in old for key in new):
        return True
    gain = sum(new[key] - old[key] for key in new) / len(new)
    return (gain if config.measure == "psnr" else -gain) >= BETTER_BY[config.measure]


def cost(config: Config, whole: dict[str, float], stored: dict[str, float]) -> float:
    """What storing costs in the unit of the config's measure, on the mean of the scales."""
    sign = 1 if config.measure == "psnr" else -1
    return sign * sum(whole[key] - stored[key] for key in stored) / len(stored)

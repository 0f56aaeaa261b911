"""Taking weights over by name."""
import torch
from torch import Tensor, nn


def load_matching(module: nn.Module, weights: dict[str, Tensor]) -> int:
    """Copy what fits in name and number; how many tensors did. A fitting number with another shape is reshaped,
    because exporters add broadcast axes to slopes."""
    count = 0
    with torch.no_grad():
        for name, parameter in module.state_dict().items():
            value = weights.get(name)
            if value is not None and value.numel() == parameter.numel() and squeezed(value) == squeezed(parameter):
                parameter.copy_(value.reshape(parameter.shape))
                count += 1
    return count


def filled(module: nn.Module, weights: dict[str, Tensor], name: str, parts: tuple[str, ...] = ()) -> nn.Module:
    """The module with the weights; SystemExit, by the `name` that they are known by, where any is missing that is of none
    of the `parts`, which may stay as the module has them."""
    own = tuple(f"{part}." for part in parts)
    begun = {key: value for key, value in module.state_dict().items() if key.startswith(own)}
    count = load_matching(module, begun | weights)
    if count != len(module.state_dict()):
        raise SystemExit(f"{name}: {count} of {len(module.state_dict())} tensors found")
    return module


def squeezed(tensor: Tensor) -> list[int]:
    """The shape without axes of one."""
    return [size for size in tensor.shape if size != 1]

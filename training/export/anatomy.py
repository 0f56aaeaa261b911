"""What is measured on a network itself: its receptive field, its weights, its multiplications."""
import copy

import torch
from torch import Tensor, nn


COUNTED = 48  # pixels a side of the picture that multiplications are counted on


def weight_count(module: nn.Module) -> int:
    """Number of trained numbers."""
    return sum(parameter.numel() for parameter in module.parameters())


def macs_per_pixel(module: nn.Module, channels: int, beside: tuple[Tensor, ...] = (), size: int = COUNTED) -> int:
    """Multiply-adds of all convolutions and linear layers per input pixel, counted on a size x size picture; `beside`:
    further inputs, where the module has them."""
    total = 0

    def count(layer: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> None:
        nonlocal total
        if isinstance(layer, nn.ConvTranspose2d):
            kernel = layer.kernel_size[0] * layer.kernel_size[1]
            total += inputs[0].numel() * layer.out_channels * kernel // layer.groups
        elif isinstance(layer, nn.Conv2d):
            kernel = layer.kernel_size[0] * layer.kernel_size[1]
            total += output.numel() * layer.in_channels * kernel // layer.groups
        else:
            total += output.numel() * layer.in_features

    kinds = (nn.Conv2d, nn.ConvTranspose2d, nn.Linear)
    hooks = [layer.register_forward_hook(count) for layer in module.modules() if isinstance(layer, kinds)]
    with torch.no_grad():
        module.eval()(torch.rand(1, channels, size, size), *beside)
    for hook in hooks:
        hook.remove()
    return round(total / size**2)


@torch.no_grad()
def flat_ripple(module: nn.Module, channels: int, field: dict[str, int]) -> float:
    """Checkerboard, in 8-bit steps: the largest difference between output pixels where the picture is flat, of nine
    greys, away from the edges. Zero for a network that treats all of an input pixel's output pixels alike."""
    size = 2 * max(field.values()) + 5
    worst = 0.0
    for grey in torch.linspace(0.1, 0.9, 9):
        out = module.eval()(torch.full((1, channels, size, size), float(grey)))[0]
        edge = out.shape[-1] // size * (size // 2 - 1)
        inner = out[:, edge:-edge, edge:-edge].flatten(1)
        worst = max(worst, float((inner.max(dim=1).values - inner.min(dim=1).values).max()))
    return round(worst * 255, 2)


@torch.no_grad()
def _make_positive(module: nn.Module) -> None:
    """Give every layer weights above zero, so that no path through the network can cancel another or be cut by a
    ReLU: what remains is which input pixels are *connected*, whatever the weights."""
    for layer in module.modules():
        if isinstance(layer, (nn.Conv2d, nn.ConvTranspose2d, nn.Linear)):
            fan = layer.weight[0].numel() if not isinstance(layer, nn.ConvTranspose2d) else layer.weight.shape[0]
            layer.weight.fill_(1.0 / fan)
            if layer.bias is not None:
                layer.bias.zero_()
        elif isinstance(layer, nn.PReLU):
            layer.weight.fill_(0.5)
    for layer in module.modules():
        if hasattr(layer, "frozen_gate"):
            layer.frozen_gate = True


def receptive_field(module: nn.Module, channels: int, scale: int) -> dict[str, int]:
    """Measured by gradient: input pixels before (left, above) and after (right, below) an input pixel that its
    scale x scale block of output can depend on. Gates that pool over the whole picture are held constant.

    Each axis is measured on a strip STRIP pixels thick, which changes nothing along it and costs little.
    """
    connected = copy.deepcopy(module).double().eval()
    _make_positive(connected)
    extents = [_extent(connected, channels, scale, axis) for axis in (0, 1)]
    return {"before": max(e[0] for e in extents), "after": max(e[1] for e in extents)}


STRIP = 3
LONGEST = 4000


def _extent(connected: nn.Module, channels: int, scale: int, axis: int) -> tuple[int, int]:
    """(before, after) along one axis; the strip grows until the support no longer touches its ends."""
    size = 65
    while size < LONGEST:
        shape = (1, channels, size, STRIP) if axis == 0 else (1, channels, STRIP, size)
        x = torch.full(shape, 0.5, dtype=torch.float64, requires_grad=True)
        middle = size // 2
        out = connected(x).movedim(2 + axis, 0)
        (gradient,) = torch.autograd.grad(out[middle * scale : (middle + 1) * scale].sum(), x)
        places = (gradient[0] != 0).any(dim=0).any(dim=1 - axis).nonzero().flatten()
        before, after = middle - int(places.min()), int(places.max()) - middle
        if max(before, after) < middle - 1:
            return before, after
        size = 2 * size - 1
    raise ValueError("the receptive field is the whole picture; hold its pooling constant (frozen_gate)")

"""The optimiser that a recipe names."""
import torch
from torch import Tensor, optim

from ..config import Recipe
from .batched_soap import BatchedSoap
from .soap import Soap


def optimiser_name(recipe: Recipe, device: str) -> str:
    """What a checkpoint calls it: one kind's state means nothing to another."""
    batched = recipe.optimiser == "soap" and torch.device(device).type == "cuda"
    return "batched soap" if batched else recipe.optimiser


def optimiser_of(name: str, recipe: Recipe, parameters: list[Tensor]) -> optim.Optimizer:
    """The optimiser of that name for the parameters that learn."""
    kinds = {"soap": Soap, "batched soap": BatchedSoap}
    if name in kinds:
        return kinds[name](parameters, recipe.rate, recipe.betas, recipe.refresh, widest=recipe.widest)
    return optim.Adam(parameters, recipe.rate, recipe.betas, fused=True)

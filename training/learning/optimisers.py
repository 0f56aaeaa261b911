"""The optimiser that a recipe names."""
from torch import Tensor, optim

from ..config import Recipe
from .soap import Soap


def optimiser_of(recipe: Recipe, parameters: list[Tensor]) -> optim.Optimizer:
    """For the parameters that learn."""
    if recipe.optimiser == "soap":
        return Soap(parameters, recipe.rate, recipe.betas, recipe.refresh, widest=recipe.widest)
    return optim.Adam(parameters, recipe.rate, recipe.betas, fused=True)

"""Adversarial training: the opponent learns, the generator learns against it, and both survive a checkpoint."""
import dataclasses

import pytest
import torch

from training.config import load
from training.learning.objective import Objective


def adversarial(relativistic: bool) -> Objective:
    torch.manual_seed(5)
    config = load("esrgan")
    recipe = dataclasses.replace(config.recipe, content=0.0, relativistic=relativistic, discriminator_rate=1e-3)
    return Objective(dataclasses.replace(config, recipe=recipe), "cpu")


@pytest.mark.parametrize("relativistic", (False, True))
def test_opponent_learns_to_tell_and_generator_feels_it(relativistic):
    objective = adversarial(relativistic)
    real = torch.rand(4, 3, 32, 32)
    fake = torch.nn.functional.avg_pool2d(real, 5, 1, 2)
    for _ in range(6):
        objective.discriminator_step(fake, real, 1.0)
    with torch.no_grad():
        assert float(objective.opponent(real).mean()) > float(objective.opponent(fake).mean())
    result = fake.clone().requires_grad_(True)
    objective.generator(result, real, 0.0).backward()
    assert float(result.grad.abs().sum()) > 0
    assert all(p.grad is None or not p.requires_grad for p in objective.opponent.parameters())


def test_opponent_survives_a_checkpoint():
    first, second = adversarial(True), adversarial(True)
    real, fake = torch.rand(2, 3, 32, 32), torch.rand(2, 3, 32, 32)
    first.discriminator_step(fake, real, 1.0)
    second.restore(first.state())
    for name, value in first.opponent.state_dict().items():
        assert torch.equal(second.opponent.state_dict()[name], value)

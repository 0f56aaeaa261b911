"""Recorded steps: what they do to gradients, with a recorder that runs the work again where CUDA would replay it."""
import dataclasses

import torch

from training.config import load
from training.learning.captured import Captured
from training.learning.run import Run


def rerun(work):
    """As CUDA's graph: the results of every replay lie in the memory of the first."""
    loss = work()
    parameters = work.__closure__[[*work.__code__.co_freevars].index("self")].cell_contents.parameters
    kept = [p.grad for p in parameters]

    def replay() -> None:
        loss.copy_(work())
        for gradient, parameter in zip(kept, parameters):
            if gradient is not None:
                gradient.copy_(parameter.grad)

    return replay, loss


def test_a_replay_gives_the_gradients_of_its_own_inputs():
    torch.manual_seed(1)
    layer, unused = torch.nn.Linear(3, 2), torch.nn.Parameter(torch.ones(1))
    parameters = [*layer.parameters(), unused]

    def loss(x, truth):
        return (layer(x) - truth).square().mean()

    first, second = ((torch.randn(4, 3), torch.randn(4, 2)) for _ in range(2))
    captured = Captured(loss, first, parameters, rerun)
    for inputs in (second, first):
        found = captured(inputs)
        gradients = [p.grad.clone() for p in layer.parameters()]
        assert unused.grad is None
        layer.zero_grad()
        expected = loss(*inputs)
        expected.backward()
        assert torch.equal(found, expected.detach())
        assert all(torch.equal(g, p.grad) for g, p in zip(gradients, layer.parameters()))


def test_a_run_of_recorded_steps_is_the_run(tmp_path, monkeypatch, small_pack):
    monkeypatch.setattr("training.paths.RUNS", tmp_path)
    config = load("edsr")
    recipe = dataclasses.replace(config.recipe, batch=2, patch=16, half=False)
    config = dataclasses.replace(config, start=(), sizes={"width": 8, "blocks": 1}, recipe=recipe)
    weights = []
    for capturing in (False, True):
        run = Run(config, f"edsr-{capturing}", (2, 3), "cpu", small_pack)
        run.begin(10, False)
        if capturing:
            run.capturing = True
            monkeypatch.setattr("training.learning.learner.Captured", lambda *given: Captured(*given, recorder=rerun))
        losses = [float(run.step(0.5)) for _ in range(6)]
        assert len(run._captured) == (2 if capturing else 0)  # one a scale
        weights.append((losses, run.module.state_dict()))
    assert weights[0][0] == weights[1][0]
    assert all(torch.equal(value, weights[1][1][name]) for name, value in weights[0][1].items())


def test_a_step_that_cannot_be_recorded_runs_plainly(tmp_path, monkeypatch, small_pack, capsys):
    monkeypatch.setattr("training.paths.RUNS", tmp_path)
    config = dataclasses.replace(load("fsrcnn"), start=())

    def refuse(*_):
        raise RuntimeError("operation not permitted when stream is capturing")

    monkeypatch.setattr("training.learning.learner.Captured", refuse)
    run = Run(config, "fsrcnn-x2", (2,), "cpu", small_pack)
    run.begin(10, False)
    run.capturing = True
    run.step()
    run.step()
    assert not run.capturing and run.books.steps == 2
    assert capsys.readouterr().out.count("cannot be recorded") == 1

"""A step's loss and gradients as one CUDA graph: a network of a hundred small layers asks for some five hundred kernels a
step, and the chip waits for Python between them. Recorded once for a shape, they are replayed by a single call."""
from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn

WARM = 3  # runs before the recording, in which libraries choose their algorithms and take their memory

Work = Callable[[], Tensor]
Recorder = Callable[[Work], tuple[Callable[[], None], Tensor]]


def recorded(work: Work) -> tuple[Callable[[], None], Tensor]:
    """(what replays `work` into the memory that it used, its result there); RuntimeError where `work` waits for the
    device or takes something from the host, which no graph can."""
    aside = torch.cuda.Stream()
    aside.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(aside):
        for _ in range(WARM):
            work()
    torch.cuda.current_stream().wait_stream(aside)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        result = work()
    return graph.replay, result


class Captured:
    """`loss(*inputs)` and its gradients, for inputs of the shapes that it was made with."""

    def __init__(self, loss: Callable[..., Tensor], inputs: Sequence[Tensor], parameters: Sequence[nn.Parameter],
                 recorder: Recorder = recorded):
        self.inputs = [value.clone() for value in inputs]
        self.parameters = list(parameters)

        def work() -> Tensor:
            for parameter in self.parameters:  # so that backward writes gradients instead of adding to them
                parameter.grad = None
            found = loss(*self.inputs)
            found.backward()
            return found.detach()

        self.replay, self.loss = recorder(work)
        self.gradients = [parameter.grad for parameter in self.parameters]

    def __call__(self, inputs: Sequence[Tensor]) -> Tensor:
        """The loss of new inputs; the gradients lie in `.grad` until the next call."""
        for own, value in zip(self.inputs, inputs, strict=True):
            own.copy_(value)
        self.replay()
        for parameter, gradient in zip(self.parameters, self.gradients):
            parameter.grad = gradient
        return self.loss.clone()

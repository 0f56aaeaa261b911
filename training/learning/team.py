"""One run on several devices: processes that each take a part of the batch and step alike (data parallelism).

Started by `torchrun --nproc-per-node N -m training.train ...`, which says in the environment who is who. Gradients are
averaged in one buffer after the backward pass, not by DistributedDataParallel's hooks: the any-scale networks have no
one forward to hook on, and in some phases not every part learns.
"""
import os
from collections.abc import Iterable
from dataclasses import dataclass

import torch
import torch.distributed as distributed
from torch import Tensor


@dataclass(frozen=True)
class Team:
    """`rank` of `size` processes; rank 0 looks, logs and saves."""

    rank: int = 0
    size: int = 1

    @property
    def leads(self) -> bool:
        """Whether this process speaks for all."""
        return self.rank == 0

    def share(self, batch: int) -> int:
        """How many of a batch's pictures are this process's."""
        if batch % self.size:
            raise SystemExit(f"a batch of {batch} cannot be shared by {self.size} processes; start a number that "
                             "divides it, or set another `batch` in the config")
        return batch // self.size

    def agree(self, *numbers: float) -> list[float]:
        """The leader's numbers: clocks differ, and whoever acted on its own would step alone."""
        if self.size == 1:
            return list(numbers)
        shared = torch.tensor(numbers, dtype=torch.float64)
        distributed.broadcast(shared, 0)
        return shared.tolist()

    @torch.no_grad()
    def begin_alike(self, tensors: Iterable[Tensor]) -> None:
        """Everybody has the leader's numbers."""
        if self.size > 1:
            for tensor in tensors:
                distributed.broadcast(tensor, 0)

    @torch.no_grad()
    def average_gradients(self, parameters: Iterable[Tensor]) -> None:
        """Every gradient becomes the mean over the processes, so that all take the step of the whole batch."""
        if self.size == 1:
            return
        gradients = [parameter.grad for parameter in parameters if parameter.grad is not None]
        if not gradients:
            return
        flat = torch.cat([gradient.reshape(-1) for gradient in gradients])
        distributed.all_reduce(flat)
        parts = (flat / self.size).split([gradient.numel() for gradient in gradients])
        for gradient, part in zip(gradients, parts):
            gradient.copy_(part.reshape(gradient.shape))


ALONE = Team()


def joined(device: str) -> tuple[Team, str]:
    """(the team that torchrun put this process into or ALONE, this process's own device)."""
    size = int(os.environ.get("WORLD_SIZE", "1"))
    if size == 1:
        return ALONE, device
    cuda = device == "cuda"
    # Clocks are agreed on by gloo, on the CPU: NCCL would make every step wait for the device.
    distributed.init_process_group("cpu:gloo,cuda:nccl" if cuda else "gloo")
    place = f"cuda:{os.environ['LOCAL_RANK']}" if cuda else device
    if cuda:
        torch.cuda.set_device(place)
    return Team(distributed.get_rank(), size), place

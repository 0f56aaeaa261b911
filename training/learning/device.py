"""What a run ran on, in words."""
import torch


def device_name(device: str, processes: int = 1) -> str:
    """`CPU, 1 thread`, `NVIDIA H100 80GB HBM3`, `2 x NVIDIA L4`."""
    kind = torch.device(device)
    if kind.type == "cuda":
        name = torch.cuda.get_device_name(kind)
    else:
        threads = torch.get_num_threads()
        name = f"CPU, {threads} thread{'s' if threads > 1 else ''}" if kind.type == "cpu" else str(kind)
    return name if processes == 1 else f"{processes} x {name}"


def has_room(pack_bytes: int, device: str) -> bool:
    """Whether a CUDA device has room for the photographs and as much again for training."""
    return 2 * pack_bytes <= torch.cuda.mem_get_info(device)[0]

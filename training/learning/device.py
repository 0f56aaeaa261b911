"""What a run ran on: in words, and what that can do."""
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


def has_bf16(device: str) -> bool:
    """Whether bf16 is faster than float32: only where the arithmetic is in the hardware. Any processor with AVX-512
    runs it, but one without its bf16 instructions by conversions (a step of EDSR: 6.9 s in the place of 2.2)."""
    kind = torch.device(device)
    if kind.type == "cuda":
        return torch.cuda.get_device_capability(kind) >= (8, 0)
    return kind.type != "cpu" or torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported()

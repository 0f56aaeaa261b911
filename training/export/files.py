"""Writing bundled files."""
from pathlib import Path


def write_file(path: Path, content: bytes) -> None:
    """Written beside its place and then moved there, so that it is never half there."""
    part = path.with_name(f"{path.name}.part")
    part.write_bytes(content)
    part.rename(path)

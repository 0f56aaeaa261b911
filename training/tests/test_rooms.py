"""The rooms of the training are layers: a lower one knows nothing of a higher one."""
import ast

from training.paths import TRAINING

LAYERS = ("kernels", "architectures", "data", "measure", "learning", "export")
EVERYWHERE = {"paths", "config", "lock"}  # at the root; the other files there are commands and import what they like


def imported(path) -> set[str]:
    """The rooms (or files of the root) that a file of a room imports from, wherever in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.level == 2:
            found |= {node.module.split(".")[0]} if node.module else {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and (node.module or "").startswith("training"):
            found.add(node.module)  # absolute: only the tests do
    return found


def test_rooms_import_only_what_lies_below_them():
    for height, room in enumerate(LAYERS):
        files = [path for path in sorted((TRAINING / room).glob("*.py")) if path.name != "__main__.py"]
        assert files
        for path in files:
            assert imported(path) <= {*LAYERS[:height], *EVERYWHERE}, path


def test_every_room_is_known():
    rooms = {path.parent.name for path in TRAINING.glob("*/__init__.py")}
    assert rooms == set(LAYERS)

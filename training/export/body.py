"""The weights that the files of several scales have in common, kept once in a file beside them (ONNX external data)."""
import hashlib
from typing import NamedTuple

import onnx
from onnx.external_data_helper import set_external_data

SMALLEST = 1024  # bytes of a weight that is worth a place in the body


class Split(NamedTuple):
    """Files by name whose common weights lie in the file `name`, named by its own contents, so that graphs and body
    can never be of two exports."""

    files: dict[str, bytes]
    name: str
    body: bytes

    @property
    def sha256(self) -> str:
        """What the body adds up to."""
        return hashlib.sha256(self.body).hexdigest()


def split_body(files: dict[str, bytes]) -> Split | None:
    """Move what all the files hold alike into one body; None where that is nothing."""
    models = {name: onnx.load_from_string(content) for name, content in files.items()}
    if len(models) < 2:
        return None
    stored = [{i.name: i for i in model.graph.initializer} for model in models.values()]
    common = [name for name, one in stored[0].items() if len(one.raw_data) >= SMALLEST
              and all(name in other and other[name] == one for other in stored[1:])]
    if not common:
        return None
    places, body = {}, b""
    for name in common:
        places[name] = len(body), len(stored[0][name].raw_data)
        body += stored[0][name].raw_data
    file = f"body-{hashlib.sha256(body).hexdigest()[:8]}.bin"
    for weights in stored:
        for name, (offset, length) in places.items():
            set_external_data(weights[name], file, offset, length)
            weights[name].ClearField("raw_data")
    return Split({name: model.SerializeToString() for name, model in models.items()}, file, body)

"""What is said of where a model was trained."""
from training.config import load
from training.export.manifest import losses
from training.learning.books import UNNAMED, Books, by_device, spelled

GPU = "NVIDIA H100 80GB HBM3"


def test_devices_are_named_once_with_their_sums():
    told = by_device(f"CPU, 1 thread (17.0 minutes), then {GPU} (3.8 minutes) (20.8 minutes), then {GPU} (6.2 minutes)", 27)
    assert told == {UNNAMED: 17.0, GPU: 10.0}
    assert spelled(told) == f"{UNNAMED} (17.0 minutes), then {GPU} (10.0 minutes)"
    assert by_device(spelled(told), 27) == told
    assert by_device("cpu", 3.0) == {UNNAMED: 3.0} and by_device(GPU, 4.0) == {GPU: 4.0}


def test_an_account_goes_on_with_the_same_device():
    books = Books.of_account({"steps": 5, "minutes": 27.0, "device": f"{UNNAMED} (17.0 minutes), then {GPU} (10.0 minutes)"})
    books.count(GPU, 2.0)
    assert books.record("edsr")["device"] == f"{UNNAMED} (17.0 minutes), then {GPU} (12.0 minutes)"


def test_a_manifest_says_what_the_last_runs_minimised():
    config = load("lte")
    assert losses(config, {"lte": {"steps": 1}}) == config.recipe.losses()
    assert losses(config, {"a": {"loss": "l1"}, "b": {"loss": "l2"}, "c": {"loss": "l1"}, "d": {}}) == "l1; l2"
    books = Books.read(Books(steps=5, minutes=2.0, loss="psnr").state())
    assert books.record("lte")["loss"] == "psnr"

"""What is said of a task: steps, minutes, where they were spent, validation figures."""
import re
from dataclasses import dataclass, field

UNNAMED = "CPU, 1 thread"  # what `cpu` meant before devices had names
SPENT = re.compile(r"(.+?) \(([\d.]+) minutes\)(?:, then |$)")
SUM_OF_BOTH = re.compile(r"\) \([\d.]+ minutes\)")


@dataclass
class Books:
    """Of all runs of a task. `minutes` are those of closed runs, `devices` has every minute by the device's name."""

    steps: int = 0
    minutes: float = 0.0
    devices: dict[str, float] = field(default_factory=dict)
    looks: list[dict] = field(default_factory=list)
    loss: str = ""  # what the last run minimised, in words
    counted: float = 0.0  # minutes of the run that is open, as `devices` has them

    @classmethod
    def read(cls, state: dict) -> "Books":
        """Those of a checkpoint or a kept run."""
        return cls(state["steps"], state["minutes"], dict(state.get("devices", {UNNAMED: state["minutes"]})),
                   list(state["looks"]), state.get("loss", ""))

    @classmethod
    def of_account(cls, account: dict) -> "Books":
        """Those of bundled weights, which a manifest states."""
        if not account:
            return cls()
        return cls(account["steps"], account["minutes"], by_device(account["device"], account["minutes"]))

    def state(self) -> dict:
        """For a checkpoint."""
        return {"steps": self.steps, "minutes": self.minutes, "devices": dict(self.devices), "looks": self.looks,
                "loss": self.loss}

    def count(self, device: str, passed: float) -> None:
        """Put down what passed of the open run since the last time."""
        self.devices[device] = round(self.devices.get(device, 0.0) + passed - self.counted, 3)
        self.counted = passed

    def record(self, task: str) -> dict:
        """What the manifest is told of the task: `minutes` of closed runs, `spent` also of one that was cut off."""
        return {"task": task, "steps": self.steps, "minutes": round(self.minutes, 2),
                "spent": round(max(self.minutes, sum(self.devices.values())), 2), "device": spelled(self.devices),
                "looks": self.looks, "loss": self.loss}


def named(device: str) -> str:
    """The device of a record, of whatever age."""
    return UNNAMED if device == "cpu" else device


def by_device(words: str, minutes: float) -> dict[str, float]:
    """The inverse of `spelled`, `minutes` being all of them. Accounts were nested once, "A (1.0 minutes), then B (2.0
    minutes) (3.0 minutes), then B (4.0 minutes)": every device is named once, with its sum."""
    found: dict[str, float] = {}
    for device, had in SPENT.findall(SUM_OF_BOTH.sub(")", words)):
        found[named(device)] = round(found.get(named(device), 0.0) + float(had), 3)
    return found or {named(words): minutes}


def spelled(devices: dict[str, float]) -> str:
    """Minutes by device in words: the one device, or how long each."""
    used = {name: had for name, had in devices.items() if had > 0}
    if len(used) < 2:
        return next(iter(used or devices), "")
    return ", then ".join(f"{name} ({had:.1f} minutes)" for name, had in used.items())  # what SPENT finds

"""The time of a run: its own minutes, of which a killed run loses one at most, and its steps."""
import math
import time
from dataclasses import dataclass, field


@dataclass
class Clock:
    """A run of `minutes` wall minutes with the peak rate `rate`. `elapsed`: those that passed before this process."""

    minutes: float
    rate: float
    optimiser: str  # of whose state a checkpoint holds
    elapsed: float = 0.0
    step: int = 0
    started: float = field(default_factory=time.monotonic)

    @classmethod
    def restored(cls, state: dict) -> "Clock":
        """The inverse of `state`, going from now on."""
        return cls(state["minutes"], state["rate"], state.get("optimiser", ""), state["elapsed"], state["step"])

    def state(self, closed: bool = False) -> dict:
        """For a checkpoint. A run that was not closed stays unfinished, however late it was saved."""
        elapsed = self.minutes if closed else min(self.passed, self.minutes * 0.999)
        return {"minutes": self.minutes, "elapsed": elapsed, "step": self.step, "optimiser": self.optimiser,
                "rate": self.rate}

    @property
    def passed(self) -> float:
        """Minutes of this run so far."""
        return self.elapsed + (time.monotonic() - self.started) / 60

    @property
    def fraction(self) -> float:
        """How much of this run is over, 0 to 1 and more."""
        return self.passed / self.minutes

    def factor(self, warmup: int, fraction: float) -> float:
        """Warm-up over the first steps, then half a cosine over the run's own minutes: what rates are multiplied by."""
        warm = min(1.0, (self.step + 1) / max(1, warmup))
        return warm * 0.5 * (1 + math.cos(math.pi * min(1.0, fraction)))


def unfinished(state: dict) -> bool:
    """Whether a checkpoint's run was cut off."""
    return state["elapsed"] < state["minutes"]

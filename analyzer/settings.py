"""Every threshold of every detector: its unit, its default, and why it is that."""

from dataclasses import dataclass, field, fields
from typing import Any


def _threshold(default: float, unit: str, reason: str) -> Any:
    """Make a field that tells its unit and its reason."""
    return field(default=default, metadata={"unit": unit, "reason": reason})


@dataclass(frozen=True)
class Settings:
    """The thresholds; immutable, handed to the detectors with what they read."""

    loss_warning_share: float = _threshold(
        0.01, "share of segments with data", "at 1 % a Reno or CUBIC flow of 1,460-byte segments and 40 ms carries no "
        "more than some 4 Mbit/s (Mathis et al. 1997)",
    )  # fmt: skip


@dataclass(frozen=True)
class Told:
    """A threshold as a person reads it."""

    name: str
    value: float
    unit: str
    reason: str


def told(settings: Settings) -> list[Told]:
    """Return all thresholds with their values, in the order in which they are declared."""
    return [
        Told(each.name, getattr(settings, each.name), each.metadata["unit"], each.metadata["reason"])
        for each in fields(settings)
    ]

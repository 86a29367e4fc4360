"""Findings: something a person would act on, with its evidence."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum

MAX_FRAMES = 20  # frames named as evidence


class Severity(StrEnum):
    """How much a finding matters."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True)
class Finding:
    """One diagnosis: what, how bad, where, how sure, in a sentence, and what to do.

    `flow` is None where it is about the whole capture; `frames` are at most `MAX_FRAMES`; `confidence` is 0 to 1;
    `filter` is a Wireshark display filter that shows the evidence.
    """

    finding: str
    severity: Severity
    flow: int | None
    first_frame: int | None
    last_frame: int | None
    frames: tuple[int, ...]
    confidence: float
    summary: str
    advice: str
    filter: str


@dataclass
class Seen:
    """What the detectors may read: the finished account of a capture.

    Counts are over the whole capture; `*_frames` are the first frames of evidence.
    """

    packets: int = 0
    segments: int = 0
    connections: int = 0
    dropped: int | None = None
    one_sided: int = 0
    one_sided_frames: list[int] = field(default_factory=list)
    missing_bytes: int = 0
    missing_connections: int = 0
    missing_frames: list[int] = field(default_factory=list)
    invalid: int = 0
    invalid_connections: int = 0
    invalid_frames: list[int] = field(default_factory=list)
    oversized: int = 0
    oversized_frames: list[int] = field(default_factory=list)
    clock_steps: int = 0
    clock_step_frames: list[int] = field(default_factory=list)
    damages: list[tuple[str, int, int, str]] = field(default_factory=list)


Detector = Callable[[Seen], Iterable[Finding]]


def filter_of(frames: Iterable[int]) -> str:
    """Return a display filter that shows these frames."""
    listed = ", ".join(str(frame) for frame in frames)
    return f"frame.number in {{{listed}}}" if listed else ""


def about_capture(
    finding: str, severity: Severity, frames: list[int], summary: str, advice: str, confidence: float = 1.0
) -> Finding:
    """Make a finding about the whole capture from the frames that show it."""
    shown = tuple(frames[:MAX_FRAMES])
    first = shown[0] if shown else None
    last = shown[-1] if shown else None
    return Finding(finding, severity, None, first, last, shown, confidence, summary, advice, filter_of(shown))

"""Segment scripts and captures compared with tshark, for the tests of why labels differ."""

from pathlib import Path
from typing import Any

import analyzer
from analyzer.analysis import Analysis
from analyzer.crosscheck.compare import Crosscheck, compare, crosscheck
from analyzer.crosscheck.labels import Label, Mark
from analyzer.crosscheck.pair import Pair
from analyzer.crosscheck.tshark import Opinion, Tshark
from reconstruct.seq import UNKNOWN
from tests.drill import capture_of, read_script


def capture(script: str) -> bytes:
    """Return the capture of a segment script."""
    return capture_of(read_script(script))


def analysed(source: str | Path | bytes) -> Analysis:
    """Return the analysis of a capture."""
    return analyzer.analyze(source)


def compared(source: bytes | Path) -> Crosscheck:
    """Return what comes out beside tshark."""
    analysis = analysed(source)
    named = source if isinstance(source, bytes) else str(source)
    return crosscheck(analysis.segment_rows(), analysis.event_rows, Tshark(named))


def pairs(source: bytes | Path) -> list[Pair]:
    """Return every segment as both tools have it."""
    analysis = analysed(source)
    named = source if isinstance(source, bytes) else str(source)
    both = compare(analysis.segment_rows(), analysis.event_rows, Tshark(named))
    return [pair for _, pair in both if pair is not None]


def opinion(frame: int, label: Label = Label.NONE, *marks: Mark, **others: Any) -> Opinion:
    """Return an opinion made by hand: of a segment without text in stream 0."""
    usual: dict[str, Any] = {"streams": (0,), "len": 0, "window": 64240, "first_rtt_ns": UNKNOWN}
    usual |= {"reused_ports": False, "mptcp": False}
    return Opinion(frame=frame, label=label, marks=frozenset(marks), **(usual | others))


def reasons(made: Crosscheck) -> dict[str, list[int]]:
    """Return the frames of each reason why labels differ."""
    return {name: group.frames.tolist() for name, group in made.labels_differ.items()}


def mark_reasons(made: Crosscheck) -> dict[str, list[int]]:
    """Return the frames of each reason why marks differ."""
    return {name: group.frames.tolist() for name, group in made.marks_differ.items()}

"""Circumstances made by hand: a path of 10 ms on which a million bytes are sent in segments of 1000."""

from dataclasses import replace
from typing import Any

from analyzer.whatif.circumstances import Circumstances

MS = 1_000_000  # ns
MSS = 1000  # bytes
ROUND_TRIP_MS = 10


def met(**others: Any) -> Circumstances:
    """Return circumstances with others in place of the usual ones."""
    return replace(Circumstances(mss=MSS, first=1, end=1_000_001, base_ns=ROUND_TRIP_MS * MS), **others)

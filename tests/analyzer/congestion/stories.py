"""Rows of windows made by hand, and stories of captures of real kernels."""

from functools import cache

import analyzer
from analyzer.congestion.episodes import Row
from analyzer.congestion.story import Story, stories_of
from reconstruct.seq import UNKNOWN
from reconstruct.vocabulary import Phase
from tests.sources import ROOT

TRUTH = ROOT / "fixtures" / "truth"
MS = 1_000_000  # ns


def row(frame: int, cwnd: int, phase: Phase, ssthresh: int = UNKNOWN, **cells: int) -> Row:
    """Return a row of windows at so many ms."""
    usual = {"flight": 1000, "rto_ns": 300 * MS, "srtt_ns": 50 * MS, "limit": UNKNOWN, "time_ns": frame * MS}
    return usual | {"frame": frame, "cwnd": cwnd, "phase": phase, "ssthresh": ssthresh} | cells


@cache
def story(run: str, tap: str = "sender") -> Story:
    """Return the story of the first sender of a run of real kernels, as captured at one tap."""
    return stories_of(analyzer.analyze(TRUTH / run / f"{tap}.pcap.xz"), 0)[0]

"""What is told of a connection as a whole: zero windows, shortest round trip, limits, congestion control."""

from dataclasses import dataclass, field

import pandas as pd

from benchmarks.accuracy.run import Run
from benchmarks.accuracy.share import Errors, Share
from benchmarks.accuracy.view import View

NEAR_SHARE = 0.05  # of the sending time
NO_ROUND_TRIP_US = 2**32 - 1  # what the kernel has before the first sample
IDENTIFIABLE = 1000  # segments with data: what shorter flows do hardly tells one algorithm from another


@dataclass
class Connections:
    """Figures of one tap."""

    episodes: Share = field(default_factory=Share)
    held: Errors = field(default_factory=Errors)
    shortest: Errors = field(default_factory=Errors)
    limited: Share = field(default_factory=Share)
    right: Share = field(default_factory=Share)
    wrong: Share = field(default_factory=Share)

    def add(self, run: Run, view: View) -> None:
        """Take one capture."""
        told = view.direction
        windows = run.facts.get("zero_windows_ns", [])
        assert isinstance(windows, list)
        self.episodes.add(told.zero_window_episodes == len(windows))
        if windows and all(end >= 0 for _, end in windows):
            self.held.add(told.zero_window_s * 1e9, sum(end - start for start, end in windows))
        last = run.known[-1]
        if last.min_rtt_us != NO_ROUND_TRIP_US and not pd.isna(told.rtt_min_ms):
            self.shortest.add(1000 * told.rtt_min_ms, last.min_rtt_us)
        busiest = max(run.known, key=lambda known: known.busy_us)
        if busiest.busy_us > 0 and not pd.isna(told.limited_by_rwnd):
            self.limited.add(abs(told.limited_by_rwnd - busiest.rwnd_limited_us / busiest.busy_us) <= NEAR_SHARE)
        if told.data_segments >= IDENTIFIABLE:
            self.right.add(told.congestion_control == run.congestion_control)
            self.wrong.add(told.congestion_control not in (run.congestion_control, "unknown"))

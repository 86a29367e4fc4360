"""The windows of the sender: the offered one, the congestion window with its interval, threshold and phase."""

from dataclasses import dataclass, field

import pandas as pd

from benchmarks.accuracy.run import Known, Run
from benchmarks.accuracy.share import Errors, Share
from benchmarks.accuracy.tshark import Shark
from benchmarks.accuracy.view import View

NO_THRESHOLD = 2**31 - 1  # segments, what the kernel has before the first cut
PHASES = {"Recovery": {"recovery"}, "CWR": {"recovery"}, "Loss": {"loss"}}


@dataclass
class Window:
    """Figures of the congestion window of one tap and one congestion control."""

    exact: Share = field(default_factory=Share)
    near: Share = field(default_factory=Share)
    fair: Share = field(default_factory=Share)
    missing: Share = field(default_factory=Share)
    held: Share = field(default_factory=Share)
    threshold: Share = field(default_factory=Share)
    phase: Share = field(default_factory=Share)
    flight: Share = field(default_factory=Share)


@dataclass
class Windows:
    """Figures of the windows of one tap."""

    offered: Share = field(default_factory=Share)
    srtt: Errors = field(default_factory=Errors)
    congestion: dict[str, Window] = field(default_factory=dict)

    def add(self, run: Run, view: View, shark: Shark) -> None:
        """Take one capture: every first transmission of data is a point."""
        window = self.congestion.setdefault(run.congestion_control, Window())
        at_sender = first_sendings(run, "sender")
        for key, frame in first_sendings(run, view.tap).items():
            origin = at_sender.get(key)
            known = run.known_before(origin) if origin is not None else None
            row = view.windows_at(frame)
            if known is not None and row is not None and origin is not None and known.ca_state:
                if run.is_current(known, origin):
                    self._compare(known, row)
                _compare_congestion(window, known, row, shark.flight.get(frame))

    def _compare(self, known: Known, row: pd.Series) -> None:
        self.offered.add(row.rwnd == known.snd_wnd)
        if known.rtt_us and not pd.isna(row.srtt_ms):
            self.srtt.add(1000 * row.srtt_ms, known.rtt_us)


def first_sendings(run: Run, tap: str) -> dict[tuple[int, int], int]:
    """Return the frame at a tap of the first sending of each segment with data, by number and length."""
    again = run.resent_frames(tap)
    found: dict[tuple[int, int], int] = {}
    for packet in run.packets(tap):
        if packet.length > 0 and packet.frame not in again:
            found.setdefault((packet.seq, packet.length), packet.frame)
    return found


def _compare_congestion(window: Window, known: Known, row: pd.Series, flight: int | None) -> None:
    truth = known.cwnd * known.snd_mss
    window.missing.add(bool(pd.isna(row.cwnd)))
    if not pd.isna(row.cwnd):
        window.exact.add(row.cwnd == truth)
        window.near.add(abs(row.cwnd - truth) <= truth * 0.05)
        window.fair.add(abs(row.cwnd - truth) <= truth * 0.10)
        window.held.add(row.cwnd_low <= truth <= row.cwnd_high)
        window.phase.add(_is_phase(known, row.phase))
        if known.ssthresh != NO_THRESHOLD and not pd.isna(row.ssthresh):
            window.threshold.add(abs(row.ssthresh - known.ssthresh * known.snd_mss) <= known.snd_mss)
    if flight is not None:
        window.flight.add(abs(flight - truth) <= truth * 0.05)


def _is_phase(known: Known, phase: str) -> bool:
    if known.ca_state in PHASES:
        return phase in PHASES[known.ca_state]
    return phase == ("slow-start" if known.cwnd < known.ssthresh else "congestion-avoidance")

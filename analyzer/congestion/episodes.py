"""What the window of a sender went through, read from its rows of the table `windows`: one step after another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise

from reconstruct.seq import UNKNOWN
from reconstruct.vocabulary import EventKind, Limit, Phase

Row = dict[str, int]
_SEARCHING = (Phase.SLOW_START, Phase.STARTUP)
_REDUCING = (Phase.RECOVERY, Phase.LOSS)
_WINDOWED = (Phase.SLOW_START, Phase.CONGESTION_AVOIDANCE)
_ROUNDED = 3000  # bytes, two segments


class StepKind(Enum):
    """What a step is."""

    SLOW_START = "slow-start"
    RECOVERY = "recovery"
    TIMEOUT = "rto"
    CUT = "cut"  # without a recovery: an echo of congestion, or a loss that a probe repaired
    IDLE_RESTART = "idle-restart"
    UNUSED = "application-limited"  # the window was shrunk to what the application uses (RFC 2861)
    DRAIN = "drain"
    PROBE_RTT = "probe-rtt"


class Ending(Enum):
    """What ended a slow start."""

    LOSS = "loss"
    TIMEOUT = "rto"
    CUT = "congestion-echo"
    DELAY = "hystart"
    THRESHOLD = "ssthresh"
    FULL = "full-pipe"
    CAPTURE = "end-of-capture"


@dataclass
class Step:
    """One step of a sender's window, in bytes (None: not known); `last_frame` is None for one that has no end here.

    `ssthresh` is that after the step began; `undone` tells that a reduction was taken back; `timeouts` counts those of
    an episode; `ending` what ended a slow start; `pause_ns` how long an idle sender rested.
    """

    kind: StepKind
    first_frame: int
    last_frame: int | None = None
    cwnd_before: int | None = None
    cwnd_after: int | None = None
    ssthresh: int | None = None
    undone: bool = False
    timeouts: int = 0
    ending: Ending | None = None
    pause_ns: int | None = None


@dataclass(frozen=True)
class Stretches:
    """The stretches in which one limit held a sender back: how many, how long in all, and the longest."""

    count: int = 0
    total_ns: int = 0
    longest_ns: int = 0
    longest_frames: tuple[int, int] | None = None


class Walk:
    """Goes along the rows of one sender, in order of frame, and collects the steps."""

    def __init__(self, delays: bool) -> None:
        """Begin; `delays` tells whether the sender may end slow start by delay (CUBIC's HyStart)."""
        self.steps: list[Step] = []
        self._delays = delays
        self._open: Step | None = None
        self._before: Row | None = None
        self._cutting: Step | None = None

    def take(self, row: Row) -> None:
        """Take the next row that has a window."""
        before, self._before = self._before, row
        if before is None:
            self._begin(row, row)
        elif row["phase"] != before["phase"]:
            self._close(before, row)
            self._begin(before, row)
        elif row["phase"] not in _REDUCING:
            self._look_for_cut(before, row)

    def end(self) -> None:
        """Take that no row follows."""
        if self._open is not None and self._open.kind is StepKind.SLOW_START and self._before is not None:
            self._open.ending = Ending.CAPTURE
            self._open.cwnd_after = self._before["cwnd"]

    def _begin(self, before: Row, row: Row) -> None:
        kind = {
            Phase.SLOW_START: StepKind.SLOW_START,
            Phase.STARTUP: StepKind.SLOW_START,
            Phase.RECOVERY: StepKind.RECOVERY,
            Phase.LOSS: StepKind.TIMEOUT,
            Phase.DRAIN: StepKind.DRAIN,
            Phase.PROBE_RTT: StepKind.PROBE_RTT,
        }.get(Phase(row["phase"]))
        self._open = None
        if kind in (None, StepKind.SLOW_START) and before["phase"] in _WINDOWED:
            self._look_for_cut(before, row)
        if kind is None:
            return
        since = row if kind is StepKind.SLOW_START else before
        self._open = Step(kind, row["frame"], cwnd_before=since["cwnd"], ssthresh=_known(row["ssthresh"]))
        self.steps.append(self._open)

    def _close(self, before: Row, row: Row) -> None:
        step = self._open
        if step is None:
            return
        step.last_frame = row["frame"]
        step.cwnd_after = row["cwnd"]
        if step.kind is StepKind.SLOW_START:
            step.ending = self._ending(before, row)
            step.cwnd_after = before["cwnd"]
        elif step.kind in (StepKind.RECOVERY, StepKind.TIMEOUT) and step.ssthresh is not None:
            step.undone = row["ssthresh"] == UNKNOWN or row["ssthresh"] > step.ssthresh

    def _ending(self, before: Row, row: Row) -> Ending:
        phase = row["phase"]
        if phase in _REDUCING:
            return Ending.LOSS if phase == Phase.RECOVERY else Ending.TIMEOUT
        if phase not in (Phase.CONGESTION_AVOIDANCE, Phase.SLOW_START):
            return Ending.FULL
        if _fell(before, row):
            return Ending.CUT
        return Ending.DELAY if self._delays and before["ssthresh"] != row["ssthresh"] else Ending.THRESHOLD

    def _look_for_cut(self, before: Row, row: Row) -> None:
        """Find what shrinks a window outside of a recovery."""
        if row["cwnd"] >= before["cwnd"]:
            if row["cwnd"] > before["cwnd"]:
                self._cutting = None
        elif _fell(before, row) or (self._cutting is None and _falls_to_threshold(before, row)):
            self._cutting = _step(StepKind.CUT, before, row)
            self.steps.append(self._cutting)
        elif self._cutting is not None:
            self._cutting.last_frame, self._cutting.cwnd_after = row["frame"], row["cwnd"]
        elif row["phase"] in _WINDOWED:
            self._shrink(before, row)

    def _shrink(self, before: Row, row: Row) -> None:
        paused_ns = row["time_ns"] - before["time_ns"]
        idle = before["flight"] == 0 or 0 < before["rto_ns"] <= paused_ns
        step = _step(StepKind.IDLE_RESTART if idle else StepKind.UNUSED, before, row)
        step.pause_ns = paused_ns if idle else None
        self.steps.append(step)


def steps_of(rows: Sequence[Row], events: Sequence[Row], delays: bool) -> list[Step]:
    """Return the steps of a sender from its rows of windows and its events, both in order of frame."""
    walk = Walk(delays)
    for row in rows:
        if row["cwnd"] != UNKNOWN and row["phase"] != UNKNOWN:
            walk.take(row)
    walk.end()
    frames = [event["frame"] for event in events if event["event"] == EventKind.RTO]
    for step in walk.steps:
        if step.kind is StepKind.TIMEOUT:
            last = step.last_frame if step.last_frame is not None else frames[-1] if frames else step.first_frame
            step.timeouts = max(sum(1 for frame in frames if step.first_frame <= frame <= last), 1)
    return walk.steps


def stretches_of(rows: Sequence[Row], limit: Limit) -> Stretches:
    """Return the stretches of a sender's rows in which one limit held it back, and that ended.

    Those of less than a round trip are left out: what the window allows would not have arrived sooner.
    """
    spans: list[tuple[Row, Row]] = []
    start: Row | None = None
    for before, row in pairwise(rows):
        if row["limit"] == limit:
            start = start or before
        elif start is not None:
            spans.append((start, before))
            start = None
    told = [(last["time_ns"] - first["time_ns"], first["frame"], last["frame"]) for first, last in spans
            if last["time_ns"] - first["time_ns"] >= max(last["srtt_ns"], 0)]  # fmt: skip
    if not told:
        return Stretches()
    longest_ns, first_frame, last_frame = max(told, key=lambda span: span[0])
    return Stretches(len(told), sum(span for span, _, _ in told), longest_ns, (first_frame, last_frame))


def _step(kind: StepKind, before: Row, row: Row) -> Step:
    return Step(kind, row["frame"], row["frame"], before["cwnd"], row["cwnd"], _known(row["ssthresh"]))


def _fell(before: Row, row: Row) -> bool:
    """Return whether the threshold fell: something told the sender of congestion."""
    if row["ssthresh"] == UNKNOWN or row["cwnd"] >= before["cwnd"]:
        return False
    return before["ssthresh"] == UNKNOWN or row["ssthresh"] < before["ssthresh"]


def _falls_to_threshold(before: Row, row: Row) -> bool:
    """Return whether the window falls to a threshold that did not change: no more than Linux keeps after a rest.

    RFC 2861 (3.1) keeps three quarters of the window in it then, rounded down twice.
    """
    kept = before["cwnd"] // 2 + before["cwnd"] // 4 - _ROUNDED
    return row["ssthresh"] != UNKNOWN and row["ssthresh"] < kept


def _known(cell: int) -> int | None:
    return None if cell == UNKNOWN else cell

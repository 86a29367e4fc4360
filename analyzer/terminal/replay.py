"""The screen of `tcpscope replay`: a connection's segments as a sequence diagram, one line each."""

from collections.abc import Iterable
from dataclasses import dataclass

from analyzer import rows
from analyzer.selection import rows_between
from analyzer.terminal import units
from analyzer.terminal.connections import Connection
from analyzer.terminal.screen import BAD, QUIET, WARNING, Part, Screen, padded, shortened
from analyzer.terminal.units import NOTHING
from reconstruct.recorder import RowStore
from reconstruct.rules import Rule
from reconstruct.seq import UNKNOWN
from reconstruct.states import State
from reconstruct.vocabulary import SegmentKind, Sender

GAP = 1  # column between two columns of the diagram
LANE_MIN = 16  # columns of the arrow with flags, sequence number and length on it
LANE_MAX = 44
KIND_MIN = 8
STATE_MIN = 9
REASON_MIN = 20  # columns; a reason that is cut shorter says nothing
_ORDINARY = frozenset({SegmentKind.NEW, SegmentKind.ACK, SegmentKind.WINDOW_UPDATE, SegmentKind.KEEP_ALIVE,
                       SegmentKind.KEEP_ALIVE_ACK})  # fmt: skip
_WRONG = frozenset({SegmentKind.RST, SegmentKind.INVALID})


@dataclass
class Columns:
    """The widths of the diagram's columns, in columns of the terminal; 0 for one that is left out."""

    frame: int
    time: int
    ack: int
    window: int
    state: int
    kind: int
    lane: int = LANE_MIN
    reason: int = 0

    @property
    def total(self) -> int:
        """Return the columns of a whole line."""
        widths = (
            self.frame,
            self.time,
            self.state,
            self.lane,
            self.state,
            self.ack,
            self.window,
            self.kind,
            self.reason,
        )
        return sum(wide + GAP for wide in widths if wide) - GAP


def print_replay(screen: Screen, connection: Connection, store: RowStore, first: int, last: int) -> None:
    """Print the segments of a connection whose frames lie between `first` and `last`, both included."""
    flow = connection.flow
    title = f"Flow {flow['flow']} · {connection.end('client')} → {connection.end('server')}"
    screen.title(title, f"seconds since frame {flow['first_frame']}, lengths and windows in bytes")
    shown = rows_between(store, first, last)
    if shown.count == 0:
        screen.line("  no segment between these frames")
        return
    chosen = _columns(screen, flow["first_time_ns"], shown)
    screen.line((_titles(chosen), QUIET))
    before: dict[str, int] = {}
    for row in rows.raw_rows(shown):
        screen.line(*_line(chosen, row, before, flow["first_time_ns"]))
        before = row
    screen.line((f"{units.counted(shown.count, 'segment')} of {units.count(store.count)}", QUIET))


def _columns(screen: Screen, start_ns: int, segments: RowStore) -> Columns:
    """Return the widths that these segments need, without what a narrow screen has no room for."""
    chosen = Columns(frame=5, time=len("time"), ack=len("ack"), window=len("window"), state=len("client"), kind=4)
    longest = 0
    for row in rows.raw_rows(segments):
        chosen.frame = max(chosen.frame, len(str(row["frame"])))
        chosen.time = max(chosen.time, len(units.clock(row["time_ns"] - start_ns)))
        chosen.ack = max(chosen.ack, len(_number(row["ack"])))
        chosen.window = max(chosen.window, len(_number(row["window"])))
        chosen.state = max(chosen.state, len(_state(row["client_state"])), len(_state(row["server_state"])))
        chosen.kind = max(chosen.kind, len(_kind(row)))
        longest = max(longest, len(_label(row)))
    chosen.lane = min(max(LANE_MIN, longest + 6), LANE_MAX)  # six columns for the arrow around the label
    _squeeze(chosen, screen.width, longest)
    return chosen


def _squeeze(chosen: Columns, width: int, longest: int) -> None:
    """Fit the columns into a width: the last ones go first, then arrows, kinds and states are shortened."""
    for name in ("window", "ack"):
        if chosen.total > width:
            setattr(chosen, name, 0)
    excess = max(chosen.total - width, 0)
    chosen.lane = max(min(chosen.lane, max(LANE_MIN, longest + 4)), chosen.lane - excess)
    excess = max(chosen.total - width, 0)
    chosen.kind = max(min(chosen.kind, KIND_MIN), chosen.kind - excess)
    excess = max(chosen.total - width, 0)
    chosen.state = max(min(chosen.state, STATE_MIN), chosen.state - (excess + 1) // 2)
    chosen.lane = max(LANE_MIN, chosen.lane - max(chosen.total - width, 0))
    room = width - chosen.total - GAP
    chosen.reason = room if room >= REASON_MIN else 0


def _titles(chosen: Columns) -> str:
    """Return the line with the names of the columns."""
    named = (
        ("frame", chosen.frame, True), ("time", chosen.time, True), ("client", chosen.state, True),
        ("flags seq (len)", chosen.lane, False), ("server", chosen.state, False), ("ack", chosen.ack, True),
        ("window", chosen.window, True), ("kind", chosen.kind, False), ("reason", chosen.reason, False),
    )  # fmt: skip
    centred = [
        (title.center(wide) if title.startswith("flags") else title, wide, right) for title, wide, right in named
    ]
    return " ".join(padded(title, wide, right) for title, wide, right in centred if wide)


def _line(chosen: Columns, row: dict[str, int], before: dict[str, int], start_ns: int) -> Iterable[Part]:
    """Return one segment's line; states that just changed stand out."""
    kind = SegmentKind(row["kind"])
    style = BAD if kind in _WRONG else "" if kind in _ORDINARY else WARNING
    cells: list[tuple[str, int, bool, str]] = [
        (str(row["frame"]), chosen.frame, True, ""),
        (units.clock(row["time_ns"] - start_ns), chosen.time, True, ""),
        (_state(row["client_state"]), chosen.state, True, _state_style(row, before, "client_state")),
        (_arrow(row, chosen.lane), chosen.lane, False, style),
        (_state(row["server_state"]), chosen.state, False, _state_style(row, before, "server_state")),
        (_number(row["ack"]), chosen.ack, True, ""),
        (_number(row["window"]), chosen.window, True, WARNING if row["window"] == 0 else ""),
        (_kind(row), chosen.kind, False, style),
        (_reason(row, chosen.reason), chosen.reason, False, QUIET),
    ]
    return [
        (padded(shortened(text, wide), wide, right) + " " * GAP, style) for text, wide, right, style in cells if wide
    ]


def _reason(row: dict[str, int], width: int) -> str:
    """Return the rule in words, without its source where there is no room for both, and cut at the end."""
    text = rows.reason_text(row["rule"], row["figure_a"], row["figure_b"]) or ""
    if len(text) > width and row["rule"] != UNKNOWN:
        text = text.removesuffix(f" ({Rule(row['rule']).source})")
    return text if len(text) <= width else f"{text[: max(width - 1, 0)]}…"


def _state_style(row: dict[str, int], before: dict[str, int], name: str) -> str:
    """Return how a state is printed: bold where this segment changed it."""
    return QUIET if before and before[name] == row[name] else "bold"


def _state(state: int) -> str:
    """Return the printed name of a state."""
    return NOTHING if state == UNKNOWN else State(state).text


def _number(cell: int) -> str:
    """Return a number without separators, as it is searched for."""
    return NOTHING if cell == UNKNOWN else str(cell)


def _kind(row: dict[str, int]) -> str:
    """Return what a segment was, and whether it was needless."""
    return SegmentKind(row["kind"]).text + (" spurious" if row["spurious"] == 1 else "")


def _label(row: dict[str, int]) -> str:
    """Return what stands on the arrow: flags, sequence number and length."""
    length = f" ({row['len']})" if row["len"] else ""
    return f"{rows.flags_text(row['flags'])} {row['seq']}{length}"


def _arrow(row: dict[str, int], width: int) -> str:
    """Return the arrow of a segment with its label on it."""
    label = shortened(_label(row), width - 4)
    line = f" {label} ".center(width - 1, "─")
    return f"{line}▶" if row["sender"] == Sender.CLIENT else f"◀{line}"

"""The picture of `tcpscope cwnd`: a sender's windows over time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analyzer.terminal import units
from analyzer.terminal.canvas import Canvas, Pen, can_show_dots
from analyzer.terminal.screen import BAD, GOOD, QUIET, WARNING, Part, Screen
from reconstruct.seq import UNKNOWN
from reconstruct.vocabulary import Phase

Row = dict[str, int]
ROWS = 20  # cells from the bottom to the top
LEGEND_INDENT = 6  # columns
SCALE_WIDTH = 9  # columns for the sizes at the left
HEADROOM = 1.2  # of what the congestion window reaches
LINES = (
    ("rwnd", Pen("w", GOOD), "window of the peer"),
    ("ssthresh", Pen("s", WARNING), "slow start threshold"),
    ("flight", Pen(".", "cyan"), "in flight"),
    ("cwnd_low", Pen(":", QUIET), ""),
    ("cwnd_high", Pen(":", QUIET), "90 % interval of the window"),
    ("cwnd", Pen("#", BAD), "congestion window"),
)
PHASES = {
    Phase.SLOW_START: "s",
    Phase.CONGESTION_AVOIDANCE: "a",
    Phase.RECOVERY: "R",
    Phase.LOSS: "L",
    Phase.STARTUP: "s",
    Phase.DRAIN: "d",
    Phase.PROBE_BW: "b",
    Phase.PROBE_RTT: "r",
}
_URGENT = "LRrdsba"  # of several in one column the first of these is shown


@dataclass(frozen=True)
class Frame:
    """What a picture shows: from a time, for a span in ns, up to so many bytes."""

    start_ns: int
    span_ns: int
    top: int


def print_cwnd(screen: Screen, title: tuple[str, str], rows: Sequence[Row], start_ns: int, because: str | None) -> None:
    """Print the windows of a sender; times count from `start_ns`, `because` tells why no congestion window is known."""
    screen.title(*title)
    if because is not None:
        screen.paragraph(f"Its congestion window cannot be told: {because}.", WARNING)
    if not rows:
        screen.paragraph("no row of windows here", QUIET)
        return
    canvas = Canvas(screen.width - SCALE_WIDTH - 1, ROWS, can_show_dots(screen))
    frame = _frame(rows)
    for name, pen, _ in LINES:
        _draw(canvas, frame, rows, name, pen)
    _print_picture(screen, canvas, frame, rows, start_ns)
    _print_legend(screen, canvas, frame, rows)


def _frame(rows: Sequence[Row]) -> Frame:
    """Return what the picture shows: all of the window; where there is none of the flight, then of what is offered."""
    start_ns, end_ns = rows[0]["time_ns"], max(row["time_ns"] for row in rows)
    reached = (max(row[name] for row in rows) for name in ("cwnd_high", "flight", "rwnd"))
    top = next((most for most in reached if most > 0), 1)
    return Frame(start_ns, max(end_ns - start_ns, 1), max(int(top * HEADROOM), 1))


def _draw(canvas: Canvas, frame: Frame, rows: Sequence[Row], name: str, pen: Pen) -> None:
    """Draw one line: a value holds until the next row; all values of a column are joined."""
    last = UNKNOWN
    at = 0
    for x in range(canvas.width):
        until_ns = frame.start_ns + (x + 1) * frame.span_ns // canvas.width
        values = [last]
        while at < len(rows) and rows[at]["time_ns"] <= until_ns:
            last = rows[at][name]
            values.append(last)
            at += 1
        known = [value for value in values if value != UNKNOWN]
        if known:
            low, high = (value * canvas.height // frame.top for value in (min(known), max(known)))
            canvas.column(x, low, high, pen)


def _print_picture(screen: Screen, canvas: Canvas, frame: Frame, rows: Sequence[Row], start_ns: int) -> None:
    """Print the cells with the scale of bytes at the left, the phases and the times below."""
    for row in range(canvas.rows):
        sized = row % 5 == 0
        scale = units.size(frame.top * (canvas.rows - row) // canvas.rows) if sized else ""
        screen.line((scale.rjust(SCALE_WIDTH), QUIET), ("|", QUIET), *_joined(canvas.line(row)))
    screen.line(("0 B".rjust(SCALE_WIDTH), QUIET), ("+" + "-" * canvas.columns, QUIET))
    phases = _phases(rows, frame, canvas.columns)
    if phases.strip():
        screen.line(("phase".rjust(SCALE_WIDTH), QUIET), " ", phases)
    first = f"{units.clock(frame.start_ns - start_ns, 3)} s, frame {rows[0]['frame']}"
    last = f"{units.clock(frame.start_ns + frame.span_ns - start_ns, 3)} s, frame {rows[-1]['frame']}"
    if len(first) + len(last) >= canvas.columns:
        first, last = (text.split(",")[0] for text in (first, last))
    gap = canvas.columns - len(first) - len(last)
    screen.line((" " * (SCALE_WIDTH + 1) + first + " " * gap + last, QUIET))


def _joined(parts: Sequence[Part]) -> list[Part]:
    """Return parts with neighbours of one style put together."""
    joined: list[Part] = []
    for text, style in parts:
        if joined and joined[-1][1] == style:
            joined[-1] = (joined[-1][0] + text, style)
        else:
            joined.append((text, style))
    return joined


def _phases(rows: Sequence[Row], frame: Frame, columns: int) -> str:
    """Return a letter for each column: the phase that the sender was in there."""
    letters, last, at = "", " ", 0
    for column in range(columns):
        until_ns = frame.start_ns + (column + 1) * frame.span_ns // columns
        met = {last}
        while at < len(rows) and rows[at]["time_ns"] <= until_ns:
            last = " " if rows[at]["phase"] == UNKNOWN else PHASES[Phase(rows[at]["phase"])]
            met.add(last)
            at += 1
        letters += next((letter for letter in _URGENT if letter in met), " ")
    return letters


def _print_legend(screen: Screen, canvas: Canvas, frame: Frame, rows: Sequence[Row]) -> None:
    """Print what the lines and letters are, and what lies above the picture."""
    screen.line()
    above = []
    for name, pen, meaning in LINES:
        values = [row[name] for row in rows if row[name] != UNKNOWN]
        if not values or not meaning:
            continue
        if min(values) > frame.top:
            above.append(f"{meaning} {units.size(min(values))} to {units.size(max(values))}")
        else:
            mark = "⣀⣀" if canvas.dense else pen.letter
            text = f"{meaning}, {units.size(min(values))} to {units.size(max(values))}"
            screen.paragraph(text, "", LEGEND_INDENT, f"  {mark}", pen.style)
    if above:
        screen.paragraph(f"above the picture: {', '.join(above)}", QUIET)
    names = {PHASES[phase]: phase.text for phase in Phase if phase in {row["phase"] for row in rows}}
    if names:
        screen.paragraph(f"phases: {', '.join(f'{letter} {name}' for letter, name in names.items())}", QUIET)

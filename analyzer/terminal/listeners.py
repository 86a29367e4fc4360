"""The screen of `tcpscope listeners`: a table, and a time line of each listener that many connected to."""

from collections.abc import Sequence

from analyzer.capture.reader import printable
from analyzer.facts import CaptureFacts
from analyzer.listeners import ListenerSeen
from analyzer.terminal import units
from analyzer.terminal.screen import BAD, GOOD, QUIET, WARNING, Part, Screen
from analyzer.terminal.table import Field, print_table
from reconstruct.listener import ARRIVED, COMPLETED, NEVER
from reconstruct.vocabulary import Met

LINES_SHOWN = 5  # time lines on one screen
LEAST_FOR_LINE = 20  # connections of a listener that has one
_LEVELS = " .:-=+*#%@"  # of ASCII, so that every terminal has them
_COOKIES = {"active": BAD, "likely": BAD, "possible": WARNING, "not in use": GOOD, "not seen": QUIET}


def print_listeners(screen: Screen, facts: CaptureFacts, listeners: Sequence[ListenerSeen], limit: int) -> None:
    """Print listeners, at most `limit`, and how those with many connections fared over time."""
    connections = units.counted(facts.connections, "connection")
    screen.title(printable(", ".join(facts.names)), f"{connections} · {units.counted(len(listeners), 'listener')}")
    if not listeners:
        screen.paragraph("no SYN was captured: nothing tells who listens", QUIET)
        return
    shown = listeners[:limit]
    screen.heading("Listeners", "by connections that began")
    print_table(screen, _fields(shown))
    if len(listeners) > limit:
        screen.paragraph(f"and {units.counted(len(listeners) - limit, 'more listener')}: --json shows all", QUIET)
    for listener in [each for each in shown if each.connections >= LEAST_FOR_LINE][:LINES_SHOWN]:
        _print_line(screen, listener)


def _fields(listeners: Sequence[ListenerSeen]) -> list[Field]:
    """Return the columns of the table."""

    def counts(title: str, numbers: list[int], rank: int, style: str = "") -> Field:
        cells = [(units.count(number) if number else "·", style if number else QUIET) for number in numbers]
        return Field(title, cells, right=True, rank=rank)

    return [
        Field("listener", [(printable(each.text), "") for each in listeners], least=12),
        counts("began", [each.connections for each in listeners], 0),
        Field("peak/s", [(units.figures(each.peak_per_s(ARRIVED)), "") for each in listeners], right=True, rank=3),
        counts("clients", [each.clients for each in listeners], 5),
        counts("completed", [each.completed for each in listeners], 0, GOOD),
        counts("refused", [each.refused for each in listeners], 1, BAD),
        counts("unanswered", [each.met(Met.UNANSWERED).count for each in listeners], 1, BAD),
        counts("half open", [_half_open(each) for each in listeners], 1, WARNING),
        counts("slow", [each.met(Met.SLOW).count for each in listeners], 2, WARNING),
        Field("SYN cookies", [_cookies(each) for each in listeners], rank=2),
        Field("Fast Open", [_fast_open(each) for each in listeners], rank=4),
    ]


def _half_open(listener: ListenerSeen) -> int:
    """Return the connections never completed that were answered, long ago or not."""
    return max(0, listener.never - listener.met(Met.UNANSWERED).count)


def _cookies(listener: ListenerSeen) -> Part:
    text = listener.cookies.text
    known = text in ("active", "likely", "possible")
    return (f"{text} {100 * listener.cookies.probability:.0f} %" if known else text, _COOKIES[text])


def _fast_open(listener: ListenerSeen) -> Part:
    """Return how often Fast Open was used, granted, ignored and lost."""
    kinds = {
        "used": Met.FAST_OPEN_USED,
        "granted": Met.FAST_OPEN_GRANTED,
        "ignored": Met.FAST_OPEN_IGNORED,
        "lost": Met.FAST_OPEN_LOST,
    }
    told = [f"{listener.met(kind).count:,} {words}" for words, kind in kinds.items() if listener.met(kind).count]
    return (", ".join(told) or "·", "" if told else QUIET)


def _print_line(screen: Screen, listener: ListenerSeen) -> None:
    """Print when connections to a listener began, and which of them were completed, as a row of characters each."""
    rows = {"began": ARRIVED, "completed": COMPLETED, "never completed": NEVER}
    lines = {words: listener.line(row) for words, row in rows.items()}
    last = max(at for at, number in enumerate(lines["began"]) if number)
    most = max(lines["began"])
    span = units.span((last + 1) * listener.width_ns)
    screen.heading(printable(listener.text), f"over {span}, {units.span(listener.width_ns)} a character, @ is {most:,}")
    for words, line in lines.items():
        picture = "".join(_LEVELS[-(-number * (len(_LEVELS) - 1) // most)] for number in line[: last + 1])
        screen.line(("  " + words.ljust(16), QUIET), (f"|{picture}|", ""))

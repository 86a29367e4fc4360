"""The screen of `tcpscope analyze`: the capture, its connections, and what is wrong."""

import time
from collections.abc import Iterator, Mapping
from typing import Any

from analyzer.capture.reader import Interface, printable
from analyzer.terminal import units
from analyzer.terminal.connections import connections_of, print_connections
from analyzer.terminal.findings import print_findings
from analyzer.terminal.orders import ORDERS
from analyzer.terminal.screen import BAD, QUIET, WARNING, Screen, shortened
from analyzer.terminal.units import NOTHING
from reconstruct.seq import UNKNOWN

LABEL_WIDTH = 13  # columns of the facts' names
INTERFACES_SHOWN = 4
REASONS_SHOWN = 8  # lines of the ledger; the rest is summed
COMMENTS_SHOWN = 3
COMMENT_LONGEST = 300  # columns; some programs write whole reports into one
FILES_SHOWN = 3


def print_overview(screen: Screen, analysis: Any, sort: str) -> None:
    """Print an analysis on one screen; its connections stand in the order of its rows, which `sort` names."""
    facts = analysis.capture
    screen.line((_files(facts.names), "bold"))
    for label, text, style in _facts(facts):
        screen.paragraph(text, style, LABEL_WIDTH + 2, f"  {label}")
    _print_skipped(screen, analysis.skipped)
    if analysis.finding_list:
        screen.heading("Findings", _by_severity(analysis.finding_list))
        print_findings(screen, analysis.finding_list)
        screen.paragraph("`tcpscope explain NAME` tells what a finding means and how it is measured", QUIET)
    elif facts.packets:
        screen.heading("Findings", "none")
    _print_connections(screen, analysis, sort)


def _files(names: list[str]) -> str:
    """Return the names of the files, at most a few."""
    shown = ", ".join(printable(name) for name in names[:FILES_SHOWN])
    rest = len(names) - FILES_SHOWN
    return f"{shown} and {units.counted(rest, 'more file')}" if rest > 0 else shown


def _facts(facts: Any) -> Iterator[tuple[str, str, str]]:
    """Yield what the capture is: name, text and style of each fact."""
    yield "Format", _format(facts), ""
    yield from _interfaces(facts)
    yield "Time", _time(facts), ""
    yield "Packets", _packets(facts), "" if facts.segments else WARNING
    yield from _drops(facts)
    for comment in facts.comments[:COMMENTS_SHOWN]:
        yield "Comment", shortened(printable(" ".join(comment.split())), COMMENT_LONGEST), ""
    if len(facts.comments) > COMMENTS_SHOWN:
        yield "", f"and {units.counted(len(facts.comments) - COMMENTS_SHOWN, 'more comment')}", QUIET
    for damage in facts.damages:
        text = f"{printable(damage.reason)} at byte {units.count(damage.offset)}, after packet {damage.packet}"
        yield "Damaged", text, BAD


def _format(facts: Any) -> str:
    """Return formats, compressions, link types and the snap length."""
    parts = [", ".join(dict.fromkeys(facts.formats))]
    compressions = [name for name in dict.fromkeys(facts.compressions) if name]
    parts += [f"compressed with {', '.join(compressions)}"] if compressions else []
    parts += [", ".join(dict.fromkeys(facts.link_types))] if facts.link_types else []
    parts.append(f"snap length {units.count(facts.snaplen)} bytes" if facts.snaplen else "no snap length")
    return " · ".join(printable(part) for part in parts if part)


def _interfaces(facts: Any) -> Iterator[tuple[str, str, str]]:
    """Yield the interfaces that have something to say for themselves."""
    named = [each for each in facts.interfaces if each.name or each.description or each.received is not None]
    for number, interface in enumerate(named[:INTERFACES_SHOWN]):
        yield "Interface" if number == 0 else "", _interface(interface), ""
    if len(named) > INTERFACES_SHOWN:
        yield "", f"and {units.counted(len(named) - INTERFACES_SHOWN, 'more interface')}", QUIET


def _interface(interface: Interface) -> str:
    """Return one interface in words."""
    parts = [printable(interface.name or "without a name")]
    parts += [printable(interface.description)] if interface.description else []
    parts += [f"times in {interface.resolution}"] if interface.resolution else []
    parts += [f"{units.counted(interface.received, 'packet')} received"] if interface.received is not None else []
    return " · ".join(parts)


def date_text(time_ns: int) -> str:
    """Return a time to the millisecond, in UTC."""
    seconds, fraction_ns = divmod(time_ns, units.NS_PER_S)
    return f"{time.strftime('%Y-%m-%d %H:%M:%S', time.gmtime(seconds))}.{fraction_ns // units.NS_PER_MS:03}"


def _time(facts: Any) -> str:
    """Return the span of the capture."""
    first, last = facts.first_time_ns, facts.last_time_ns
    if UNKNOWN in (first, last):
        return NOTHING
    return f"{date_text(first)} to {date_text(last)} UTC ({units.span(last - first)})"


def _packets(facts: Any) -> str:
    """Return how much was read."""
    connections = units.counted(facts.connections, "connection")
    segments = units.counted(facts.segments, "TCP segment")
    return f"{units.counted(facts.packets, 'packet')} · {segments} in {connections}"


def _drops(facts: Any) -> Iterator[tuple[str, str, str]]:
    """Yield what the capture says that it lost."""
    if facts.dropped:
        yield (
            "Drops",
            f"the capture reports {units.counted(facts.dropped, 'packet')} lost before they were written",
            BAD,
        )
    else:
        yield "Drops", "none reported" if facts.dropped == 0 else "the capture does not say", QUIET


def _print_skipped(screen: Screen, skipped: list[Any]) -> None:
    """Print the ledger of what was not used, the most frequent first."""
    ranked = sorted(skipped, key=lambda each: (-each.count, each.first_frame))
    widest = max((len(units.count(each.count)) for each in ranked[:REASONS_SHOWN]), default=0)
    for number, each in enumerate(ranked[:REASONS_SHOWN]):
        text = f"{units.count(each.count).rjust(widest)}  {printable(each.reason)}, first in frame {each.first_frame}"
        label = "Skipped" if number == 0 else ""
        screen.line((f"  {label}".ljust(LABEL_WIDTH + 2), QUIET), text)
    rest = sum(each.count for each in ranked[REASONS_SHOWN:])
    if rest:
        screen.paragraph(
            f"and {units.counted(rest, 'packet')} for other reasons: --json shows all", QUIET, LABEL_WIDTH + 2
        )


def _print_connections(screen: Screen, analysis: Any, sort: str) -> None:
    """Print the connections and their sums."""
    total = analysis.totals
    shown = list(connections_of(analysis.flow_rows, analysis.direction_rows))
    if not shown:
        screen.heading("Connections", "none")
        return
    which = f"{len(shown)} of {units.count(total.connections)}" if len(shown) < total.connections else str(len(shown))
    resent = units.counted(total.retransmissions, "segment")
    screen.heading("Connections", f"{which}, {ORDERS[sort]} · {units.size(total.bytes)} · {resent} resent")
    screen.paragraph(f"opening: {_counts(total.openings)} · closing: {_counts(total.closings)}", QUIET)
    print_connections(screen, shown, analysis.capture.first_time_ns)


def _counts(counts: Mapping[str, int]) -> str:
    """Return how many there are of each, in words."""
    told = [f"{units.count(number)} {name}" for name, number in counts.items() if number]
    return ", ".join(told) if told else "none"


def _by_severity(findings: list[Any]) -> str:
    """Return how many findings there are of each severity, the worst first."""
    from analyzer.rows import severity_text
    from analyzer.schema import SEVERITIES

    told = [severity_text(found.severity) for found in findings]
    counts = [(told.count(severity), severity) for severity in reversed(SEVERITIES)]
    return ", ".join(f"{number} {severity}" for number, severity in counts if number)

"""Rows of the core turned into the public tables' values, in plain Python: for JSON and for the terminal.

Times are RFC 3339 text with nine decimals, milliseconds and seconds are floats, a name of a closed list is its text,
what is unknown is None.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence

from analyzer.addresses import address_text
from analyzer.columns import Column, Form, Table
from analyzer.schema import FINDINGS
from reconstruct.recorder import RowStore
from reconstruct.rules import Rule
from reconstruct.seq import UNKNOWN
from reconstruct.states import Event, State
from reconstruct.vocabulary import EventKind, Reopening

Value = None | bool | int | float | str | list[int] | dict[str, "Value"]
Cells = Sequence[int]
Maker = Callable[[Cells], Value]

NS_PER_S = 1_000_000_000
NS_PER_MS = 1_000_000
MILLION = 1_000_000
FLAG_LETTERS = "FSRPAUECN"  # of the nine bits, lowest first; N is the bit that is AE today (RFC 9768)
NO_FLAGS = "none"
VLAN_BITS = 12  # of one id in the cell that holds up to three (IEEE 802.1Q 9.6)
NO_TUNNEL = 0
FINDING_NUMBERS = ("flow", "first_frame", "last_frame")


def rows_of(store: RowStore, table: Table) -> Iterator[dict[str, Value]]:
    """Yield each row of the core as the public table's row, column name to value."""
    makers = makers_of(store.names, table)
    for index in range(store.count):
        cells = store.row(index)
        yield {name: make(cells) for name, make in makers}


def finding_row(finding: object) -> dict[str, Value]:
    """Return one finding as its table's row."""
    row: dict[str, Value] = {column: getattr(finding, column) for column in FINDINGS.column_names}
    row["severity"] = severity_text(row["severity"])
    row["frames"] = list(getattr(finding, "frames", ()))
    for name in FINDING_NUMBERS:
        row[name] = None if row[name] == UNKNOWN else row[name]
    return row


def severity_text(severity: object) -> str:
    """Return the printed name of a severity."""
    text = getattr(severity, "text", None) or getattr(severity, "value", severity)
    return str(text)


def makers_of(names: tuple[str, ...], table: Table) -> list[tuple[str, Maker]]:
    """Return each column's name with the function that makes its value from a row's cells."""
    return [
        (column.name, _maker(column, tuple(names.index(cell) for cell in column.cells))) for column in table.columns
    ]


def _maker(column: Column, at: tuple[int, ...]) -> Maker:
    """Return the function that makes a column's value from the cells at these positions."""
    if not at:
        constant = column.constant
        return lambda cells: constant
    first = at[0]
    if column.form in _OF_ONE_CELL:
        convert = _OF_ONE_CELL[column.form]
        return lambda cells: None if cells[first] == UNKNOWN else convert(cells[first])
    if column.form is Form.NAME:
        texts = column.names
        return lambda cells: None if cells[first] == UNKNOWN else texts[cells[first]]
    combine = _OF_SEVERAL_CELLS[column.form]
    return lambda cells: combine(*[cells[position] for position in at])


def time_text(time_ns: int) -> str:
    """Return nanoseconds since the epoch as RFC 3339 text in UTC with nine decimals."""
    seconds, fraction_ns = divmod(time_ns, NS_PER_S)
    return f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(seconds))}.{fraction_ns:09d}Z"


def milliseconds(span_ns: int) -> float:
    """Return nanoseconds as the nearest float of milliseconds."""
    return span_ns / NS_PER_MS


def seconds(span_ns: int) -> float:
    """Return nanoseconds as the nearest float of seconds."""
    return span_ns / NS_PER_S


def millionths(parts: int) -> float:
    """Return millionths of a whole as the nearest float."""
    return parts / MILLION


def flags_text(flags: int) -> str:
    """Return the letters of the flags that are set, in the order of their bits: `S`, `SA`, `PA`, `FA`, `R`."""
    return "".join(letter for bit, letter in enumerate(FLAG_LETTERS) if flags >> bit & 1) or NO_FLAGS


def vlan_text(ids: int) -> str:
    """Return the VLAN ids of a tagged packet, outermost first, joined by dots."""
    mask = (1 << VLAN_BITS) - 1
    tags = [str(ids >> shift & mask) for shift in (2 * VLAN_BITS, VLAN_BITS, 0) if shift == 0 or ids >> shift]
    return ".".join(tags)


def tunnel_number(domain: int) -> int | None:
    """Return the id of a tunnel, None outside of one."""
    return None if domain == NO_TUNNEL else domain


def span_seconds(first_ns: int, last_ns: int) -> float | None:
    """Return the seconds between two times."""
    return None if UNKNOWN in (first_ns, last_ns) else seconds(last_ns - first_ns)


def share(part_ns: int, whole_ns: int) -> float | None:
    """Return the share of one time in another, None where there is no time."""
    return None if UNKNOWN in (part_ns, whole_ns) or whole_ns == 0 else part_ns / whole_ns


def reason_text(rule: int, figure_a: int, figure_b: int) -> str | None:
    """Return a rule with its figures in words and its source, None for no rule."""
    if rule == UNKNOWN:
        return None
    known = Rule(rule)
    words = known.template.format(a=_figure(figure_a), b=_figure(figure_b))
    return f"{words} ({known.source})" if known.source else words


def _figure(figure: int) -> int | str:
    """Return a figure as it stands in a sentence."""
    return "an unknown number of" if figure == UNKNOWN else figure


def event_detail(event: int, a: int, b: int, c: int) -> dict[str, Value]:
    """Return what the events table tells about one event; keys that the capture cannot fill are left out."""
    kind = EventKind(event)
    if kind is EventKind.STATE:
        return {"from": _text(State, a), "to": _text(State, b), "on": _text(Event, c)}
    if kind is EventKind.RULE_VIOLATION:
        return {"rule": Rule(a).source, "about": reason_text(a, b, c)}
    if kind is EventKind.CAPTURE_GAP:
        return {"missing_bytes": a}
    if kind is EventKind.RECOVERY_ENTER:
        return {"until_seq": a}
    if kind is EventKind.RTO:
        return {"backoff": a, "waited_ms": milliseconds(b)}
    if kind is EventKind.TAIL_LOSS_PROBE:
        return {"waited_ms": milliseconds(a)}
    if kind is EventKind.NAGLE_STALL:
        return {"held_ms": milliseconds(a), "small_frame": b, "ack_frame": c}
    if kind is EventKind.ZERO_WINDOW_BEGIN:
        return {"probes": a}
    if kind is EventKind.ZERO_WINDOW_PROBE:
        figures = {"probes": a, "update_lost_frame": b, "waited_ms": UNKNOWN if c == UNKNOWN else milliseconds(c)}
        return {key: value for key, value in figures.items() if value != UNKNOWN}
    if kind is EventKind.ZERO_WINDOW_END:
        return {"probes": a, "held_ms": milliseconds(b)} | _reopening(c)
    if kind is EventKind.WINDOW_FULL:
        return {"window_bytes": a, "room_bytes": b, "flight_bytes": c}
    return {}


def _reopening(how: int) -> dict[str, Value]:
    """Return what ended an episode of zero window, nothing where that is unknown."""
    if how == UNKNOWN:
        return {}
    if how == Reopening.PROBE_ANSWER_FOR_LOST_UPDATE:
        return {"ended_by": Reopening.PROBE_ANSWER.text, "update_lost": True}
    return {"ended_by": Reopening(how).text}


def _text(names: type[State] | type[Event], number: int) -> str | None:
    """Return the printed name of a state or its event, None where it is unknown."""
    return None if number == UNKNOWN else names(number).text


def round_trip_ns(flow: Mapping[str, int], client: Mapping[str, int], server: Mapping[str, int]) -> tuple[int, bool]:
    """Return a connection's round trip in ns as the capture shows it, and whether that is all of it.

    The two halves of the handshake, or the medians of both directions; one half alone is a lower bound (False), none
    `UNKNOWN`.
    """
    handshake = (flow["syn_rtt_ns"], flow["ack_rtt_ns"])
    medians = (client["rtt_median_ns"], server["rtt_median_ns"])
    for both in (handshake, medians):
        if UNKNOWN not in both:
            return sum(both), True
    halves = (flow["syn_rtt_ns"], flow["ack_rtt_ns"], client["rtt_median_ns"], server["rtt_median_ns"])
    known = [half for half in halves if half != UNKNOWN]
    return (max(known), False) if known else (UNKNOWN, False)


def raw_rows(store: RowStore) -> Iterator[dict[str, int]]:
    """Yield each row of the core as cell name to cell."""
    for index in range(store.count):
        yield dict(zip(store.names, store.row(index), strict=True))


_OF_ONE_CELL: dict[Form, Callable[[int], Value]] = {
    Form.INTEGER: int,
    Form.BOOLEAN: bool,
    Form.TIME: time_text,
    Form.MILLISECONDS: milliseconds,
    Form.SECONDS: seconds,
    Form.MILLIONTHS: millionths,
    Form.FLAGS: flags_text,
    Form.VLAN: vlan_text,
    Form.TUNNEL: tunnel_number,
}
_OF_SEVERAL_CELLS: dict[Form, Callable[..., Value]] = {
    Form.SPAN: span_seconds,
    Form.SHARE: share,
    Form.ADDRESS: address_text,
    Form.REASON: reason_text,
    Form.DETAIL: event_detail,
}

"""The table of connections: in one line each where there is room, else in two, an end a line."""

from collections.abc import Iterator
from dataclasses import dataclass

from analyzer import rows
from analyzer.addresses import address_text
from analyzer.selection import rows_of_flow
from analyzer.terminal import units
from analyzer.terminal.screen import BAD, GOOD, QUIET, WARNING, Part, Screen
from analyzer.terminal.table import Field, needed, print_table
from reconstruct.recorder import RowStore
from reconstruct.seq import UNKNOWN
from reconstruct.states import State
from reconstruct.vocabulary import Closing, Opening, Sender

LEAST_END = 15  # columns to which an address and port are shortened, with their middle left out
LEAST_STATE = 8


@dataclass(frozen=True)
class Connection:
    """One connection's cells and those of its two directions, by the names of the core."""

    flow: dict[str, int]
    client: dict[str, int]
    server: dict[str, int]

    def end(self, side: str) -> str:
        """Return one end's address and port."""
        address = address_text(self.flow["ip_version"], self.flow[f"{side}_hi"], self.flow[f"{side}_lo"])
        port = self.flow[f"{side}_port"]
        return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"

    @property
    def duration_ns(self) -> int:
        """Return the time from the first to the last segment."""
        return self.flow["last_time_ns"] - self.flow["first_time_ns"]

    @property
    def round_trip(self) -> str:
        """Return the round trip in words: `≥` stands before a part of it, as a capture in the middle shows."""
        trip_ns, whole = rows.round_trip_ns(self.flow, self.client, self.server)
        return units.span(trip_ns) if whole or trip_ns == UNKNOWN else f"≥ {units.span(trip_ns)}"

    @property
    def resent(self) -> int:
        """Return the segments that were sent again, both directions."""
        return self.both("retransmissions")

    def both(self, name: str) -> int:
        """Return the sum of a figure over both directions; what is unknown adds nothing."""
        return sum(max(sent[name], 0) for sent in (self.client, self.server))


def connections_of(flow_rows: RowStore, direction_rows: RowStore) -> Iterator[Connection]:
    """Yield the connections in the order of their rows."""
    unseen = dict.fromkeys(direction_rows.names, 0) | {"rtt_median_ns": UNKNOWN}
    directions = {(row["flow"], row["sender"]): row for row in rows.raw_rows(direction_rows)}
    for flow in rows.raw_rows(flow_rows):
        number = flow["flow"]
        client = directions.get((number, Sender.CLIENT), unseen)
        yield Connection(flow, client, directions.get((number, Sender.SERVER), unseen))


def connection_of(flow_rows: RowStore, direction_rows: RowStore, number: int) -> Connection:
    """Return one connection, which must be there."""
    (connection,) = connections_of(rows_of_flow(flow_rows, number), rows_of_flow(direction_rows, number))
    return connection


def print_connections(screen: Screen, connections: list[Connection], start_ns: int) -> None:
    """Print the table; `start_ns` is the time of the capture's first packet."""
    notes = [_note(connection) for connection in connections]
    wide = _wide(connections, start_ns)
    trouble = Field("trouble", [note or ("", "") for note in notes])
    if needed([*wide, trouble]) <= screen.width:
        print_table(screen, [*wide, trouble])
    elif needed([field for field in wide if not field.rank]) <= screen.width:
        print_table(screen, wide, notes)
    else:
        print_table(screen, _stacked(connections, start_ns), [part for note in notes for part in (None, note)])


def _wide(connections: list[Connection], start_ns: int) -> list[Field]:
    """Return the columns of a table with one line a connection."""
    starts = [units.clock(c.flow["first_time_ns"] - start_ns, 3) + " s" for c in connections]
    return [
        _numbers(connections),
        Field("client", [(c.end("client"), "") for c in connections]),
        Field("server", [(c.end("server"), "") for c in connections]),
        _field("start", starts, rank=2),
        _field("duration", [units.span(c.duration_ns) for c in connections]),
        _field("bytes", [units.size(c.flow["bytes"]) for c in connections]),
        Field("opening", [_opening(c) for c in connections]),
        Field("closing", [_closing(c) for c in connections]),
        Field("client state", [_state(c, "client") for c in connections]),
        Field("server state", [_state(c, "server") for c in connections]),
        _field("RTT", [c.round_trip for c in connections]),
        Field("resent", [_resent(c.resent) for c in connections], right=True, rank=1),
    ]


def _stacked(connections: list[Connection], start_ns: int) -> list[Field]:
    """Return the columns of a table with a line for the client and one for the server."""
    ends: list[Part] = []
    for c in connections:
        ends += [(c.end("client"), ""), (f"→ {c.end('server')}", "")]
    starts = [units.clock(c.flow["first_time_ns"] - start_ns, 3) + " s" for c in connections]
    return [
        _paired(_numbers(connections)),
        Field("client → server", ends, least=LEAST_END),
        Field("state", [_state(c, side) for c in connections for side in ("client", "server")], least=LEAST_STATE),
        Field("open, close", [part for c in connections for part in (_opening(c), _closing(c))], least=LEAST_STATE),
        _paired(_field("duration", [units.span(c.duration_ns) for c in connections], rank=2)),
        _field("bytes", [units.size(sent["unique_bytes"]) for c in connections for sent in (c.client, c.server)]),
        _paired(_field("RTT", [c.round_trip for c in connections], rank=1)),
        Field("resent", [_resent(d["retransmissions"]) for c in connections for d in (c.client, c.server)], True, 3),
        _paired(_field("start", starts, rank=4)),
    ]


def _numbers(connections: list[Connection]) -> Field:
    """Return the column of the connections' numbers."""
    return Field("flow", [(str(c.flow["flow"]), "bold") for c in connections], right=True)


def _field(title: str, texts: list[str], rank: int = 0) -> Field:
    """Return a column of figures."""
    return Field(title, [(text, QUIET if text == units.NOTHING else "") for text in texts], right=True, rank=rank)


def _paired(field: Field) -> Field:
    """Return a column that says something in the first of each two lines."""
    field.cells = [part for cell in field.cells for part in (cell, ("", ""))]
    return field


def _opening(connection: Connection) -> Part:
    """Return how a connection began."""
    opening = Opening(connection.flow["opening"])
    return opening.text, BAD if opening in (Opening.REFUSED, Opening.HALF_OPEN) else ""


def _closing(connection: Connection) -> Part:
    """Return how a connection ended."""
    closing = Closing(connection.flow["closing"])
    return closing.text, WARNING if closing is Closing.RST else ""


def _state(connection: Connection, side: str) -> Part:
    """Return the state in which an end was left."""
    state = connection.flow[f"{side}_state"]
    if state == UNKNOWN:
        return units.NOTHING, QUIET
    return State(state).text, GOOD if state == State.ESTABLISHED else ""


def _resent(number: int) -> Part:
    """Return a number of segments that were sent again."""
    return (units.count(number), WARNING) if number else ("0", QUIET)


def _note(connection: Connection) -> Part | None:
    """Return what was bad about a connection beside how it opened and closed, None where nothing was."""
    told = ", ".join(_troubles(connection))
    return (told, WARNING) if told else None


def _troubles(connection: Connection) -> Iterator[str]:
    """Yield what went wrong in a connection's two directions."""
    if connection.resent:
        spurious = connection.both("spurious_retransmissions")
        data = connection.both("data_segments")
        told = data >= connection.resent and not connection.both("syn_retransmissions")
        share = f" ({units.figures(100 * connection.resent / data)} % of the data)" if told else ""
        yield units.counted(connection.resent, "segment") + f" resent{share}"
        if spurious:
            yield f"{units.count(spurious)} of them needlessly"
    closed = connection.both("zero_window_episodes")
    if closed:
        yield f"window closed {units.counted(closed, 'time')}, {units.span(connection.both('zero_window_ns'))}"
    for name, words in (("out_of_order", "out of order"), ("network_duplicates", "duplicated on the way"),
                        ("invalid_segments", "not acceptable")):  # fmt: skip
        number = connection.both(name)
        if number:
            yield f"{units.counted(number, 'segment')} {words}"
    missing = connection.both("missing_bytes")
    if missing:
        yield f"{units.size(missing)} never captured"

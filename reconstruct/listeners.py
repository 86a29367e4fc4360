# cython: annotation_typing=False, initializedcheck=False, wraparound=False
"""The listeners of a capture, those with the most connections where there are many."""

from reconstruct.connection import Connection
from reconstruct.listener import SHOWN, Listener
from reconstruct.recorder import FLOW_COLUMNS, RowStore
from reconstruct.seq import UNKNOWN
from reconstruct.vocabulary import Opening

MOST_LISTENERS = 1_024  # that are kept; a scan of all ports of a host makes 65,535, of which none matters by itself

_UNKNOWN = UNKNOWN
_SHOWN = SHOWN
_MID_CAPTURE = int(Opening.MID_CAPTURE)
_VERSION, _HI, _LO = FLOW_COLUMNS.index("ip_version"), FLOW_COLUMNS.index("server_hi"), FLOW_COLUMNS.index("server_lo")
_PORT, _OPENING = FLOW_COLUMNS.index("server_port"), FLOW_COLUMNS.index("opening")
_TIME, _COOKIE = FLOW_COLUMNS.index("first_time_ns"), FLOW_COLUMNS.index("syn_cookie")


class Listeners:
    """Every listener by address and port; above twice `most`, those with the fewest connections go.

    `passed_over` counts the connections of those. Time lines begin at `base_ns`,
    with the first connection that is counted.
    """

    def __init__(self, most: int = MOST_LISTENERS) -> None:
        """Make a table without a listener."""
        self.most = most
        self.base_ns = self.before_ns = self.before_client_isn = self.before_server_isn = _UNKNOWN
        self.now_ns = self.passed_over = 0
        self.table: dict[tuple[int, int, int], Listener] = {}
        self.last: Listener | None = None

    def know_until(self, now_ns: int) -> None:
        """Take how far the capture is known: what did not come until then did not come."""
        self.now_ns = max(self.now_ns, now_ns)

    def note_before(self, connection: Connection) -> None:
        """Keep the ISNs of a connection whose addresses and ports are used again, and when its SYN,ACK came."""
        answered = connection.server.syns > 0 and connection.client.syns > 0
        self.before_ns = connection.server.syn_ns if answered else _UNKNOWN
        self.before_client_isn, self.before_server_isn = connection.client.isn, connection.server.isn

    def hand_on(self, connection: Connection) -> None:
        """Tell a connection what was noted of the one before it."""
        connection.before_ns = self.before_ns
        connection.before_client_isn, connection.before_server_isn = self.before_client_isn, self.before_server_isn

    def add(self, connection: Connection, flows: RowStore) -> None:
        """Count the finished connection whose row was written last, and fill its cell `syn_cookie`."""
        at = (flows.count - 1) * flows.width
        opening = flows.cells[at + _OPENING]
        if opening == _MID_CAPTURE:
            flows.cells[at + _COOKIE] = _UNKNOWN
        else:
            self.know_until(connection.last_time_ns)
            if self.base_ns == _UNKNOWN:
                self.base_ns = connection.first_time_ns
            listener = self._of(connection)
            flows.cells[at + _COOKIE] = listener.add(connection, opening, self.now_ns)

    def _of(self, connection: Connection) -> Listener:
        """Return the account of the connection's listener, made if there is none."""
        listener = self.last
        if listener is not None and (
            listener.port == connection.server_port and listener.lo == connection.server_lo
            and listener.hi == connection.server_hi and listener.ip_version == connection.ip_version
        ):  # fmt: skip
            return listener
        key = _key(connection.ip_version, connection.server_hi, connection.server_lo, connection.server_port)
        found = self.table.get(key)
        if found is None:
            if len(self.table) >= 2 * self.most:
                self._cut()
            found = Listener(self.base_ns)
            found.name(connection)
            self.table[key] = found
        self.last = found
        return found

    def _cut(self) -> None:
        """Keep the half with the most connections; of equals, those that came first."""
        ranked = sorted(self.table.items(), key=_fewest_last)
        for _, listener in ranked[self.most :]:
            self.passed_over += listener.connections
        self.table = dict(ranked[: self.most])
        self.last = None

    def in_order(self) -> list[Listener]:
        """Return the listeners in the order in which their first connections appeared."""
        return sorted(self.table.values(), key=_first_flow)

    def mark(self, flows: RowStore, otherwise: int) -> None:
        """Replace what the SYN,ACK of each connection shows by the odds that go with it at its listener and time.

        A listener whose `odds` nobody filled, or that was passed over, has `otherwise`.
        """
        last: Listener | None = None
        for row in range(flows.count):
            at = row * flows.width
            shows = flows.cells[at + _COOKIE]
            if shows != _UNKNOWN:
                if last is None or not (
                    last.port == flows.cells[at + _PORT] and last.lo == flows.cells[at + _LO]
                    and last.hi == flows.cells[at + _HI] and last.ip_version == flows.cells[at + _VERSION]
                ):  # fmt: skip
                    last = self.table.get(
                        _key(flows.cells[at + _VERSION], flows.cells[at + _HI], flows.cells[at + _LO],
                             flows.cells[at + _PORT])
                    )  # fmt: skip
                flows.cells[at + _COOKIE] = otherwise if last is None else _odds_of(
                    last, flows.cells[at + _TIME], shows, otherwise
                )  # fmt: skip


def _odds_of(listener: Listener, time_ns: int, shows: int, otherwise: int) -> int:
    at = listener.minute_of(time_ns) * _SHOWN + shows
    return listener.odds[at] if at < len(listener.odds) else otherwise


def _key(version: int, hi: int, lo: int, port: int) -> tuple[int, int, int]:
    return (hi, lo, port << 3 | version)


def _fewest_last(item: tuple[tuple[int, int, int], Listener]) -> tuple[int, int]:
    return (-item[1].connections, item[1].first_flow)


def _first_flow(listener: Listener) -> int:
    return listener.first_flow

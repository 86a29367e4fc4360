"""The table of listeners: bounded, in order of appearance, and what it writes into the rows of connections."""

from reconstruct.connection import Connection
from reconstruct.listener import SHOWN, SHOWS_STATE
from reconstruct.listeners import Listeners
from reconstruct.recorder import FLOW_COLUMNS, Recorder, RowStore
from reconstruct.scoreboard import SegmentPool
from reconstruct.segment import SYN, Segment
from reconstruct.seq import UNKNOWN
from reconstruct.settings import ReplaySettings
from reconstruct.vocabulary import Opening

COOKIE = FLOW_COLUMNS.index("syn_cookie")


class Given:
    """A table of listeners that connections to ports are added to."""

    def __init__(self, most: int) -> None:
        self.listeners = Listeners(most)
        self.flows = RowStore(FLOW_COLUMNS)

    def add(self, number: int, port: int, opening: Opening = Opening.HALF_OPEN) -> None:
        """Add a connection that is a single SYN to a port."""
        syn = Segment()
        syn.flags, syn.sport, syn.dport, syn.src_lo, syn.dst_lo = SYN, 40_000, port, 1, 2
        connection = Connection(number, Recorder(False, False), SegmentPool(), ReplaySettings())
        connection.begin(syn)
        connection.replay(syn)
        row = {"flow": number, "ip_version": 4, "server_lo": 2, "server_port": port, "opening": opening}
        self.flows.append(tuple(row.get(name, 0) for name in FLOW_COLUMNS))
        self.listeners.add(connection, self.flows)


def test_listeners_come_in_the_order_of_their_first_connections() -> None:
    given = Given(8)
    for number, port in enumerate((443, 80, 443, 22)):
        given.add(number, port)
    assert [(each.port, each.connections) for each in given.listeners.in_order()] == [(443, 2), (80, 1), (22, 1)]


def test_above_twice_the_limit_those_with_the_fewest_connections_go() -> None:
    given = Given(2)
    for number, port in enumerate((1, 2, 3, 3, 4, 4, 5)):
        given.add(number, port)
    assert [each.port for each in given.listeners.in_order()] == [3, 4, 5]
    assert given.listeners.passed_over == 2


def test_a_connection_whose_beginning_was_missed_tells_nothing_of_its_listener() -> None:
    given = Given(2)
    given.add(0, 80, Opening.MID_CAPTURE)
    assert given.listeners.in_order() == []
    assert given.flows.row(0)[COOKIE] == UNKNOWN


def test_rows_get_the_odds_of_their_listener_for_what_they_show() -> None:
    given = Given(2)
    given.add(0, 80)
    given.add(1, 443)
    for row in range(2):
        given.flows.cells[row * given.flows.width + COOKIE] = SHOWS_STATE
    given.listeners.in_order()[0].odds = RowStore(tuple(map(str, range(SHOWN)))).cells
    given.listeners.in_order()[0].odds[SHOWS_STATE] = 77
    given.listeners.mark(given.flows, 1_000)
    assert [given.flows.row(row)[COOKIE] for row in range(2)] == [77, 1_000]

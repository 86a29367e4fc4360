"""The table of connections, wide and narrow."""

import pytest

from analyzer.terminal.connections import Connection, connection_of, connections_of, print_connections
from reconstruct.recorder import DIRECTION_COLUMNS, FLOW_COLUMNS
from reconstruct.seq import UNKNOWN
from reconstruct.vocabulary import Sender
from tests.analyzer.terminal.printing import Paper
from tests.fake_analysis import MS, START_NS, FakeAnalysis, store_of


def printed(width: int) -> list[str]:
    """Return the table of the analysis made by hand, without its titles."""
    analysis = FakeAnalysis()
    paper = Paper(width=width)
    print_connections(paper, list(connections_of(analysis.flow_rows, analysis.direction_rows)), START_NS)
    return paper.lines[1:]


def connection(flow: dict[str, int] | None = None, **client: int) -> Connection:
    """Return a connection in which everything is zero but what is told; the server's figures are unknown."""
    zero = dict.fromkeys(DIRECTION_COLUMNS, 0)
    return Connection(dict.fromkeys(FLOW_COLUMNS, 0) | (flow or {}), zero | client, dict.fromkeys(zero, UNKNOWN))


def note(**client: int) -> str:
    """Return what is printed below a connection."""
    paper = Paper(width=40)
    print_connections(paper, [connection({"ip_version": 4, "opening": 0, "closing": 0}, **client)], 0)
    return " ".join(line.strip() for line in paper.lines[3:])


def test_where_there_is_room_a_connection_is_a_line_with_its_trouble() -> None:
    first, second = printed(220)
    assert first.split()[:3] == ["0", "10.0.0.1:40000", "10.0.0.2:80"]
    # 1 of the 2 data segments was resent, and the window was closed for 250 ms.
    assert first.endswith("1 segment resent (50.0 % of the data), window closed 1 time, 250 ms")
    assert second.split()[:3] == ["1", "[2001:db8::1]:50000", "[2001:db8::2]:443"]


def test_with_less_room_the_trouble_stands_below() -> None:
    first, trouble, second = printed(140)
    assert first.split()[0] == "0"
    assert trouble == "      1 segment resent (50.0 % of the data), window closed 1 time, 250 ms"
    assert second.split()[0] == "1"


def test_on_a_narrow_screen_each_end_has_a_line() -> None:
    lines = printed(80)
    assert lines[0].split()[:4] == ["0", "10.0.0.1:40000", "TIME-WAIT", "handshake"]
    assert lines[1].split()[:4] == ["→", "10.0.0.2:80", "CLOSED", "fin"]
    assert lines[-1].split()[:4] == ["→", "[2001:db8::2]:443", "-", "rst"]


@pytest.mark.parametrize("width", range(40, 201, 8))
def test_no_line_is_wider_than_the_screen_where_the_columns_that_stay_fit(width: int) -> None:
    # The ends, states and openings shortened to their least and the figures that always stay take 56 columns.
    assert max(map(len, printed(width))) <= max(width, 56)


def test_one_connection_can_be_picked() -> None:
    analysis = FakeAnalysis()
    picked = connection_of(analysis.flow_rows, analysis.direction_rows, 1)
    assert (picked.end("client"), picked.client["mss"]) == ("[2001:db8::1]:50000", 1440)


def test_a_connection_whose_directions_are_not_there_sent_nothing() -> None:
    analysis = FakeAnalysis()
    (first, _) = connections_of(analysis.flow_rows, store_of(DIRECTION_COLUMNS, []))
    assert (first.resent, first.client["rtt_median_ns"]) == (0, UNKNOWN)


def test_what_is_unknown_adds_nothing() -> None:
    one = connection(retransmissions=3, spurious_retransmissions=UNKNOWN)
    assert (one.resent, one.both("spurious_retransmissions")) == (3, 0)


@pytest.mark.parametrize(
    ("syn_ns", "ack_ns", "text"),
    [(30 * MS, 5 * MS, "35.0 ms"), (30 * MS, UNKNOWN, "≥ 30.0 ms"), (UNKNOWN, UNKNOWN, "-")],
)
def test_half_a_round_trip_is_a_lower_bound(syn_ns: int, ack_ns: int, text: str) -> None:
    flow = {"syn_rtt_ns": syn_ns, "ack_rtt_ns": ack_ns}
    assert connection(flow, rtt_median_ns=UNKNOWN).round_trip == text


@pytest.mark.parametrize(
    ("client", "words"),
    [
        ({"retransmissions": 2, "data_segments": 400}, "2 segments resent (0.50 % of the data)"),
        ({"retransmissions": 1, "syn_retransmissions": 1, "data_segments": 4}, "1 segment resent"),
        ({"retransmissions": 2, "data_segments": 4, "spurious_retransmissions": 1},
         "2 segments resent (50.0 % of the data), 1 of them needlessly"),
        ({"out_of_order": 1}, "1 segment out of order"),
        ({"network_duplicates": 2}, "2 segments duplicated on the way"),
        ({"invalid_segments": 1}, "1 segment not acceptable"),
        ({"missing_bytes": 1500}, "1.50 kB never captured"),
        ({"zero_window_episodes": 2, "zero_window_ns": 300 * MS}, "window closed 2 times, 300 ms"),
        ({}, ""),
    ],
)  # fmt: skip
def test_every_trouble_has_words(client: dict[str, int], words: str) -> None:
    assert note(**client) == words


def test_the_sender_decides_which_direction_is_whose() -> None:
    directions = store_of(DIRECTION_COLUMNS, [
        {"flow": 0, "sender": Sender.SERVER, "segments": 7}, {"flow": 0, "sender": Sender.CLIENT, "segments": 5},
    ])  # fmt: skip
    (one,) = connections_of(store_of(FLOW_COLUMNS, [{"flow": 0}]), directions)
    assert (one.client["segments"], one.server["segments"]) == (5, 7)

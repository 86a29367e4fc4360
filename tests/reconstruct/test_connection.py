"""A connection replayed: roles, offsets, windows, gaps, round trips, counters and the rows of all of them."""

import pytest

from reconstruct.connection import MAX_UNHEARD_OUTSTANDING, Connection
from reconstruct.flows import FlowTable
from reconstruct.recorder import Recorder
from reconstruct.segment import Segment
from reconstruct.seq import UNKNOWN
from reconstruct.settings import ReplaySettings
from reconstruct.states import State
from reconstruct.tally import Tally
from reconstruct.vocabulary import EventKind, Sign
from tests.drill import read_script, segments_of
from tests.reconstruct.replaying import CLIENT, HANDSHAKE, MS, SCALED, SERVER, WRAPPING, Replayed, rows_of

ISNS = pytest.mark.parametrize("isns", ["", WRAPPING], ids=["low ISNs", "ISNs at 2^32"])


# Roles


@pytest.mark.parametrize(
    ("first", "role_known", "client_port"),
    [
        ("> S 0:0(0) win 9", 1, 40000),
        ("< S 0:0(0) win 9", 1, 80),
        ("< S. 0:0(0) ack 1 win 9", 1, 40000),
        ("> S. 0:0(0) ack 1 win 9", 1, 80),
        ("> . 1:1(0) ack 1 win 9", 0, 40000),
        ("< . 1:1(0) ack 1 win 9", 0, 40000),
    ],
)
def test_the_client_sent_the_syn_or_is_judged_by_its_higher_port(first: str, role_known: int, client_port: int) -> None:
    connection = Replayed(f"0.0 {first}\n").connection
    assert (connection.role_known, connection.client_port) == (role_known, client_port)


def test_between_equal_ports_who_spoke_first_is_the_client() -> None:
    ends = "client 192.0.2.1:500\nserver 198.51.100.2:500\n"
    connection = Replayed(ends + "0.0 < . 1:1(0) ack 1 win 9\n").connection
    assert connection.client_lo == 0xC6336402  # 198.51.100.2


def test_ends_on_equal_ports_are_told_apart_by_their_addresses() -> None:
    ends = "client [2001:db8::1]:500\nserver [2001:db8::2]:500\n"
    replayed = Replayed(ends + HANDSHAKE)
    assert [cursor.from_client for cursor in replayed.cursors] == [1, 0, 1]
    assert replayed.connection.ip_version == 6


def test_a_key_is_filled_in_as_from_the_client() -> None:
    connection, key = Replayed("0.0 < S. 0:0(0) ack 1 win 9\n").connection, Segment()
    connection.load_key(key)
    assert (key.sport, key.dport, key.src_lo, key.dst_lo) == (40000, 80, 0xC0000201, 0xC6336402)
    assert connection.is_from_client(key) == 1


# Offsets


@ISNS
def test_offsets_count_from_the_isns_and_go_on_where_the_wire_wraps(isns: str) -> None:
    data = "1.0 > P. 1:101(100) ack 1 win 64240\n1.1 < P. 1:51(50) ack 101 win 65160\n"
    rows = Replayed(isns + HANDSHAKE + data).rows()
    assert [(row["seq"], row["ack"], row["len"]) for row in rows] == [
        (0, None, 0), (0, 1, 0), (1, 1, 0), (1, 1, 100), (1, 101, 50)
    ]  # fmt: skip


def test_without_the_syn_the_first_number_of_each_end_is_offset_one() -> None:
    rows = Replayed(WRAPPING + "0.0 < P. 701:751(50) ack 901 win 9\n0.1 > . 901:901(0) ack 751 win 9\n").rows()
    assert [(row["seq"], row["ack"]) for row in rows] == [(1, 1), (1, 51)]


def test_a_syn_with_another_number_counts_anew_until_something_is_acknowledged() -> None:
    other = HANDSHAKE.replace("0.000  > S  0:0(0)", "0.000 > S 5000:5000(0)")
    replayed = Replayed(other.replace("+0.010", "+0.005 > S 0:0(0) win 64240 <mss 1460>\n+0.010"))
    assert [row["seq"] for row in replayed.rows()] == [0, 0, 0, 1]
    assert replayed.states()[-1] == "ESTABLISHED ESTABLISHED"


@ISNS
def test_what_was_numbered_from_another_syn_is_forgotten(isns: str) -> None:
    first = "0.0 < S. -1:-1(0) ack 1 win 1000\n0.1 < P. 1:11(10) ack 1 win 1000\n0.1 < F. 11:11(0) ack 1 win 1000\n"
    replayed = Replayed(isns + first + "0.2 < S. 0:0(0) ack 1 win 1000\n0.2 < P. 1:2(1) ack 1 win 1000\n")
    server = replayed.server
    assert (server.stream.edge, server.stream.highest, server.fin_end, server.fins) == (2, 2, UNKNOWN, 0)
    assert replayed.direction(SERVER)["unique_bytes"] == 1
    # The byte alone: what a SYN sent again completes is no round trip (RFC 6298 3).
    assert (server.board.count, replayed.direction(SERVER)["initial_window"]) == (1, 1)
    assert replayed.kinds()[-1] == "new"


def test_nodes_of_what_was_numbered_from_another_syn_are_used_again() -> None:
    lines = "".join(f"0.1 > S {i}:{i}(0) win 9\n0.1 > . {i + 1}:{i + 11}(10) ack 1 win 9\n" for i in range(50, 150))
    assert Replayed(lines).connection.pool.used == 2  # the first SYN and its text


@ISNS
def test_more_than_four_gigabytes_keep_their_offsets(isns: str) -> None:
    step = 1_000_000_000  # five acknowledgments that far apart; a window of 65535 << 14 allows as much
    text = "0.0 > S 0:0(0) win 9 <wscale 14>\n0.1 < S. 0:0(0) ack 1 win 9 <wscale 14>\n0.2 > . 1:1(0) ack 1 win 65535\n"
    lines = [
        f"{i}.0 > . 1:1(0) ack {i * step} win 65535\n{i}.5 < . {i * step}:{i * step + 1}(1) ack 1 win 9\n"
        for i in range(1, 6)
    ]
    rows = Replayed(isns + text + "".join(lines)).rows()
    assert rows[-1]["seq"] == 5 * step


# Acknowledgments, gaps, windows


@ISNS
def test_what_was_acknowledged_but_never_captured_is_missing(isns: str) -> None:
    data = "1.0 > . 1:101(100) ack 1 win 9\n1.0 > . 301:401(100) ack 1 win 9\n"
    replayed = Replayed(isns + HANDSHAKE + data + "1.1 < . 1:1(0) ack 401 win 65160\n")
    assert [(row["sender"], row["frame"], row["a"]) for row in replayed.events(EventKind.CAPTURE_GAP)] == [
        (CLIENT, 6, 200)
    ]
    assert replayed.direction(CLIENT)["missing_bytes"] == 200
    assert replayed.direction(CLIENT)["unique_bytes"] == 200


def test_what_an_end_that_was_never_heard_sent_is_not_called_missing() -> None:
    one_sided = "0.0 > . 1:1(0) ack 1 win 9\n0.1 > . 1:1(0) ack 5001 win 9\n"
    replayed = Replayed(one_sided)
    assert replayed.events(EventKind.CAPTURE_GAP) == []
    assert replayed.direction(SERVER)["missing_bytes"] is None


def test_a_hole_that_is_filled_before_it_is_acknowledged_is_not_missing() -> None:
    data = "1.0 > . 101:201(100) ack 1 win 9\n1.001 > . 1:101(100) ack 1 win 9\n"
    replayed = Replayed(HANDSHAKE + data + "1.1 < . 1:1(0) ack 201 win 65160\n")
    assert replayed.events(EventKind.CAPTURE_GAP) == []
    assert replayed.direction(CLIENT)["out_of_order"] == 1


@ISNS
def test_flight_and_window_are_told_after_each_change(isns: str) -> None:
    data = "1.0 > . 1:101(100) ack 1 win 502\n1.1 < . 1:1(0) ack 51 win 20000\n"
    told = Replayed(isns + SCALED + data).windows(CLIENT)
    # The SYN is in flight; the SYN,ACK's window is unscaled; then 100 bytes; then 50 are left and 20000 << 2 offered.
    assert [(row["frame"], row["flight"], row["rwnd"]) for row in told] == [
        (1, 1, None), (2, 0, 65160), (4, 100, 65160), (5, 50, 80000)
    ]  # fmt: skip


def test_an_old_acknowledgment_changes_no_window() -> None:
    data = "1.0 > . 1:201(200) ack 1 win 9\n1.1 < . 1:1(0) ack 201 win 900\n1.2 < . 1:1(0) ack 101 win 500\n"
    replayed = Replayed(HANDSHAKE + data)
    assert (replayed.client.snd_una, replayed.client.offered.snd_wnd) == (201, 900)


def test_windows_of_a_connection_whose_syns_were_missed_are_unknown() -> None:
    joined = Replayed("0.0 > . 1:101(100) ack 1 win 9\n0.1 < . 1:1(0) ack 101 win 9\n")
    assert [row["window"] for row in joined.rows()] == [None, None]
    assert {row["rwnd"] for row in joined.windows(CLIENT)} == {None}


def test_a_closed_window_begins_and_ends_an_episode_with_its_probes() -> None:
    data = "1.0 > . 1:101(100) ack 1 win 9\n1.1 < . 1:1(0) ack 101 win 0\n"
    probes = "1.3 > . 100:100(0) ack 1 win 9\n1.31 < . 1:1(0) ack 101 win 0\n1.7 > . 100:100(0) ack 1 win 9\n"
    replayed = Replayed(HANDSHAKE + data + probes + "1.8 < . 1:1(0) ack 101 win 9000\n")
    assert [row["frame"] for row in replayed.events(EventKind.ZERO_WINDOW_BEGIN)] == [5]
    assert [(row["frame"], row["a"]) for row in replayed.events(EventKind.ZERO_WINDOW_PROBE)] == [(6, 1), (8, 2)]
    ends = replayed.events(EventKind.ZERO_WINDOW_END)
    assert [(row["frame"], row["sender"], row["a"], row["b"]) for row in ends] == [(9, CLIENT, 2, 700 * MS)]
    assert replayed.direction(CLIENT)["window_probes"] == 2


def test_a_window_that_only_changes_is_no_episode() -> None:
    offers = "".join(f"{time} < . 1:1(0) ack 1 win {window}\n" for time, window in ((1, 9), (2, 0), (3, 0), (4, 7)))
    replayed = Replayed(HANDSHAKE + offers)
    assert [row["frame"] for row in replayed.events(EventKind.ZERO_WINDOW_BEGIN)] == [5]
    assert [row["frame"] for row in replayed.events(EventKind.ZERO_WINDOW_END)] == [7]


def test_a_fin_that_opens_the_window_ends_the_episode() -> None:
    data = "1.0 > P. 1:101(100) ack 1 win 9\n1.1 < . 1:1(0) ack 101 win 0\n2.1 < F. 1:1(0) ack 101 win 60000\n"
    more = "2.2 > P. 101:201(100) ack 2 win 9\n12.1 > P. 201:301(100) ack 2 win 9\n"
    replayed = Replayed(HANDSHAKE + data + more)
    assert [row["frame"] for row in replayed.events(EventKind.ZERO_WINDOW_END)] == [6]
    assert replayed.direction(CLIENT)["zero_window_ns"] == 1000 * MS


def test_a_fin_without_a_window_begins_no_episode() -> None:
    # An end that has finished with the connection may say so; whoever is held by it will probe.
    replayed = Replayed(HANDSHAKE + "1.0 < F. 1:1(0) ack 1 win 0\n")
    assert replayed.direction(CLIENT)["zero_window_episodes"] == 0


# Round trips


def test_the_handshake_has_two_parts_of_a_round_trip() -> None:
    connection = Replayed(HANDSHAKE).connection
    assert (connection.syn_rtt_ns, connection.ack_rtt_ns) == (10 * MS, MS)
    assert connection.soonest_ns() == 9_625_000  # 7/8 of 11 ms


def test_the_newest_syn_is_what_the_syn_ack_is_measured_by() -> None:
    opening = "0.0 > S 0:0(0) win 9\n1.0 > S 0:0(0) win 9\n1.01 < S. 0:0(0) ack 1 win 9\n1.012 > . 1:1(0) ack 1 win 9\n"
    connection = Replayed(opening).connection
    assert (connection.syn_rtt_ns, connection.ack_rtt_ns) == (10 * MS, 2 * MS)


def test_crossing_syns_tell_no_round_trip() -> None:
    crossing = (
        "0.0 > S 0:0(0) win 9\n0.01 < S 0:0(0) win 9\n0.02 > S. 0:0(0) ack 1 win 9\n0.03 < S. 0:0(0) ack 1 win 9\n"
    )
    assert Replayed(crossing).connection.syn_rtt_ns == UNKNOWN


@ISNS
def test_an_acknowledgment_completes_the_round_trip_of_the_newest_segment(isns: str) -> None:
    data = "1.000 > . 1:101(100) ack 1 win 9\n1.010 > . 101:201(100) ack 1 win 9\n1.030 < . 1:1(0) ack 201 win 9\n"
    replayed = Replayed(isns + HANDSHAKE + data)
    assert replayed.rows()[-1]["rtt_ns"] == 20 * MS
    assert replayed.client.rtt is not None
    # SYN: 10 ms; then the oldest segment's 30 ms; the way between the tap and the client is 1 ms each time.
    assert replayed.client.rtt.srtt_ns == 11 * MS + (20 * MS >> 3)


def test_what_was_sent_twice_gives_no_round_trip() -> None:
    # RFC 6298 3, Karn's rule.
    data = "1.0 > . 1:101(100) ack 1 win 9\n1.3 > . 1:101(100) ack 1 win 9\n1.31 < . 1:1(0) ack 101 win 9\n"
    assert Replayed(HANDSHAKE + data).rows()[-1]["rtt_ns"] is None


def test_a_clock_that_was_set_back_gives_no_round_trip() -> None:
    data = "1.0 > . 1:101(100) ack 1 win 9\n0.5 < . 1:1(0) ack 101 win 9\n"
    replayed = Replayed(HANDSHAKE + data)
    assert replayed.rows()[-1]["rtt_ns"] is None
    assert replayed.client.rtt is not None
    assert replayed.client.rtt.samples == 1  # that of the SYN


def test_outstanding_segments_are_bounded_where_nothing_acknowledges_them() -> None:
    lines = "".join(f"0.1 > . {i}:{i + 1}(1) ack 1 win 9\n" for i in range(1, 301))
    assert Replayed(lines).client.board.count == MAX_UNHEARD_OUTSTANDING
    heard = "0.0 < . 1:1(0) ack 1 win 9\n" + lines
    assert Replayed(heard, ReplaySettings(max_outstanding=100)).client.board.count == 100


def test_an_answer_is_expected_no_sooner_than_the_shortest_round_trip() -> None:
    # The handshake took 10 ms to the server, a later segment only 4 ms: an answer may come after 3/4 of that.
    data = "1.000 > . 1:101(100) ack 1 win 9\n1.004 < . 1:1(0) ack 101 win 65160\n"
    asked = HANDSHAKE + data + "9.000 > . 100:100(0) ack 1 win 9\n"
    assert Replayed(asked + "9.002999999 < . 1:1(0) ack 101 win 65160\n").kinds()[-1] == "ack"
    assert Replayed(asked + "9.003 < . 1:1(0) ack 101 win 65160\n").kinds()[-1] == "keep-alive-ack"


# Counters


def test_segments_larger_than_the_peers_mss_are_counted() -> None:
    # The server takes 1400 bytes (RFC 9293 3.7.1): a capture before segmentation offload shows more.
    data = "1.0 > . 1:1401(1400) ack 1 win 9\n1.1 > . 1401:4201(2800) ack 1 win 9\n"
    assert Replayed(HANDSHAKE + data).direction(CLIENT)["oversized_segments"] == 1


def test_the_largest_flight_counts_from_the_acknowledgment() -> None:
    data = "1.0 > . 1:101(100) ack 1 win 9\n1.0 > . 101:301(200) ack 1 win 9\n1.1 < . 1:1(0) ack 301 win 9\n"
    assert Replayed(HANDSHAKE + data).direction(CLIENT)["flight_max"] == 300


def test_a_retransmission_is_counted_and_its_bytes_count_once() -> None:
    data = "1.0 > . 1:101(100) ack 1 win 9\n1.3 > . 1:101(100) ack 1 win 9\n"
    counted = Replayed(HANDSHAKE + data).direction(CLIENT)
    assert (counted["bytes"], counted["unique_bytes"], counted["data_segments"], counted["retransmissions"]) == (
        200, 100, 2, 1
    )  # fmt: skip


# One-sided, reuse, begin anew


def test_one_direction_alone_tells_nothing_of_the_others_state() -> None:
    opening = "0.0 > S 0:0(0) win 9\n0.1 > . 1:1(0) ack 1 win 9\n"
    closing = "0.2 > P. 1:101(100) ack 1 win 9\n0.4 > F. 101:101(0) ack 501 win 9\n"
    replayed = Replayed(WRAPPING + opening + closing)
    flow = replayed.flow()
    assert (flow["one_sided"], flow["client_state"], flow["server_state"]) == (1, State.FIN_WAIT_1, None)
    assert (flow["syn_rtt_ns"], flow["ack_rtt_ns"], flow["vantage"]) == (None, None, None)


def test_a_port_used_again_after_time_wait_is_another_connection() -> None:
    close = "1.0 > F. 1:1(0) ack 1 win 9\n1.1 < F. 1:1(0) ack 2 win 9\n1.2 > . 2:2(0) ack 2 win 9\n"
    again = "5.0 > S 900000:900000(0) win 9\n5.1 < S. 700000:700000(0) ack 900001 win 9\n"
    table = FlowTable(ReplaySettings(), Recorder(True, True), Tally())
    for segment in segments_of(read_script(HANDSHAKE + close + again)):
        table.step(segment)
    table.finish()
    states = [(row["client_state"], row["server_state"]) for row in rows_of(table.flows)]
    assert states == [(State.TIME_WAIT, State.CLOSED), (State.ESTABLISHED, State.SYN_RECEIVED)]


def test_a_connection_used_again_knows_nothing_of_the_one_before() -> None:
    replayed = Replayed("client 192.0.2.9:41000\n" + HANDSHAKE + "1.0 > R 1:1(0) win 0\n1.0 < . 1:1(0) ack 1 win 9\n")
    connection = replayed.connection
    connection.reset(9)
    fresh = Connection(9, Recorder(False, False), connection.pool, ReplaySettings())
    told = [name for name in dir(fresh) if isinstance(getattr(fresh, name), int)]
    assert {name: getattr(connection, name) for name in told} == {name: getattr(fresh, name) for name in told}
    assert connection.segments == connection.client.segments == connection.resets == 0


def test_what_held_each_end_back_is_told_in_its_direction() -> None:
    # The window of 2,000 bytes is used up until the acknowledgment, which passes the tap at 30 ms and is with
    # the client a millisecond later; the server sends nothing.
    script = (
        HANDSHAKE.replace("win 65160", "win 2000")
        + """
    0.020 > . 1:1001(1000) ack 1 win 64240
    0.020 > . 1001:2001(1000) ack 1 win 64240
    0.030 < . 1:1(0) ack 2001 win 2000
    0.031 > . 2001:3001(1000) ack 1 win 64240
    0.031 > . 3001:4001(1000) ack 1 win 64240
    """
    )
    replayed = Replayed(script)
    replayed.connection.finish()
    client, server = replayed.direction(CLIENT), replayed.direction(SERVER)
    assert (client["sending_ns"], client["held_by_rwnd_ns"], client["idle_ns"]) == (11 * MS, 11 * MS, 0)
    assert server["sending_ns"] is server["held_by_rwnd_ns"] is None


def test_a_limit_that_cost_a_tenth_of_a_second_is_a_sign_with_its_frames() -> None:
    # Frames 4 and 5 fill the window; the acknowledgment is with the client 181 ms later, and frame 7 goes out at once.
    script = (
        HANDSHAKE.replace("win 65160", "win 2000")
        + """
    0.020 > . 1:1001(1000) ack 1 win 64240
    0.020 > . 1001:2001(1000) ack 1 win 64240
    0.200 < . 1:1(0) ack 2001 win 2000
    0.201 > . 2001:3001(1000) ack 1 win 64240
    """
    )
    connection = Replayed(script).connection
    connection.finish()
    assert connection.signs is not None
    assert connection.signs.frames(Sign.RWND_LIMITED, CLIENT) == [4, 7]
    assert connection.signs.total(Sign.RWND_LIMITED, CLIENT) == 181 * MS
    assert connection.signs.count(Sign.APPLICATION_LIMITED, CLIENT) == 0


def test_a_connection_in_the_place_of_another_has_an_account_of_its_own() -> None:
    replayed = Replayed(HANDSHAKE + "+0.010 > P. 1:101(100) ack 1 win 64240\n+0.010 < . 1:1(0) ack 101 win 65160\n")
    replayed.connection.finish()
    assert replayed.direction(CLIENT)["sending_ns"] == 11 * MS  # 10 ms from the tap to the server and back, 1 ms home
    replayed.connection.reset(1)
    assert replayed.direction(CLIENT)["sending_ns"] is None

"""How both ends move through the states, and how a move is taken back when a later segment disproves it."""

import pytest

from reconstruct.states import Event, State
from reconstruct.vocabulary import EventKind
from tests.reconstruct.replaying import CLIENT, HANDSHAKE, SERVER, WRAPPING, Replayed

OPENED_CLIENT = "CLOSED SYN-SENT ESTABLISHED"
OPENED_SERVER = "LISTEN SYN-RECEIVED ESTABLISHED"
CLIENT_FIRST = HANDSHAKE + "1.000 > F. 1:1(0) ack 1 win 64240\n"


def paths(text: str) -> tuple[str, str]:
    """Return the states that client and server went through."""
    replayed = Replayed(text)
    return replayed.path(CLIENT), replayed.path(SERVER)


# Opening


@pytest.mark.parametrize("isns", ["", WRAPPING], ids=["low ISNs", "ISNs at 2^32"])
def test_a_handshake_takes_three_segments(isns: str) -> None:
    replayed = Replayed(isns + HANDSHAKE)
    assert replayed.states() == ["SYN-SENT SYN-RECEIVED", "ESTABLISHED SYN-RECEIVED", "ESTABLISHED ESTABLISHED"]
    assert (replayed.path(CLIENT), replayed.path(SERVER)) == (OPENED_CLIENT, OPENED_SERVER)


def test_a_syn_sent_again_moves_nothing() -> None:
    replayed = Replayed("0.0 > S 0:0(0) win 9\n1.0 > S 0:0(0) win 9\n3.0 < S. 0:0(0) ack 1 win 9\n")
    assert replayed.states() == ["SYN-SENT SYN-RECEIVED", "SYN-SENT SYN-RECEIVED", "ESTABLISHED SYN-RECEIVED"]


def test_an_ack_that_does_not_cover_the_syn_opens_nothing() -> None:
    replayed = Replayed("0.0 > S 0:0(0) win 9\n0.1 < S. 0:0(0) ack 1 win 9\n0.2 > . 1:1(0) ack 0 win 9\n")
    assert replayed.states()[-1] == "ESTABLISHED SYN-RECEIVED"


def test_data_of_the_server_proves_that_the_ack_of_its_syn_arrived() -> None:
    replayed = Replayed("0.0 > S 0:0(0) win 9\n0.1 < S. 0:0(0) ack 1 win 9\n0.3 < P. 1:5(4) ack 1 win 9\n")
    assert replayed.states()[-1] == "ESTABLISHED ESTABLISHED"


def test_with_data_in_the_syn_the_server_may_speak_before_the_handshake_is_over() -> None:
    # RFC 7413 3: a server that accepted the cookie sends data in SYN-RECEIVED.
    opening = "0.0 > S 0:10(10) win 900 <FO 0011223344556677>\n0.1 < S. 0:0(0) ack 11 win 900\n"
    replayed = Replayed(opening + "0.1 < P. 1:5(4) ack 11 win 900\n0.2 > . 11:11(0) ack 5 win 900\n")
    assert replayed.states()[2:] == ["ESTABLISHED SYN-RECEIVED", "ESTABLISHED ESTABLISHED"]


def test_data_of_the_client_proves_that_it_received_a_syn_ack_that_the_capture_missed() -> None:
    replayed = Replayed("0.0 > S 0:0(0) win 9\n0.1 > P. 1:5(4) ack 1 win 9\n")
    assert replayed.states()[-1] == "ESTABLISHED ESTABLISHED"


def test_a_syn_ack_first_implies_the_syn_that_the_capture_missed() -> None:
    replayed = Replayed("0.0 < S. 0:0(0) ack 1 win 9\n0.1 > . 1:1(0) ack 1 win 9\n")
    assert replayed.states() == ["ESTABLISHED SYN-RECEIVED", "ESTABLISHED ESTABLISHED"]
    assert (replayed.path(CLIENT), replayed.path(SERVER)) == (OPENED_CLIENT, OPENED_SERVER)


def test_a_syn_ack_sent_again_takes_the_servers_establishment_back() -> None:
    # The ACK in frame 3 was seen by the tap and lost after it: the server sends frame 4 in SYN-RECEIVED.
    replayed = Replayed(HANDSHAKE + "1.0 < S. 0:0(0) ack 1 win 65160\n1.1 > . 1:1(0) ack 1 win 64240\n")
    assert replayed.path(SERVER) == OPENED_SERVER
    assert [row["frame"] for row in replayed.events(EventKind.STATE) if row["sender"] == SERVER] == [1, 5]
    received = "ESTABLISHED SYN-RECEIVED"
    assert replayed.states() == ["SYN-SENT SYN-RECEIVED", received, received, received, "ESTABLISHED ESTABLISHED"]


def test_a_connection_joined_in_the_middle_is_established() -> None:
    replayed = Replayed(WRAPPING + "0.0 > P. 900:950(50) ack 700 win 9\n0.1 < . 700:700(0) ack 950 win 9\n")
    assert replayed.states() == ["ESTABLISHED ESTABLISHED"] * 2


# Simultaneous open (RFC 9293 3.5, figure 7)

CROSSING = """
0.000  > S  0:0(0) win 64240
+0.005 < S  0:0(0) win 64240
+0.005 > S. 0:0(0) ack 1 win 64240
+0.001 < S. 0:0(0) ack 1 win 64240
+0.005 > .  1:1(0) ack 1 win 64240
"""  # frame 4 was sent before frame 3 arrived: the server is established after it
CROSSED = "CLOSED SYN-SENT SYN-RECEIVED ESTABLISHED"


@pytest.mark.parametrize("isns", ["", WRAPPING], ids=["low ISNs", "ISNs at 2^32"])
def test_crossing_syns_open_one_connection(isns: str) -> None:
    replayed = Replayed(isns + CROSSING)
    assert replayed.connection.simultaneous == 1
    assert replayed.path(CLIENT) == CROSSED
    assert replayed.path(SERVER) == CROSSED.replace("CLOSED", "LISTEN")  # the tap cannot tell CLOSED from LISTEN


def test_the_state_that_the_first_of_two_crossing_syns_seemed_to_bring_is_taken_back_in_the_rows() -> None:
    replayed = Replayed(CROSSING)
    # Frame 1 has not reached the server when it sends frame 2: until then the tap knows of no move of the server.
    assert replayed.states()[:2] == ["SYN-SENT LISTEN", "SYN-RECEIVED SYN-RECEIVED"]
    assert replayed.states()[-1] == "ESTABLISHED ESTABLISHED"


def test_crossing_syn_acks_establish_both_ends() -> None:
    # RFC 9293 3.5, figure 7, lines 6 and 7.
    opening = CROSSING[: CROSSING.rindex("+0.005")]
    assert Replayed(opening).states()[2:] == ["SYN-RECEIVED SYN-RECEIVED", "ESTABLISHED ESTABLISHED"]


def test_a_crossing_syn_ack_sent_again_tells_that_the_other_was_lost() -> None:
    opening = CROSSING[: CROSSING.rindex("+0.005")] + "+1.0 < S. 0:0(0) ack 1 win 64240\n"
    assert Replayed(opening).states()[-1] == "ESTABLISHED SYN-RECEIVED"


def test_plain_acks_end_a_simultaneous_open_too() -> None:
    opening = "0.0 > S 0:0(0) win 9\n+0.005 < S 0:0(0) win 9\n"
    replayed = Replayed(opening + "+0.005 > . 1:1(0) ack 1 win 9\n+0.001 < . 1:1(0) ack 1 win 9\n")
    assert replayed.states()[-1] == "ESTABLISHED ESTABLISHED"


# Closing


def test_the_client_closes_first() -> None:
    text = CLIENT_FIRST + "+0.1 < . 1:1(0) ack 2 win 9\n+0.1 < F. 1:1(0) ack 2 win 9\n+0.1 > . 2:2(0) ack 2 win 9\n"
    assert paths(text) == (
        OPENED_CLIENT + " FIN-WAIT-1 FIN-WAIT-2 TIME-WAIT",
        OPENED_SERVER + " CLOSE-WAIT LAST-ACK CLOSED",
    )
    assert Replayed(text).connection.ended() == 1


def test_the_server_closes_first() -> None:
    text = HANDSHAKE + "1.0 < F. 1:1(0) ack 1 win 9\n+0.1 > F. 1:1(0) ack 2 win 9\n+0.1 < . 2:2(0) ack 2 win 9\n"
    assert paths(text) == (
        OPENED_CLIENT + " CLOSE-WAIT LAST-ACK CLOSED",
        OPENED_SERVER + " FIN-WAIT-1 FIN-WAIT-2 TIME-WAIT",
    )


def test_a_fin_with_the_ack_of_the_own_fin_is_two_moves() -> None:
    # RFC 9293 3.3.2, note 2: FIN-WAIT-1 to TIME-WAIT in one segment; ACK before FIN (3.10.7.4, fifth and eighth).
    replayed = Replayed(CLIENT_FIRST + "+0.1 < F. 1:1(0) ack 2 win 9\n")
    assert replayed.path(CLIENT) == OPENED_CLIENT + " FIN-WAIT-1 FIN-WAIT-2 TIME-WAIT"
    assert replayed.states()[-1] == "TIME-WAIT LAST-ACK"


def test_a_half_closed_connection_still_carries_data() -> None:
    text = (
        CLIENT_FIRST + "+0.1 < . 1:1(0) ack 2 win 9\n+0.1 < P. 1:101(100) ack 2 win 9\n+0.1 > . 2:2(0) ack 101 win 9\n"
    )
    replayed = Replayed(text)
    assert replayed.states()[4:] == ["FIN-WAIT-2 CLOSE-WAIT"] * 3
    assert replayed.connection.ended() == 0


def test_data_in_the_fin_segment_comes_before_the_fin() -> None:
    replayed = Replayed(HANDSHAKE + "1.0 > FP. 1:101(100) ack 1 win 9\n+0.1 < . 1:1(0) ack 101 win 9\n")
    assert replayed.states()[-1] == "FIN-WAIT-1 CLOSE-WAIT"  # the data is acknowledged, the FIN (offset 101) is not
    assert replayed.client.fin_end == 102


@pytest.mark.parametrize("first", [">", "<"], ids=["the client's FIN first", "the server's FIN first"])
def test_crossing_fins_lead_through_closing_from_either_vantage(first: str) -> None:
    one, other = f"1.0 {first} F. 1:1(0) ack 1 win 9\n", f"1.01 {'<' if first == '>' else '>'} F. 1:1(0) ack 1 win 9\n"
    acks = "1.02 > . 2:2(0) ack 2 win 9\n1.03 < . 2:2(0) ack 2 win 9\n"
    closing = " FIN-WAIT-1 CLOSING TIME-WAIT"
    assert paths(HANDSHAKE + one + other + acks) == (OPENED_CLIENT + closing, OPENED_SERVER + closing)


def test_the_close_wait_that_a_crossing_fin_disproves_is_taken_back_in_the_rows() -> None:
    replayed = Replayed(CLIENT_FIRST + "1.01 < F. 1:1(0) ack 1 win 9\n1.02 > . 2:2(0) ack 2 win 9\n")
    # The server had not received frame 4 when it sent frame 5: it was not in CLOSE-WAIT, and becomes FIN-WAIT-1.
    assert replayed.states()[3:5] == ["FIN-WAIT-1 ESTABLISHED", "CLOSING FIN-WAIT-1"]
    assert State.CLOSE_WAIT not in {row["b"] for row in replayed.events(EventKind.STATE)}


def test_a_fin_behind_a_hole_waits_for_the_data_before_it() -> None:
    fin = HANDSHAKE + "1.0 > F. 101:101(0) ack 1 win 9\n"
    replayed = Replayed(fin + "1.2 < . 1:1(0) ack 1 win 9\n1.5 > P. 1:101(100) ack 1 win 9\n")
    assert replayed.states()[3:] == ["FIN-WAIT-1 ESTABLISHED"] * 2 + ["FIN-WAIT-1 CLOSE-WAIT"]


def test_an_acknowledged_fin_was_received_whatever_the_capture_missed() -> None:
    fin = HANDSHAKE + "1.0 > F. 101:101(0) ack 1 win 9\n"
    assert Replayed(fin + "1.2 < . 1:1(0) ack 102 win 9\n").states()[-1] == "FIN-WAIT-2 CLOSE-WAIT"


def test_a_fin_sent_again_moves_nothing() -> None:
    again = "2.0 > F. 1:1(0) ack 1 win 64240\n"
    assert paths(CLIENT_FIRST + again) == (OPENED_CLIENT + " FIN-WAIT-1", OPENED_SERVER + " CLOSE-WAIT")


def test_a_fin_in_syn_received_closes_before_the_handshake_is_over() -> None:
    # The ACK of the handshake is the FIN itself; RFC 9293 3.10.7.4 takes the ACK first, then the FIN.
    opening = "0.0 > S 0:0(0) win 9\n0.1 < S. 0:0(0) ack 1 win 9\n"
    assert paths(opening + "0.2 > F. 1:1(0) ack 1 win 9\n") == (
        OPENED_CLIENT + " FIN-WAIT-1",
        OPENED_SERVER + " CLOSE-WAIT",
    )


# Resets (RFC 9293 3.10.7.4, second)

CLOSE = [
    "1.0 > F. 1:1(0) ack 1 win 9",
    "1.1 < . 1:1(0) ack 2 win 9",
    "1.2 < F. 1:1(0) ack 2 win 9",
    "1.3 > . 2:2(0) ack 2 win 9",
]
REACHED = [  # lines of the close, what both ends are in then, and a reset of the client that the server takes
    (0, "ESTABLISHED ESTABLISHED", "9.0 > R. 1:1(0) ack 1 win 0"),
    (1, "FIN-WAIT-1 CLOSE-WAIT", "9.0 > R. 2:2(0) ack 1 win 0"),
    (2, "FIN-WAIT-2 CLOSE-WAIT", "9.0 > R. 2:2(0) ack 1 win 0"),
    (3, "TIME-WAIT LAST-ACK", "9.0 > R. 2:2(0) ack 2 win 0"),
]


@pytest.mark.parametrize(("lines", "reached", "reset"), REACHED)
def test_a_reset_ends_both_ends_wherever_they_are(lines: int, reached: str, reset: str) -> None:
    replayed = Replayed(HANDSHAKE + "\n".join([*CLOSE[:lines], reset]) + "\n")
    assert replayed.states()[-2:] == [reached, "CLOSED CLOSED"]
    assert replayed.connection.resets == 1


def test_a_reset_ends_an_end_in_closing() -> None:
    crossing = "1.0 > F. 1:1(0) ack 1 win 9\n1.01 < F. 1:1(0) ack 1 win 9\n"
    replayed = Replayed(HANDSHAKE + crossing + "1.02 < R. 2:2(0) ack 1 win 0\n")
    assert replayed.states()[-2:] == ["CLOSING FIN-WAIT-1", "CLOSED CLOSED"]


def test_a_reset_ends_a_handshake_that_is_not_over() -> None:
    replayed = Replayed("0.0 > S 0:0(0) win 9\n0.1 < S. 0:0(0) ack 1 win 9\n0.2 > R 1:1(0) win 0\n")
    assert replayed.states()[-2:] == ["ESTABLISHED SYN-RECEIVED", "CLOSED CLOSED"]
    assert replayed.connection.refused == 0


def test_a_refused_connection_never_had_a_server() -> None:
    replayed = Replayed(WRAPPING + "0.0 > S 0:0(0) win 9\n0.1 < R. 0:0(0) ack 1 win 0\n")
    assert replayed.connection.refused == 1
    assert replayed.path(CLIENT) == "CLOSED SYN-SENT CLOSED"
    assert replayed.path(SERVER) == "CLOSED"
    assert all(row["sender"] == CLIENT for row in replayed.events(EventKind.STATE))


def test_an_end_that_still_speaks_had_not_received_the_reset() -> None:
    # The server sends frame 5 although the tap saw the client's reset before it: the reset was on its way.
    replayed = Replayed(HANDSHAKE + "1.0 > R. 1:1(0) ack 1 win 0\n1.005 < P. 1:101(100) ack 1 win 9\n")
    assert replayed.states()[3:] == ["CLOSED ESTABLISHED", "CLOSED CLOSED"]
    resets = [(row["sender"], row["frame"]) for row in replayed.events(EventKind.STATE) if row["c"] == Event.RCV_RST]
    assert resets == [(SERVER, 5)]


def test_an_end_that_acknowledges_what_came_after_the_reset_did_not_take_it() -> None:
    forged = HANDSHAKE + "1.0 > R. 1:1(0) ack 1 win 0\n1.1 > P. 1:101(100) ack 1 win 9\n"
    deaf = forged + "1.2 < P. 1:11(10) ack 1 win 9\n"  # it may have sent this before the reset came
    assert Replayed(deaf).states()[-1] == "ESTABLISHED CLOSED"
    assert Replayed(deaf + "1.3 < . 11:11(0) ack 101 win 9\n").states()[-1] == "ESTABLISHED ESTABLISHED"


def test_a_forged_reset_does_not_keep_a_true_one_from_refusing_the_connection() -> None:
    replayed = Replayed("0.0 > S 0:0(0) win 9\n0.1 < R 7:7(0) win 0\n0.2 < R. 0:0(0) ack 1 win 0\n")
    assert (replayed.connection.refused, replayed.path(SERVER)) == (1, "CLOSED")


def test_an_end_that_goes_on_did_not_send_the_reset() -> None:
    # A middlebox may forge resets: the client goes on, so it was not it that gave up.
    goes_on = "1.1 > P. 1:101(100) ack 1 win 9\n"
    replayed = Replayed(HANDSHAKE + "1.0 > R. 1:1(0) ack 1 win 0\n" + goes_on)
    assert replayed.states()[3:] == ["ESTABLISHED CLOSED"] * 2


@pytest.mark.parametrize("text", [CROSSING, HANDSHAKE + "\n".join(CLOSE) + "\n"], ids=["simultaneous", "orderly"])
def test_states_are_the_same_when_nobody_wants_rows(text: str) -> None:
    kept, silent = Replayed(text), Replayed(text, keep=False)
    assert (silent.client.state, silent.server.state) == (kept.client.state, kept.server.state)
    assert (silent.recorder.events.count, silent.recorder.segments.count, silent.recorder.windows.count) == (0, 0, 0)


def test_both_ends_can_be_forgotten_and_begin_anew() -> None:
    connection = Replayed(HANDSHAKE + "1.0 > R. 1:1(0) ack 1 win 0\n").connection
    connection.reset_ends(7, State.CLOSED, State.LISTEN)
    assert (connection.number, connection.resets, connection.ended()) == (7, 0, 0)
    assert (connection.client.state, connection.server.state) == (State.CLOSED, State.LISTEN)

"""Every kind of the first level: what it looks like, the rule that says so, and the figures."""

import pytest

from reconstruct.rules import Rule
from reconstruct.settings import ReplaySettings
from tests.reconstruct.replaying import HANDSHAKE, MS, WRAPPING, Replayed

ISNS = pytest.mark.parametrize("isns", ["", WRAPPING], ids=["low ISNs", "ISNs at 2^32"])
# Client and server opened; the client sent 100 bytes, which the server acknowledged. Windows: 64240 and 65160.
SENT = HANDSHAKE + "1.000 > P. 1:101(100) ack 1 win 64240\n"
ACKED = SENT + "1.010 < . 1:1(0) ack 101 win 65160\n"
# Both SYNs permit SACK: only such a sender arms tail loss probes (RFC 8985 3).
SACKING = ACKED.replace("mss 1460", "mss 1460,sackOK").replace("mss 1400", "mss 1400,sackOK")
CLOSED_WINDOW = SENT + "1.010 < . 1:1(0) ack 101 win 0\n"
JOINED = "0.0 > P. 1:101(100) ack 1 win 500\n"  # no SYN was captured


def verdict(text: str, isns: str = "") -> tuple[str, Rule, int | None, int | None]:
    """Return what the last segment of a script was."""
    return Replayed(isns + text).verdict()


# New


@ISNS
def test_the_segments_that_open_are_new(isns: str) -> None:
    replayed = Replayed(isns + HANDSHAKE)
    assert replayed.verdict(0) == ("new", Rule.SYN, None, None)
    assert replayed.verdict(1) == ("new", Rule.SYN_ACK, None, None)
    assert replayed.verdict(2) == ("ack", Rule.ACK_ADVANCES, 1, None)  # the SYN of the server


@ISNS
def test_data_at_snd_nxt_is_new(isns: str) -> None:
    assert verdict(SENT, isns) == ("new", Rule.NEW_DATA, None, None)


@ISNS
def test_data_above_snd_nxt_is_new_after_a_gap(isns: str) -> None:
    assert verdict(SENT + "1.1 > P. 161:171(10) ack 1 win 9\n", isns) == (
        "new",
        Rule.NEW_AFTER_GAP,
        60,
        None,
    )  # 161 - 101


@ISNS
def test_a_fin_at_snd_nxt_is_new(isns: str) -> None:
    assert verdict(ACKED + "1.1 > F. 101:101(0) ack 1 win 9\n", isns) == ("new", Rule.NEW_DATA, None, None)
    assert verdict(ACKED + "1.1 > F. 105:105(0) ack 1 win 9\n", isns) == ("new", Rule.NEW_AFTER_GAP, 4, None)


# Acknowledgments


@ISNS
def test_an_ack_of_new_data_tells_how_much(isns: str) -> None:
    assert verdict(ACKED, isns) == ("ack", Rule.ACK_ADVANCES, 100, None)


def test_the_first_ack_of_a_capture_that_missed_the_opening_advances_by_nothing_known() -> None:
    assert verdict(JOINED + "0.1 < . 1:1(0) ack 101 win 9\n") == ("ack", Rule.ACK_ADVANCES, 0, None)


@ISNS
def test_an_ack_below_the_highest_one_is_old(isns: str) -> None:
    late = ACKED + "1.1 < P. 1:11(10) ack 101 win 9\n1.2 < . 11:11(0) ack 41 win 9\n"
    assert verdict(late, isns) == ("ack", Rule.ACK_OLD, 60, None)  # 101 - 41


@ISNS
def test_the_same_ack_while_data_is_outstanding_is_a_dup_ack_with_its_number(isns: str) -> None:
    flight = ACKED + "2.0 > P. 201:301(100) ack 1 win 64240\n" + "+0.01 < . 1:1(0) ack 101 win 65160\n" * 3
    replayed = Replayed(isns + flight)
    outstanding = 200  # 301 - 101
    assert [replayed.verdict(i) for i in (-3, -2, -1)] == [
        ("dup-ack", Rule.ACK_DUPLICATE, number, outstanding) for number in (1, 2, 3)
    ]


@ISNS
def test_the_same_ack_with_sack_blocks_is_a_dup_ack_whatever_its_window(isns: str) -> None:
    flight = ACKED + "2.0 > P. 201:301(100) ack 1 win 9\n"
    sack = "+0.01 < . 1:1(0) ack 101 win 65000 <nop,nop,sack 201:301>\n"
    assert verdict(flight + sack, isns) == ("dup-ack", Rule.ACK_WITH_SACK, 1, 200)


def test_the_count_of_dup_acks_begins_anew_after_an_advance() -> None:
    dup = "+0.01 < . 1:1(0) ack {} win 65160\n"
    text = ACKED + "2.0 > P. 201:301(100) ack 1 win 9\n" + dup.format(101) * 2 + dup.format(151) + dup.format(151)
    assert verdict(text) == ("dup-ack", Rule.ACK_DUPLICATE, 1, 150)


def test_the_same_ack_with_nothing_outstanding_is_a_plain_ack() -> None:
    assert verdict(ACKED + "2.0 < . 1:1(0) ack 101 win 65160\n") == ("ack", Rule.ACK_REPEATED, None, None)


@ISNS
def test_the_same_ack_with_another_window_is_a_window_update(isns: str) -> None:
    assert verdict(ACKED + "2.0 < . 1:1(0) ack 101 win 65000\n", isns) == (
        "window-update", Rule.WINDOW_CHANGED, 65160, 65000
    )  # fmt: skip


# Keep-alives (RFC 9293 3.8.4)


@ISNS
def test_an_empty_segment_at_snd_nxt_less_one_is_a_keep_alive(isns: str) -> None:
    assert verdict(ACKED + "60.0 > . 100:100(0) ack 1 win 64240\n", isns) == ("keep-alive", Rule.KEEP_ALIVE, 0, None)


@ISNS
def test_one_byte_at_snd_nxt_less_one_is_a_keep_alive(isns: str) -> None:
    assert verdict(ACKED + "60.0 > . 100:101(1) ack 1 win 64240\n", isns) == ("keep-alive", Rule.KEEP_ALIVE, 1, None)


def test_a_byte_of_keep_alive_may_lie_at_the_number_of_the_syn() -> None:
    assert verdict(HANDSHAKE + "60.0 > . 0:1(1) ack 1 win 64240\n") == ("keep-alive", Rule.KEEP_ALIVE, 1, None)


@ISNS
def test_an_end_that_never_sent_data_asks_at_the_number_of_the_syn(isns: str) -> None:
    served = HANDSHAKE + "1.0 < P. 1:11(10) ack 1 win 64240\n1.1 > . 1:1(0) ack 11 win 9\n"
    asked = served + "60.0 > . 0:0(0) ack 11 win 9\n"
    assert verdict(asked, isns) == ("keep-alive", Rule.KEEP_ALIVE, 0, None)
    assert verdict(asked + "60.02 < . 11:11(0) ack 1 win 64240\n", isns) == (
        "keep-alive-ack", Rule.KEEP_ALIVE_ANSWER, None, None
    )  # fmt: skip


def test_an_end_that_never_sent_data_probes_at_the_number_of_the_syn() -> None:
    closed = HANDSHAKE + "1.0 < . 1:1(0) ack 1 win 0\n2.0 > . 0:0(0) ack 1 win 9\n"
    assert verdict(closed) == ("zero-window-probe", Rule.PROBE_BELOW_SND_UNA, 0, None)


def test_one_byte_that_was_not_acknowledged_is_a_retransmission_instead() -> None:
    unacknowledged = SACKING + "2.0 > P. 101:102(1) ack 1 win 9\n2.212 > P. 101:102(1) ack 1 win 9\n"
    assert verdict(unacknowledged) == ("tail-loss-probe", Rule.TAIL_PROBE, TIMEOUT_NS, TIMEOUT_NS)


@ISNS
@pytest.mark.parametrize("probe", ["100:100(0)", "100:101(1)"])
def test_the_answer_to_a_keep_alive_is_told_apart_from_dup_acks(probe: str, isns: str) -> None:
    asked = ACKED + f"60.0 > . {probe} ack 1 win 64240\n"
    assert verdict(asked + "60.01 < . 1:1(0) ack 101 win 65160\n", isns) == (
        "keep-alive-ack", Rule.KEEP_ALIVE_ANSWER, None, None
    )  # fmt: skip


def test_what_left_the_peer_before_the_keep_alive_can_have_arrived_is_no_answer() -> None:
    asked = ACKED + "60.000 > . 100:100(0) ack 1 win 64240\n"
    # The round trip from tap to server is 10 ms; a quarter is left for jitter: no answer before 7.5 ms.
    assert verdict(asked + "60.007 < . 1:1(0) ack 101 win 65160\n")[0] == "ack"
    assert verdict(asked + "60.0075 < . 1:1(0) ack 101 win 65160\n")[0] == "keep-alive-ack"


def test_the_server_may_ask_too() -> None:
    data = ACKED + "50.0 < P. 1:11(10) ack 101 win 65160\n50.1 > . 101:101(0) ack 11 win 64240\n"
    asked = data + "60.0 < . 10:10(0) ack 101 win 65160\n60.1 > . 101:101(0) ack 11 win 64240\n"
    assert Replayed(asked).kinds()[-2:] == ["keep-alive", "keep-alive-ack"]


def test_new_data_takes_the_question_back() -> None:
    asked = ACKED + "60.0 > . 100:100(0) ack 1 win 64240\n60.1 > P. 101:111(10) ack 1 win 64240\n"
    assert verdict(asked + "60.2 < . 1:1(0) ack 101 win 65160\n")[0] == "dup-ack"


# Zero-window probes (RFC 9293 3.8.6.1)


@ISNS
@pytest.mark.parametrize("size", [0, 1])
def test_a_probe_below_snd_nxt_is_told_by_the_closed_window(size: int, isns: str) -> None:
    probe = f"1.3 > . 100:{100 + size}({size}) ack 1 win 64240\n"
    assert verdict(CLOSED_WINDOW + probe, isns) == ("zero-window-probe", Rule.PROBE_BELOW_SND_UNA, size, None)


@ISNS
def test_a_probe_at_snd_nxt_carries_the_next_byte(isns: str) -> None:
    probe = "1.3 > . 101:102(1) ack 1 win 64240\n"
    assert verdict(CLOSED_WINDOW + probe, isns) == ("zero-window-probe", Rule.PROBE_AT_SND_NXT, 1, None)


def test_more_than_a_byte_beyond_a_closed_window_is_no_probe() -> None:
    assert verdict(CLOSED_WINDOW + "1.3 > . 101:103(2) ack 1 win 9\n") == ("new", Rule.NEW_DATA, None, None)


def test_a_fin_beyond_a_closed_window_is_no_probe() -> None:
    assert verdict(CLOSED_WINDOW + "1.3 > F. 101:101(0) ack 1 win 9\n")[0] == "new"


@ISNS
def test_the_answer_to_a_probe_repeats_the_closed_window(isns: str) -> None:
    asked = CLOSED_WINDOW + "1.3 > . 100:100(0) ack 1 win 64240\n1.31 < . 1:1(0) ack 101 win 0\n"
    assert verdict(asked, isns) == ("zero-window-probe-ack", Rule.PROBE_ANSWER, None, None)


def test_a_window_update_that_crosses_a_probe_leaves_the_probe_to_be_answered() -> None:
    text = CLOSED_WINDOW + "1.300 > . 100:100(0) ack 1 win 64240\n1.301 < . 1:1(0) ack 101 win 65160\n"
    replayed = Replayed(text + "1.311 < . 1:1(0) ack 101 win 65160\n")
    assert replayed.kinds()[-3:] == ["zero-window-probe", "window-update", "zero-window-probe-ack"]


# Challenges, resets, SYNs


@ISNS
def test_the_answer_to_an_invalid_segment_is_a_challenge_ack(isns: str) -> None:
    refused = ACKED + "2.0 > R 5000:5000(0) win 0\n"
    assert verdict(refused + "2.01 < . 1:1(0) ack 101 win 65160\n", isns) == (
        "challenge-ack",
        Rule.CHALLENGE,
        None,
        None,
    )
    assert verdict(refused + "2.001 < . 1:1(0) ack 101 win 65160\n", isns)[0] == "ack"  # too soon for an answer


@ISNS
def test_a_reset_is_a_reset_with_or_without_ack(isns: str) -> None:
    assert verdict(ACKED + "2.0 > R 101:101(0) win 0\n", isns) == ("rst", Rule.RESET, None, None)
    assert verdict(ACKED + "2.0 < R. 1:1(0) ack 101 win 0\n", isns) == ("rst", Rule.RESET, None, None)


@ISNS
def test_a_syn_sent_again_tells_its_number_and_the_time_since_the_one_before(isns: str) -> None:
    replayed = Replayed(isns + "0.0 > S 0:0(0) win 9\n1.0 > S 0:0(0) win 9\n3.0 > S 0:0(0) win 9\n")
    assert replayed.verdict(1) == ("syn-retransmission", Rule.SYN_AGAIN, 1, 1000 * MS)
    assert replayed.verdict(2) == ("syn-retransmission", Rule.SYN_AGAIN, 2, 2000 * MS)


def test_a_syn_ack_sent_again_is_a_syn_retransmission() -> None:
    opening = "0.0 > S 0:0(0) win 9\n0.1 < S. 0:0(0) ack 1 win 9\n"
    assert verdict(opening + "1.1 < S. 0:0(0) ack 1 win 9\n") == ("syn-retransmission", Rule.SYN_AGAIN, 1, 1000 * MS)


def test_in_a_simultaneous_open_the_first_syn_ack_is_new_and_the_second_is_not() -> None:
    crossing = "0.0 > S 0:0(0) win 9\n0.01 < S 0:0(0) win 9\n"
    replayed = Replayed(crossing + "0.02 > S. 0:0(0) ack 1 win 9\n1.02 > S. 0:0(0) ack 1 win 9\n")
    assert replayed.kinds() == ["new", "new", "new", "syn-retransmission"]
    assert replayed.verdict(2) == ("new", Rule.SYN_ACK, None, None)


# Retransmissions, reordering

TRIPLE = ACKED + "2.000 > . 101:201(100) ack 1 win 9\n2.000 > . 201:301(100) ack 1 win 9\n"
# Round trip 11 ms in the handshake: a hole filled before 7/8 of it, 9.625 ms, was reordering.
REORDERING_NS = 9_625_000
# SRTT is 10 ms, RTTVAR 5 ms and then 3.75 ms, the tap 1 ms from the client: 10 + 1 + max(200, 4 * 3.75) ms (RFC 6298
# 2.3), in ticks of 4 ms. The probe timeout of one segment is 2 * 11 + 200 ms, but no later than the other timer (RFC
# 8985 7.2).
TIMEOUT_NS = 212 * MS


@ISNS
def test_bytes_seen_before_are_sent_again(isns: str) -> None:
    assert verdict(TRIPLE + "2.3 > . 101:201(100) ack 1 win 9\n", isns) == (
        "rto-retransmission", Rule.TIMEOUT, 300 * MS, TIMEOUT_NS
    )  # fmt: skip


@ISNS
def test_a_retransmission_may_take_new_bytes_along(isns: str) -> None:
    assert verdict(TRIPLE + "2.3 > . 101:351(250) ack 1 win 9\n", isns) == (
        "rto-retransmission", Rule.TIMEOUT, 300 * MS, TIMEOUT_NS
    )  # fmt: skip


@ISNS
def test_a_fin_alone_is_sent_again_like_data(isns: str) -> None:
    closed = SACKING + "2.0 > F. 101:101(0) ack 1 win 9\n2.3 > F. 101:101(0) ack 1 win 9\n"
    assert verdict(closed, isns) == ("tail-loss-probe", Rule.TAIL_PROBE, 300 * MS, TIMEOUT_NS)


@ISNS
def test_data_and_fin_sent_again_are_seen_before(isns: str) -> None:
    closed = SACKING + "2.0 > F. 101:111(10) ack 1 win 9\n2.3 > F. 101:111(10) ack 1 win 9\n"
    assert verdict(closed, isns) == ("tail-loss-probe", Rule.TAIL_PROBE, 300 * MS, TIMEOUT_NS)


HOLE = ACKED + "2.000 > . 201:301(100) ack 1 win 9\n"


@ISNS
def test_a_hole_filled_within_a_round_trip_was_reordering(isns: str) -> None:
    assert verdict(HOLE + "2.001 > . 101:201(100) ack 1 win 9\n", isns) == (
        "out-of-order", Rule.HOLE_FILLED_SOON, MS, REORDERING_NS
    )  # fmt: skip


@ISNS
def test_a_hole_filled_after_a_round_trip_is_a_retransmission(isns: str) -> None:
    assert verdict(HOLE + "2.200 > . 101:201(100) ack 1 win 9\n", isns) == (
        "rto-retransmission", Rule.TIMEOUT, 200 * MS, TIMEOUT_NS
    )  # fmt: skip


def test_the_border_between_reordering_and_retransmission_is_the_round_trip_of_the_handshake() -> None:
    assert verdict(HOLE + "2.009624999 > . 101:201(100) ack 1 win 9\n")[0] == "out-of-order"
    assert verdict(HOLE + "2.009625 > . 101:201(100) ack 1 win 9\n") == (
        "fast-retransmission", Rule.UNASKED, 9_625_000, TIMEOUT_NS
    )  # fmt: skip


def test_without_a_handshake_the_border_is_a_setting() -> None:
    hole = JOINED + "0.100 > . 201:301(100) ack 1 win 9\n0.102 > . 101:201(100) ack 1 win 9\n"
    assert Replayed(hole).verdict() == ("out-of-order", Rule.HOLE_FILLED_SOON, 2 * MS, 3 * MS)
    strict = Replayed(hole, ReplaySettings(reordering_ns=MS))
    assert strict.verdict() == ("retransmission", Rule.HOLE_FILLED_LATE, 2 * MS, MS)


def test_a_segment_that_fills_a_hole_and_goes_on_is_told_by_the_hole() -> None:
    assert verdict(HOLE + "2.2 > . 101:401(300) ack 1 win 9\n")[0] == "rto-retransmission"
    partly = HOLE + "2.2 > . 151:251(100) ack 1 win 9\n"
    assert verdict(partly)[:3] == ("fast-retransmission", Rule.UNASKED, 200 * MS)  # not the head: no timer


def test_only_one_end_is_seen_and_its_retransmissions_too() -> None:
    one_sided = HANDSHAKE.replace("+0.010 < S. 0:0(0) ack 1 win 65160 <mss 1400>\n", "")
    text = one_sided + "1.0 > P. 1:101(100) ack 1 win 9\n1.2 > P. 1:101(100) ack 1 win 9\n"
    assert Replayed(text).kinds() == ["new", "ack", "new", "retransmission"]

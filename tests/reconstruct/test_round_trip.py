"""Round trips of a connection at any vantage: acknowledged, SACKed, echoed; where the tap is; whole and in parts."""

import pytest

from reconstruct.vocabulary import Vantage
from tests.reconstruct.replaying import CLIENT, MS, SERVER, Replayed

# 4 ms between tap and client, 10 ms between tap and server; both stamp with a clock of 1 ms, the tap's.
OPENING = """
0.000  > S  0:0(0) win 64240 <mss 1460,sackOK,TS val 96 ecr 0>
0.010  < S. 0:0(0) ack 1 win 65160 <mss 1400,sackOK,TS val 5005 ecr 96>
0.014  > .  1:1(0) ack 1 win 64240 <nop,nop,TS val 112 ecr 5005>
"""
HANDSHAKE = """
0.000  > S  0:0(0) win 64240 <mss 1460,sackOK>
0.010  < S. 0:0(0) ack 1 win 65160 <mss 1400,sackOK>
0.014  > .  1:1(0) ack 1 win 64240
"""


def sent(at_ms: float, start: int, tsval: int = 0, tsecr: int = 0, length: int = 100) -> str:
    """Return data of the client as it passes the tap."""
    stamp = f" <nop,nop,TS val {tsval} ecr {tsecr}>" if tsval else ""
    return f"{at_ms / 1000:.6f} > . {start}:{start + length}({length}) ack 1 win 64240{stamp}\n"


def heard(at_ms: float, ack: int, tsval: int = 0, tsecr: int = 0, sack: str = "") -> str:
    """Return an acknowledgment of the server as it passes the tap."""
    options = [f"nop,nop,TS val {tsval} ecr {tsecr}"] if tsval else []
    options += [f"nop,nop,sack {sack}"] if sack else []
    told = f" <{','.join(options)}>" if options else ""
    return f"{at_ms / 1000:.6f} < . 1:1(0) ack {ack} win 65160{told}\n"


def srtt_ns(replayed: Replayed) -> int:
    """Return the client's smoothed round trip after the last segment."""
    return replayed.client.srtt_ns()


# Samples


def test_a_retransmission_leaves_what_was_sacked_before_as_a_sample() -> None:
    lost = sent(1000, 1) + sent(1001, 101) + sent(1002, 201) + heard(1011, 1, sack="101:201")
    replayed = Replayed(HANDSHAKE + lost + heard(1022, 1, sack="101:301"))
    assert [row["rtt_ns"] for row in replayed.rows()[-2:]] == [10 * MS, 20 * MS]
    # SYN 14 ms; then 14 and 24 ms, each with the 4 ms to the client (RFC 6298 2.3)
    assert srtt_ns(replayed) == 14 * MS + 10 * MS // 8


def test_an_acknowledgment_that_covers_a_retransmission_gives_no_sample_without_timestamps() -> None:
    lost = sent(1000, 1) + sent(1001, 101) + sent(1300, 1) + heard(1310, 201)
    replayed = Replayed(HANDSHAKE + lost)
    assert replayed.last.rtt_ns < 0
    assert srtt_ns(replayed) == 14 * MS


def test_the_echo_of_a_retransmission_is_a_sample_in_whole_ticks() -> None:
    early = sent(1000, 1, 1098, 5005) + heard(1010, 101, 6005, 1098)
    lost = sent(2000, 101, 2098, 6005) + sent(2300, 101, 2398, 6005) + heard(2330.5, 201, 7325, 2398)
    replayed = Replayed(OPENING + early + lost)
    assert replayed.last.rtt_ns < 0  # whole ticks do not stand beside samples of the tap
    # 30 ms since 2398 passed the tap, and 4 ms to the client; 14 ms before (RFC 6298 2.3)
    assert srtt_ns(replayed) == 14 * MS + (34 - 14) * MS // 8


def test_a_dsack_and_a_block_beyond_what_was_sent_give_no_sample() -> None:
    acked = sent(1000, 1) + heard(1010, 101)
    for block in ("1:101", "101:900"):
        replayed = Replayed(HANDSHAKE + acked + sent(1020, 101) + heard(1025, 101, sack=block))
        assert replayed.last.rtt_ns < 0


def test_a_copy_that_the_path_made_leaves_the_sample() -> None:
    copied = sent(1000, 1, 1098, 5005) + sent(1000.1, 1, 1098, 5005)
    replayed = Replayed(OPENING + copied.replace("\n", " id 7\n") + heard(1010, 101, 6005, 1098))
    assert replayed.last.rtt_ns == 10 * MS


# Whole round trips where the tap is between the ends


def test_between_the_ends_a_round_trip_is_the_sum_of_both_parts() -> None:
    replayed = Replayed(OPENING + sent(1000, 1, 1098, 5005) + heard(1012, 101, 6007, 1098))
    assert srtt_ns(replayed) == 14 * MS + (16 - 14) * MS // 8
    row = replayed.direction(CLIENT)
    assert (row["peer_rtt_min_ns"], row["sender_rtt_min_ns"], row["rtt_min_ns"]) == (10 * MS, 4 * MS, 14 * MS)


def test_a_queue_between_the_sender_and_the_tap_is_part_of_its_round_trip() -> None:
    # The client's clock is 100 at 4 ms, when its SYN-ACK's ACK leaves; ACKs pass the tap at 1010 ms and so on.
    lines = sent(1000, 1, 1098, 5005) + heard(1010, 101, 6005, 1098)
    lines += sent(1014, 101, 1112, 6005) + heard(1024, 201, 6019, 1112)
    lines += sent(1048, 201, 1126, 6019) + heard(1058, 301, 6053, 1126)  # sent at 1026, 20 ms late at the tap
    replayed = Replayed(OPENING + lines)
    before_ns = 14 * MS  # all until then took that
    assert srtt_ns(replayed) == before_ns + 20 * MS // 8


def test_an_application_that_paused_is_no_part_of_a_round_trip() -> None:
    lines = sent(1000, 1, 1098, 5005) + heard(1010, 101, 6005, 1098)
    lines += sent(1814, 101, 1912, 6005) + heard(1824, 201, 6819, 1912)  # 800 ms after it could have been sent
    replayed = Replayed(OPENING + lines)
    assert abs(srtt_ns(replayed) - 14 * MS) < MS // 8  # less than a tick in one sample


def test_at_the_sender_itself_its_round_trip_is_what_the_tap_sees() -> None:
    near = HANDSHAKE.replace("0.014", "0.010100")  # 0.1 ms beside 10 ms
    row = Replayed(near + sent(1000, 1) + heard(1010, 101)).direction(CLIENT)
    assert (row["rtt_min_ns"], row["rtt_median_ns"], row["sender_rtt_min_ns"]) == (10 * MS, 10 * MS, MS // 10)


# Where the tap is


def test_a_server_that_was_slow_to_accept_is_found_near_by_what_follows() -> None:
    busy = "0.0 > S 0:0(0) win 9\n0.3 < S. 0:0(0) ack 1 win 9\n0.33 > . 1:1(0) ack 1 win 9\n"
    assert Replayed(busy).flow()["vantage"] == Vantage.CLIENT  # 30 ms beside 300 ms
    data = "0.4 > P. 1:101(100) ack 1 win 9\n0.401 < . 1:1(0) ack 101 win 9\n"
    replayed = Replayed(busy + data)
    assert replayed.flow()["vantage"] == Vantage.SERVER  # 30 ms beside 1 ms
    assert replayed.connection.soonest_ns() == 31 * MS * 7 // 8
    assert replayed.flow()["syn_rtt_ns"] == 300 * MS  # what the handshake took stays


@pytest.mark.parametrize(
    ("answer_ms", "vantage"), [(1, Vantage.SERVER), (20, Vantage.PATH), (300, Vantage.CLIENT)], ids=str
)
def test_a_capture_that_joins_late_finds_its_place_from_the_data(answer_ms: int, vantage: Vantage) -> None:
    joined = f"0.0 > P. 1:101(100) ack 1 win 9\n{answer_ms / 1000} < P. 1:301(300) ack 101 win 9\n"
    joined += f"{(answer_ms + 20) / 1000} > . 101:101(0) ack 301 win 9\n"
    replayed = Replayed(joined)
    assert replayed.flow()["vantage"] == vantage
    assert replayed.direction(SERVER)["rtt_min_ns"] is not None


def test_one_direction_alone_shows_neither_place_nor_round_trip() -> None:
    replayed = Replayed("0.0 > P. 1:101(100) ack 1 win 9\n0.1 > P. 101:201(100) ack 301 win 9\n")
    assert replayed.flow()["vantage"] is None
    assert replayed.direction(CLIENT)["rtt_min_ns"] is None

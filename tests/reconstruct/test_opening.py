"""What the opening tells: options, scaling, the first flight at any vantage, and where the tap is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconstruct.endpoint import CUT_OFF, NOT_OFFERED, Endpoint
from reconstruct.opening import (
    VANTAGE_RATIO,
    count_first_flight,
    is_tap_at_peer,
    negotiate_scale,
    note_first_ack,
    note_syn,
    note_timestamps,
    vantage_of,
)
from reconstruct.segment import (
    ACK,
    ECE,
    OPTION_MSS,
    OPTION_TIMESTAMPS,
    OPTION_WINDOW_SCALE,
    OPTIONS_CUT,
    SYN,
    Segment,
)
from reconstruct.seq import UNKNOWN
from reconstruct.states import State
from reconstruct.vocabulary import Vantage
from tests.reconstruct.replaying import CLIENT, HANDSHAKE, MS, SERVER, WRAPPING, Replayed


def ends() -> tuple[Endpoint, Endpoint]:
    """Return two ends of which nothing is seen."""
    return Endpoint(State.CLOSED), Endpoint(State.LISTEN)


def syn(flags: int = SYN, options: int = 0, window_scale: int = 0, mss: int = 0) -> Segment:
    """Return a SYN with these options."""
    segment = Segment()
    segment.flags, segment.options, segment.window_scale, segment.mss = flags, options, window_scale, mss
    return segment


# Options


def test_the_options_of_both_syns_are_kept_apart() -> None:
    offer = "0.0 > S 0:0(0) win 9 <mss 1460,sackOK,TS val 1 ecr 0,wscale 7>\n"
    replayed = Replayed(offer + "0.1 < S. 0:0(0) ack 1 win 9 <mss 1300,sackOK>\n")
    assert (replayed.client.mss, replayed.server.mss) == (1460, 1300)
    assert replayed.direction(CLIENT)["sack_permitted"] == 1
    assert replayed.direction(CLIENT)["timestamps"] == 0  # offered in vain (RFC 7323 3.2)


def test_an_option_that_a_syn_lacks_is_unknown_not_zero() -> None:
    client, server = ends()
    note_syn(client, server, syn())
    assert (client.mss, client.window_scale, client.syns, client.bare_syns) == (UNKNOWN, NOT_OFFERED, 1, 1)


def test_the_newest_syn_of_an_end_counts() -> None:
    # Linux sends a SYN without Fast Open or ECN when the first ones were not answered (RFC 3168 6.1.1.1).
    client, server = ends()
    note_syn(client, server, syn(SYN | ECE, OPTION_MSS, mss=1460))
    note_syn(client, server, syn(SYN, OPTION_MSS, mss=536))
    assert (client.syns, client.bare_syns, client.mss, client.syn_ecn) == (2, 2, 536, 0)


def test_a_syn_ack_is_no_bare_syn() -> None:
    client, server = ends()
    note_syn(server, client, syn(SYN | ACK))
    assert (server.syns, server.bare_syns) == (1, 0)


@pytest.mark.parametrize(("acked", "taken"), [(11, 1), (6, 1), (1, 0)])
def test_a_syn_ack_that_covers_data_of_the_syn_accepts_fast_open(acked: int, taken: int) -> None:
    # RFC 7413 3: a server that refuses the cookie acknowledges the SYN alone.
    replayed = Replayed(f"0.0 > S 0:10(10) win 9 <FO 0011223344556677>\n0.1 < S. 0:0(0) ack {acked} win 9\n")
    assert replayed.client.syn_data_taken == taken


# Scaling (RFC 7323 2.2, 2.3)

SCALING = [
    # client's offer, server's offer, then the shifts of both
    (7, 2, 7, 2),
    (0, 0, 0, 0),
    (14, 14, 14, 14),
    (15, 255, 14, 14),  # RFC 7323 2.3: "the TCP MUST use 14 instead"
    (7, NOT_OFFERED, 0, 0),  # stripped or never offered by the server
    (NOT_OFFERED, NOT_OFFERED, 0, 0),
    (NOT_OFFERED, 2, 0, 0),  # stripped from the SYN on its way before the tap
    (CUT_OFF, 2, UNKNOWN, 2),
    (7, CUT_OFF, UNKNOWN, UNKNOWN),  # whether the server offered any decides for both
    (CUT_OFF, NOT_OFFERED, 0, 0),
    (CUT_OFF, CUT_OFF, UNKNOWN, UNKNOWN),
]


def offering(scale: int, flags: int = SYN) -> Segment:
    """Return a SYN whose scale option is there, absent, or cut off by the snap length."""
    options = {NOT_OFFERED: OPTION_MSS, CUT_OFF: OPTIONS_CUT}.get(scale, OPTION_WINDOW_SCALE)
    return syn(flags, options, max(scale, 0))


@pytest.mark.parametrize(("client_scale", "server_scale", "client_shift", "server_shift"), SCALING)
def test_windows_are_scaled_if_and_only_if_both_syns_offered_it(
    client_scale: int, server_scale: int, client_shift: int, server_shift: int
) -> None:
    client, server = ends()
    note_syn(client, server, offering(client_scale))
    note_syn(server, client, offering(server_scale, SYN | ACK))
    assert (client.window_scale, server.window_scale) == (client_scale, server_scale)
    assert (client.shift, server.shift) == (client_shift, server_shift)


def test_a_syn_alone_settles_nothing_but_that_no_scaling_is_used() -> None:
    client, server = ends()
    note_syn(client, server, offering(7))
    assert (client.shift, server.shift) == (UNKNOWN, UNKNOWN)
    client, server = ends()
    note_syn(client, server, offering(NOT_OFFERED))
    assert (client.shift, server.shift) == (0, 0)


def test_a_syn_that_comes_again_without_options_takes_no_offer_back() -> None:
    client, server = ends()
    note_syn(client, server, offering(7))
    note_syn(client, server, offering(NOT_OFFERED))
    note_syn(server, client, offering(5, SYN | ACK))
    assert (client.shift, server.shift) == (7, 5)


def test_a_syn_ack_alone_proves_that_the_syn_offered_scaling_too() -> None:
    client, server = ends()
    note_syn(server, client, offering(5, SYN | ACK))
    assert (client.shift, server.shift) == (UNKNOWN, 5)


def test_crossing_syns_settle_the_shifts_without_an_ack() -> None:
    client, server = ends()
    note_syn(client, server, offering(3))
    note_syn(server, client, offering(4))
    assert (client.shift, server.shift) == (3, 4)


def test_negotiating_again_changes_nothing() -> None:
    client, server = ends()
    note_syn(client, server, offering(3))
    note_syn(server, client, offering(4, SYN | ACK))
    negotiate_scale(client, server, 0)
    negotiate_scale(server, client, ACK)
    assert (client.shift, server.shift) == (3, 4)


def test_windows_of_syns_themselves_are_never_scaled() -> None:
    opening = "0.0 > S 0:0(0) win 1000 <wscale 7>\n0.1 < S. 0:0(0) ack 1 win 2000 <wscale 2>\n"
    replayed = Replayed(opening + "0.2 > . 1:1(0) ack 1 win 1000\n0.3 < . 1:1(0) ack 1 win 3000\n")
    # RFC 7323 2.2: "The window field in a segment where the SYN bit is set MUST NOT be scaled".
    assert [row["window"] for row in replayed.rows()] == [1000, 2000, 1000 << 7, 3000 << 2]


def test_timestamps_on_a_later_segment_prove_what_the_snap_length_cut_from_the_syns() -> None:
    client, server = ends()
    note_syn(client, server, syn(SYN, OPTIONS_CUT))
    note_timestamps(client, server, syn(ACK, OPTION_TIMESTAMPS))
    assert client.syn_options & server.syn_options & OPTION_TIMESTAMPS
    whole, other = ends()
    note_syn(whole, other, syn(SYN, OPTION_MSS))
    note_timestamps(whole, other, syn(ACK, OPTION_TIMESTAMPS))
    assert not whole.syn_options & OPTION_TIMESTAMPS  # the SYN was whole and did not offer them


# The first flight


def burst(first: int, count: int, at: str, options: str = "") -> str:
    """Return a flight of the server: `count` segments of 100 bytes from `first` on, in the same moment."""
    starts = range(first, first + 100 * count, 100)
    lines = (f"{at} < . {start}:{start + 100}(100) ack 1 win 9 {options}\n" for start in starts)
    return "".join(lines)


@pytest.mark.parametrize("isns", ["", WRAPPING], ids=["low ISNs", "ISNs at 2^32"])
def test_the_first_flight_ends_with_the_first_ack_of_text(isns: str) -> None:
    # The tap is at the server, which answers the SYN in the same moment: an ACK at the tap is at the server too.
    opening = "0.000 > S 0:0(0) win 9000\n0.000 < S. 0:0(0) ack 1 win 9000\n0.010 > . 1:1(0) ack 1 win 9000\n"
    text = burst(1, 10, "0.02") + "0.03 > . 1:1(0) ack 201 win 9000\n" + burst(1001, 4, "0.031")
    assert Replayed(isns + opening + text).direction(SERVER)["initial_window"] == 10


def test_away_from_the_sender_what_left_it_before_the_ack_arrived_still_counts() -> None:
    # The handshake took 10 ms from the tap to the server: the ACK at 30 ms acts at the tap from 40 ms on.
    text = burst(1, 6, "0.02") + "0.030 > . 1:1(0) ack 101 win 9\n"
    text += burst(601, 4, "0.035") + burst(1001, 3, "0.0401")
    assert Replayed(HANDSHAKE + text).direction(SERVER)["initial_window"] == 10


TIMED = """
0.000  > S  0:0(0) win 9000 <TS val 100 ecr 0>
+0.010 < S. 0:0(0) ack 1 win 9000 <TS val 900 ecr 100>
+0.001 > .  1:1(0) ack 1 win 9000 <TS val 101 ecr 900>
"""


def timed(start: int, echo: int) -> str:
    """Return a segment of the server that echoes a timestamp, long after any round trip."""
    return f"0.5 < . {start}:{start + 100}(100) ack 1 win 9 <TS val 901 ecr {echo}>\n"


def test_echoed_timestamps_tell_what_the_sender_had_received() -> None:
    first_ack = "0.4 > . 1:1(0) ack 101 win 9 <TS val 150 ecr 901>\n"
    text = timed(1, 101).replace("0.5", "0.1") + first_ack
    before, after = timed(101, 101), timed(201, 150)
    assert Replayed(TIMED + text + before + after).direction(SERVER)["initial_window"] == 2


def test_timestamps_compare_modulo_two_to_the_32() -> None:
    first_ack = "0.4 > . 1:1(0) ack 101 win 9 <TS val 5 ecr 901>\n"  # the client's clock has wrapped
    opening = TIMED.replace("val 100", "val 4294967290").replace("ecr 100", "ecr 4294967290")
    opening = opening.replace("val 101", "val 4294967295")
    text = timed(1, 4294967295).replace("0.5", "0.1") + first_ack + timed(101, 4294967295) + timed(201, 5)
    assert Replayed(opening + text).direction(SERVER)["initial_window"] == 2


def test_segments_that_were_lost_before_the_tap_count_by_the_hole_that_they_left() -> None:
    # 1:101 was captured, 101:301 was not: two segments of 100 bytes.
    text = burst(1, 1, "0.02") + burst(301, 1, "0.02") + "0.03 > . 1:1(0) ack 101 win 9\n"
    assert Replayed(HANDSHAKE + text).direction(SERVER)["initial_window"] == 4


def test_a_hole_before_the_first_segment_of_the_second_flight_belongs_to_the_first() -> None:
    text = timed(1, 101).replace("0.5", "0.1") + "0.4 > . 1:1(0) ack 101 win 9 <TS val 150 ecr 901>\n"
    # 101:201 is missing before the segment that echoes the first ACK itself: it left before that ACK.
    assert Replayed(TIMED + text + timed(201, 150)).direction(SERVER)["initial_window"] == 2
    assert Replayed(TIMED + text + timed(201, 160)).direction(SERVER)["initial_window"] == 1


def test_a_retransmission_within_the_first_flight_counts_once() -> None:
    text = burst(1, 3, "0.02") + burst(1, 1, "0.25") + "0.3 > . 1:1(0) ack 301 win 9\n"
    assert Replayed(HANDSHAKE + text).direction(SERVER)["initial_window"] == 3


def test_a_partly_filled_hole_rounds_up_to_whole_segments() -> None:
    sender, segment = Endpoint(State.ESTABLISHED), Segment()
    segment.payload_len = 100
    count_first_flight(sender, segment, 101)
    assert sender.initial_window == 3  # itself, and two segments at least in 101 bytes


def test_without_timestamps_the_flight_is_over_when_the_ack_can_have_reached_the_sender() -> None:
    sender, segment = Endpoint(State.ESTABLISHED), Segment()
    segment.payload_len, segment.time_ns = 100, 50 * MS
    note_first_ack(sender, segment, 10 * MS)
    segment.time_ns = 60 * MS - 1
    count_first_flight(sender, segment, 0)
    segment.time_ns = 60 * MS
    count_first_flight(sender, segment, 0)
    assert sender.initial_window == 1


def test_the_first_flight_is_unknown_where_the_syn_was_not_captured() -> None:
    joined = "0.0 < P. 1:101(100) ack 1 win 9\n0.1 > . 1:1(0) ack 101 win 9\n"
    assert Replayed(joined).direction(SERVER)["initial_window"] is None


# Where the tap is


@pytest.mark.parametrize(
    ("syn_rtt_ns", "ack_rtt_ns", "vantage"),
    [
        (80 * MS, 10 * MS - 1, Vantage.CLIENT),
        (80 * MS, 10 * MS, Vantage.PATH),
        (10 * MS - 1, 80 * MS, Vantage.SERVER),
        (10 * MS, 80 * MS, Vantage.PATH),
        (0, 0, Vantage.PATH),
        (UNKNOWN, MS, UNKNOWN),
        (MS, UNKNOWN, UNKNOWN),
    ],
)
def test_the_tap_is_at_an_end_whose_part_of_the_round_trip_is_under_an_eighth(
    syn_rtt_ns: int, ack_rtt_ns: int, vantage: int
) -> None:
    assert VANTAGE_RATIO == 8
    assert vantage_of(syn_rtt_ns, ack_rtt_ns) == vantage


@given(st.integers(0, 10**12), st.integers(0, 10**12))
def test_the_vantage_of_the_mirrored_round_trip_is_the_other_end(one_ns: int, other_ns: int) -> None:
    mirrored = {Vantage.CLIENT: Vantage.SERVER, Vantage.SERVER: Vantage.CLIENT, Vantage.PATH: Vantage.PATH}
    assert vantage_of(other_ns, one_ns) == mirrored[Vantage(vantage_of(one_ns, other_ns))]


@pytest.mark.parametrize(
    ("syn_ms", "ack_ms", "client_sends", "server_sends"),
    [(40, 0, 0, 1), (0, 40, 1, 0), (20, 20, 0, 0), (40, 1, 0, 0), (None, 40, 0, 0)],
    ids=["at the client", "at the server", "on the path", "a router beside the client", "unknown"],
)
def test_a_tap_is_at_the_peer_of_the_far_end_alone(
    syn_ms: int | None, ack_ms: int | None, client_sends: int, server_sends: int
) -> None:
    # At the client's tap the SYN-ACK comes after the whole round trip, and what the server sends has arrived there.
    trips_ns = [UNKNOWN if trip is None else trip * 1_000_000 for trip in (syn_ms, ack_ms)]
    assert (is_tap_at_peer(1, *trips_ns), is_tap_at_peer(0, *trips_ns)) == (client_sends, server_sends)

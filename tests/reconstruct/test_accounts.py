"""A finished connection as rows: how it began and ended, what was negotiated, and null where nobody can know."""

import pytest

from reconstruct.accounts import closing_of, one_sided, opening_of
from reconstruct.segment import OPTION_SACK_PERMITTED, OPTIONS_CUT
from reconstruct.states import State
from reconstruct.vocabulary import Closing, Opening, Sender, Vantage
from tests.reconstruct.replaying import CLIENT, HANDSHAKE, MS, SERVER, WRAPPING, Replayed, Row

ISNS = pytest.mark.parametrize("isns", ["", WRAPPING], ids=["low ISNs", "ISNs at 2^32"])
SYN, SYN_ACK, BARE_ACK = HANDSHAKE.strip().splitlines()
FAST = "0.0 > S 0:10(10) win 9 <FO 0011223344556677>\n"

OPENINGS = [
    (Opening.HANDSHAKE, HANDSHAKE),
    (Opening.HANDSHAKE, FAST + "0.1 < S. 0:0(0) ack 1 win 9\n0.2 > . 1:11(10) ack 1 win 9\n"),  # the cookie was refused
    (Opening.FAST_OPEN, FAST + "0.1 < S. 0:0(0) ack 11 win 9\n0.2 > . 11:11(0) ack 1 win 9\n"),
    (Opening.SIMULTANEOUS, "0.0 > S 0:0(0) win 9\n0.0 < S 0:0(0) win 9\n0.1 > S. 0:0(0) ack 1 win 9\n"),
    (Opening.REFUSED, "0.0 > S 0:0(0) win 9\n0.1 < R. 0:0(0) ack 1 win 0\n"),
    (Opening.HALF_OPEN, SYN),
    (Opening.HALF_OPEN, "0.0 > S 0:0(0) win 9\n1.0 > S 0:0(0) win 9\n3.0 > S 0:0(0) win 9\n"),
    (Opening.HALF_OPEN, f"{SYN}\n{SYN_ACK}\n1.0 < S. 0:0(0) ack 1 win 9\n"),  # nobody acknowledged the SYN,ACK
    (Opening.HANDSHAKE, f"{SYN_ACK[1:]}\n{BARE_ACK}\n"),  # the capture missed the SYN
    (Opening.HANDSHAKE, f"{SYN}\n+0.1 > . 1:1(0) ack 1 win 9\n"),  # the capture missed the SYN,ACK
    (Opening.MID_CAPTURE, "0.0 > . 1:101(100) ack 1 win 9\n"),
]
CLIENT_FIN = "1.0 > F. 1:1(0) ack 1 win 9\n"
BOTH_FINS = CLIENT_FIN + "1.1 < F. 1:1(0) ack 2 win 9\n"
CLOSINGS = [
    (Closing.OPEN, ""),
    (Closing.HALF_CLOSED, CLIENT_FIN),
    (Closing.HALF_CLOSED, "1.0 < F. 1:1(0) ack 1 win 9\n"),
    (Closing.FIN, BOTH_FINS),
    (Closing.FIN, BOTH_FINS + "1.2 > . 2:2(0) ack 2 win 9\n"),
    (Closing.RST, "1.0 > R. 1:1(0) ack 1 win 0\n"),
    (Closing.RST, CLIENT_FIN + "1.1 < R. 1:1(0) ack 2 win 0\n"),
    (Closing.RST, BOTH_FINS + "1.2 > R. 2:2(0) ack 2 win 0\n"),  # a RST's ACK field acknowledges nothing
    (Closing.FIN, BOTH_FINS + "1.2 > . 2:2(0) ack 2 win 9\n1.3 > R. 2:2(0) ack 2 win 0\n"),  # nothing is lost by it
    (Closing.OPEN, "1.0 > R 90000:90000(0) win 0\n"),  # no receiver would take this reset
]


@ISNS
@pytest.mark.parametrize(("opening", "text"), OPENINGS)
def test_the_opening_is_what_the_capture_shows_of_it(opening: Opening, text: str, isns: str) -> None:
    replayed = Replayed(isns + text)
    assert Opening(opening_of(replayed.connection)) == opening
    assert replayed.flow()["opening"] == opening


@ISNS
@pytest.mark.parametrize(("closing", "text"), CLOSINGS)
def test_the_closing_is_what_the_capture_shows_of_it(closing: Closing, text: str, isns: str) -> None:
    replayed = Replayed(isns + HANDSHAKE + text)
    assert Closing(closing_of(replayed.connection)) == closing
    assert replayed.flow()["closing"] == closing


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (HANDSHAKE, 0),
        (SYN, 0),  # nothing shows that the server ever spoke
        (SYN + "\n+0.1 > . 1:1(0) ack 1 win 9\n", 1),
        ("0.0 < . 1:1(0) ack 1 win 9\n", 1),
        (SYN_ACK[1:], 1),  # it answers a SYN
    ],
)
def test_one_sided_is_who_was_never_heard_though_the_other_answers_it(text: str, expected: int) -> None:
    replayed = Replayed(text)
    assert one_sided(replayed.connection) == expected
    assert replayed.flow()["one_sided"] == expected


def test_the_row_of_a_connection_tells_its_ends_its_frames_and_its_times() -> None:
    replayed = Replayed(
        "vlan 10\nstart 1000\n" + HANDSHAKE + "1.0 > P. 1:101(100) ack 1 win 9\n1.1 < P. 1:31(30) ack 101 win 9\n"
    )
    flow = replayed.flow()
    assert (flow["client_lo"], flow["client_port"]) == (0xC0000201, 40000)  # 192.0.2.1
    assert (flow["server_lo"], flow["server_port"]) == (0xC6336402, 80)  # 198.51.100.2
    assert (flow["first_frame"], flow["last_frame"], flow["segments"], flow["bytes"]) == (1, 5, 5, 130)
    assert (flow["first_time_ns"], flow["last_time_ns"]) == (1_000_000_000_000, 1_001_100_000_000)
    assert (flow["client_state"], flow["server_state"]) == (State.ESTABLISHED, State.ESTABLISHED)
    assert (flow["syn_rtt_ns"], flow["ack_rtt_ns"], flow["vantage"]) == (10 * MS, MS, Vantage.CLIENT)
    assert (flow["role_known"], flow["vlan"], flow["domain"], flow["ip_version"]) == (1, 10, 0, 4)


def test_the_isn_is_the_number_that_offsets_count_from() -> None:
    replayed = Replayed(WRAPPING + HANDSHAKE)
    assert [replayed.direction(sender)["isn"] for sender in (Sender.CLIENT, Sender.SERVER)] == [4294967290, 4294967295]
    assert Replayed("0.0 > S 0:0(0) win 9\n").direction(Sender.SERVER)["isn"] is None


def test_the_state_of_an_end_that_was_never_heard_is_unknown() -> None:
    flow = Replayed(SYN).flow()
    assert (flow["client_state"], flow["server_state"]) == (State.SYN_SENT, None)
    assert (flow["client_heard"], flow["server_heard"], flow["vlan"]) == (1, 0, None)


# Directions

OFFERS = "mss 1460,sackOK,TS val 1 ecr 0,wscale 7"


def negotiated(client: str, server: str | None, flags: str = "S") -> list[int | None]:
    """Return the client's scale, SACK, timestamps and ECN after SYNs with these options."""
    text = f"0.0 > {flags} 0:0(0) win 9 <{client}>\n"
    if server is not None:
        text += f"0.1 < {flags}. 0:0(0) ack 1 win 9 <{server}>\n"
    row = Replayed(text).direction(CLIENT)
    return [row[name] for name in ("window_scale", "sack_permitted", "timestamps", "ecn")]


def test_what_both_syns_offered_is_in_use() -> None:
    assert negotiated(OFFERS, OFFERS, "SE") == [7, 1, 1, 1]


def test_what_one_syn_offered_in_vain_is_not_in_use() -> None:
    assert negotiated(OFFERS, "mss 1460") == [None, 0, 0, 0]
    assert negotiated("mss 1460", OFFERS) == [None, 0, 0, 0]


def test_where_only_one_syn_was_captured_its_offer_stands() -> None:
    assert negotiated(OFFERS, None) == [7, 1, 1, 0]
    assert negotiated("mss 1460", None) == [None, 0, 0, 0]


@pytest.mark.parametrize(
    ("mine", "theirs", "in_use"),
    [
        (OPTIONS_CUT, OPTION_SACK_PERMITTED, None),
        (OPTION_SACK_PERMITTED, OPTIONS_CUT, None),
        (OPTIONS_CUT, OPTIONS_CUT, None),
        (OPTIONS_CUT, 0, 0),  # what one end did not offer is not in use, whatever the other said
        (OPTIONS_CUT | OPTION_SACK_PERMITTED, OPTION_SACK_PERMITTED, 1),
    ],
)
def test_an_option_that_the_snap_length_may_have_cut_is_unknown(mine: int, theirs: int, in_use: int | None) -> None:
    replayed = Replayed(f"{SYN}\n{SYN_ACK}\n")
    replayed.client.syn_options, replayed.server.syn_options = mine, theirs
    assert replayed.direction(CLIENT)["sack_permitted"] == in_use


def test_an_end_whose_syn_was_not_captured_has_no_options() -> None:
    row = Replayed("0.0 > . 1:101(100) ack 1 win 9\n").direction(CLIENT)
    options = ("mss", "window_scale", "sack_permitted", "timestamps", "ecn", "fast_open", "initial_window")
    assert [row[name] for name in options] == [None] * 7


def test_fast_open_is_told_of_each_end() -> None:
    replayed = Replayed("0.0 > S 0:0(0) win 9 <FO>\n0.1 < S. 0:0(0) ack 1 win 9 <mss 9>\n")
    assert [replayed.direction(end)["fast_open"] for end in (CLIENT, SERVER)] == [1, 0]


def test_nothing_that_needs_segments_is_known_of_an_end_that_sent_none() -> None:
    row = Replayed(SYN).direction(SERVER)
    assert (row["segments"], row["bytes"], row["unique_bytes"]) == (0, 0, 0)
    assert (row["initial_window"], row["flight_max"], row["missing_bytes"]) == (None, None, None)


@ISNS
def test_bytes_count_each_copy_and_unique_bytes_each_byte_once(isns: str) -> None:
    data = "1.0 > P. 1:101(100) ack 1 win 9\n1.3 > P. 1:151(150) ack 1 win 9\n1.4 > F. 151:151(0) ack 1 win 9\n"
    row = Replayed(isns + HANDSHAKE + data).direction(CLIENT)
    assert (row["bytes"], row["unique_bytes"], row["data_segments"], row["retransmissions"]) == (250, 150, 2, 1)


def test_retransmissions_add_up_from_their_parts() -> None:
    text = SYN + "\n" + "1.0 > S 0:0(0) win 9\n1.01 < S. 0:0(0) ack 1 win 9\n1.02 > . 1:101(100) ack 1 win 9\n"
    row = Replayed(text + "1.5 > . 1:101(100) ack 1 win 9\n").direction(CLIENT)
    parts = [
        "fast_retransmissions", "recovery_retransmissions", "rto_retransmissions", "slow_start_retransmissions",
        "tail_loss_probes", "syn_retransmissions", "other_retransmissions",
    ]  # fmt: skip
    cells = [row[name] or 0 for name in parts]
    assert row["retransmissions"] == sum(cells) == 2
    assert row["syn_retransmissions"] == 1


def test_a_window_that_is_still_closed_at_the_end_was_closed_until_then() -> None:
    data = "1.0 > . 1:101(100) ack 1 win 9\n1.1 < . 1:1(0) ack 101 win 0\n"
    open_end = Replayed(HANDSHAKE + data + "3.6 > . 100:100(0) ack 1 win 9\n").direction(CLIENT)
    assert (open_end["zero_window_episodes"], open_end["zero_window_ns"]) == (1, 2500 * MS)
    twice = "2.1 < . 1:1(0) ack 101 win 9\n3.0 < . 1:1(0) ack 101 win 0\n3.5 < . 1:1(0) ack 101 win 9\n"
    closed = Replayed(HANDSHAKE + data + twice).direction(CLIENT)
    assert (closed["zero_window_episodes"], closed["zero_window_ns"]) == (2, 1500 * MS)


def test_a_clock_that_was_set_back_takes_no_time_off_a_closed_window() -> None:
    data = "1.0 > . 1:101(100) ack 1 win 9\n1.1 < . 1:1(0) ack 101 win 0\n0.6 > . 100:100(0) ack 1 win 9\n"
    assert Replayed(HANDSHAKE + data).direction(CLIENT)["zero_window_ns"] == 0


def figures(row: Row, of: str) -> list[int | None]:
    """Return minimum, median and 95th percentile of a round trip."""
    return [row[f"{of}_{name}_ns"] for name in ("min", "median", "p95")]


def test_round_trips_are_told_by_their_quantiles_and_null_without_samples() -> None:
    lines = [
        f"{i}.0 > . {i}:{i + 1}(1) ack 1 win 9 id 0\n{i}.{i:03} < . 1:1(0) ack {i + 1} win 9000\n" for i in range(1, 11)
    ]
    row = Replayed(HANDSHAKE + "".join(lines)).direction(CLIENT)
    # Samples: 10 ms of the SYN, then 1 to 10 ms. Nearest rank of eleven: the 6th of 1..10, 10 for the median.
    assert (row["rtt_samples"], *figures(row, "peer_rtt")) == (11, MS, 6 * MS, 10 * MS)
    # From the tap to the client it is 1 ms, which comes on top; at the SYN's sample nothing had shown it yet.
    assert figures(row, "sender_rtt") == [MS, MS, MS]
    assert figures(row, "rtt") == [2 * MS, 6 * MS, 11 * MS]  # nearest rank of ten: the 5th of 2..11
    silent = Replayed(SYN).direction(CLIENT)
    assert (silent["rtt_samples"], silent["srtt_ns"]) == (0, None)
    assert [figures(silent, of) for of in ("rtt", "peer_rtt", "sender_rtt")] == [[None] * 3] * 3


def test_a_round_trip_of_which_one_part_was_not_seen_is_unknown() -> None:
    # Joined late, without timestamps: the server's answers tell its part, and nothing goes to the client.
    row = Replayed("0.0 > . 1:101(100) ack 1 win 9 id 0\n0.01 < . 1:1(0) ack 101 win 9 id 0\n").direction(CLIENT)
    assert (row["rtt_samples"], row["srtt_ns"], figures(row, "peer_rtt")) == (1, None, [10 * MS] * 3)
    assert figures(row, "rtt") == figures(row, "sender_rtt") == [None] * 3

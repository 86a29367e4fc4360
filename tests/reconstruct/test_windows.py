"""What segments do to windows: filled, closed, reopened, shrunk, opened by too little, scaled otherwise than told."""

import pytest

from reconstruct.seq import UNKNOWN
from reconstruct.vocabulary import EventKind, Reopening, SegmentKind, Sign
from reconstruct.windows import PAUSE_TRIPS
from tests.reconstruct.replaying import CLIENT, MS, SERVER, Replayed

# The client sends segments of 1000 bytes; the tap is near it (10 ms to the server, 1 ms to the client).
OPENING = """
0.000  > S  0:0(0) win 64240 <mss 1460{syn}>
+0.010 < S. 0:0(0) ack 1 win {window} <mss 1000{answer}>
+0.001 > .  1:1(0) ack 1 win 64240
"""
AT_PEER = """
0.000  > S  0:0(0) win 64240 <mss 1460{syn}>
+0.0001 < S. 0:0(0) ack 1 win {window} <mss 1000{answer}>
+0.010 > .  1:1(0) ack 1 win 64240
"""


def opening(window: int = 3000, syn: str = "", answer: str = "", text: str = OPENING) -> str:
    """Return a handshake in which the server offers a window."""
    return text.format(window=window, syn=syn, answer=answer)


def sent(*starts: int, length: int = 1000) -> str:
    """Return segments of the client, 1 ms apart."""
    return "".join(f"+0.001 > . {start}:{start + length}({length}) ack 1 win 64240\n" for start in starts)


def heard(ack: int, window: int, after: str = "+0.010", options: str = "") -> str:
    """Return an acknowledgment of the server."""
    return f"{after} < . 1:1(0) ack {ack} win {window} {options}\n"


FILLED = opening() + sent(1, 1001, 2001)  # 3000 bytes into a window of 3000
CLOSED = FILLED + heard(3001, 0)


# ---- filled ----


@pytest.mark.parametrize(("window", "frame", "room"), [(3000, 6, 0), (3500, 6, 500), (3999, 6, 999), (2999, 5, 999)])
def test_a_window_is_full_when_the_next_full_segment_does_not_fit(window: int, frame: int, room: int) -> None:
    (event,) = Replayed(opening(window) + sent(1, 1001, 2001)).events(EventKind.WINDOW_FULL)
    flight = (frame - 3) * 1000  # three frames of handshake
    assert (event["frame"], event["a"], event["b"], event["c"]) == (frame, window, room, flight)
    assert event["sender"] == CLIENT


def test_a_window_with_room_for_a_full_segment_is_not_full() -> None:
    replayed = Replayed(opening(4000) + sent(1, 1001, 2001))
    assert replayed.events(EventKind.WINDOW_FULL) == []
    assert replayed.direction(CLIENT)["window_full_episodes"] == 0


def test_a_window_that_is_kept_full_is_filled_once() -> None:
    kept = heard(1001, 3000) + sent(3001) + heard(2001, 3000) + sent(4001)
    assert Replayed(FILLED + kept).direction(CLIENT)["window_full_episodes"] == 1


def test_a_window_is_filled_again_after_all_that_filled_it_was_acknowledged() -> None:
    again = heard(3001, 3000) + sent(3001, 4001, 5001)
    assert Replayed(FILLED + again).direction(CLIENT)["window_full_episodes"] == 2


def test_away_from_the_sender_fillings_that_come_close_together_are_one() -> None:
    # The tap sees each ACK 10 ms before the sender does; two round trips of 10.1 ms bridge what it misses.
    text = opening(text=AT_PEER) + sent(1, 1001, 2001) + heard(3001, 3000, "+0.001")
    soon = text + "+0.010 > . 3001:4001(1000) ack 1 win 64240\n" + sent(4001, 5001)
    late = text + "+0.030 > . 3001:4001(1000) ack 1 win 64240\n" + sent(4001, 5001)
    assert PAUSE_TRIPS == 2
    assert Replayed(soon).direction(CLIENT)["window_full_episodes"] == 1
    assert Replayed(late).direction(CLIENT)["window_full_episodes"] == 2


def test_a_small_segment_that_comes_near_the_edge_fills_nothing_that_small_ones_fit_into() -> None:
    replayed = Replayed(opening(3000) + sent(*range(1, 2401, 600), length=600))  # 600 is more than half of the MSS
    assert replayed.direction(CLIENT)["window_full_episodes"] == 0  # 600 bytes are left: one fits


# ---- closed and reopened ----


@pytest.mark.parametrize(
    ("script", "how"),
    [
        (CLOSED + heard(3001, 3000, "+0.100"), Reopening.WINDOW_UPDATE),
        (FILLED + heard(2001, 0) + heard(3001, 3000, "+0.100"), Reopening.ACKNOWLEDGMENT),
        (CLOSED + "+0.100 < P. 1:11(10) ack 3001 win 3000\n", Reopening.DATA),
        (
            CLOSED + "+0.300 > . 3000:3000(0) ack 1 win 64240\n" + heard(3001, 500),
            Reopening.PROBE_ANSWER,  # less than a segment: the receiver need not have told of it before
        ),
        (
            CLOSED + "+0.300 > . 3000:3000(0) ack 1 win 64240\n" + heard(3001, 1000),
            Reopening.PROBE_ANSWER_FOR_LOST_UPDATE,  # min(segment, half of 3000): it must have told at once
        ),
    ],
)
def test_an_episode_says_what_ended_it(script: str, how: Reopening) -> None:
    replayed = Replayed(script)
    (end,) = replayed.events(EventKind.ZERO_WINDOW_END)
    assert end["c"] == how
    lost = 1 if how == Reopening.PROBE_ANSWER_FOR_LOST_UPDATE else 0
    assert replayed.direction(CLIENT)["window_updates_lost"] == lost


@pytest.mark.parametrize(("answer_id", "lost"), [(106, 0), (107, 1)])
def test_an_ip_id_that_counts_tells_whether_an_update_is_missing(answer_id: int, lost: int) -> None:
    asked = "".join(
        f"+{2**at}.0 > . 3000:3000(0) ack 1 win 64240\n+0.010 < . 1:1(0) ack 3001 win 0 id {101 + at}\n"
        for at in range(5)
    )  # IDs 101 to 105: they count
    last = f"+32.0 > . 3000:3000(0) ack 1 win 64240\n+0.010 < . 1:1(0) ack 3001 win 3000 id {answer_id}\n"
    replayed = Replayed(CLOSED.replace("win 0", "win 0 id 100") + asked + last)
    assert replayed.direction(CLIENT)["window_updates_lost"] == lost
    assert replayed.direction(CLIENT)["window_probes"] == 6


def test_each_probe_tells_how_long_the_sender_waited_before_it() -> None:
    probes = "".join(
        f"+{wait} > . 3000:3000(0) ack 1 win 64240\n" + heard(3001, 0) for wait in ("0.200", "0.390", "0.790")
    )
    events = Replayed(CLOSED + probes).events(EventKind.ZERO_WINDOW_PROBE)
    assert [event["a"] for event in events] == [1, 2, 3]
    assert [event["c"] for event in events] == [200 * MS, 400 * MS, 800 * MS]  # answers come 10 ms after each


def test_the_longest_episode_is_told_beside_the_sum_also_while_it_lasts() -> None:
    first = CLOSED + heard(3001, 3000, "+0.100") + sent(3001, 4001, 5001) + heard(6001, 0)
    lasting = Replayed(first + "+0.500 > . 6000:6000(0) ack 1 win 64240\n").direction(CLIENT)
    assert lasting["zero_window_longest_ns"] == 500 * MS
    row = Replayed(first + heard(6001, 3000, "+0.050")).direction(CLIENT)
    assert (row["zero_window_longest_ns"], row["zero_window_ns"]) == (100 * MS, 150 * MS)


LOST = opening(text=AT_PEER) + sent(1, 1001, 2001) + heard(3001, 0, "+0.001") + heard(3001, 3000, "+0.100")


@pytest.mark.parametrize(("after", "lost"), [("+0.012", 0), ("+0.013", 1), ("+1.500", 1)])
def test_a_probe_after_the_update_tells_that_it_got_lost_unless_the_two_crossed(after: str, lost: int) -> None:
    # The sender is 10 ms away there and back; with a quarter for jitter they may cross for 12.5 ms.
    replayed = Replayed(LOST + f"{after} > . 3000:3000(0) ack 1 win 64240\n")
    (probe,) = replayed.events(EventKind.ZERO_WINDOW_PROBE)
    assert SegmentKind(replayed.last.kind) == SegmentKind.ZERO_WINDOW_PROBE
    assert replayed.direction(CLIENT)["window_updates_lost"] == lost
    assert probe["b"] == (8 if lost else None)  # the frame of the update


def test_a_lost_update_is_counted_once_however_often_the_sender_probes() -> None:
    probe = "> . 3000:3000(0) ack 1 win 64240\n"
    replayed = Replayed(LOST + f"+0.200 {probe}+0.400 {probe}")
    assert replayed.direction(CLIENT)["window_updates_lost"] == 1
    assert replayed.direction(CLIENT)["window_probes"] == 2


def test_a_sender_that_has_sent_since_the_update_keeps_alive() -> None:
    replayed = Replayed(LOST + sent(3001) + "+0.500 > . 4000:4000(0) ack 1 win 64240\n")
    assert SegmentKind(replayed.last.kind) == SegmentKind.KEEP_ALIVE


@pytest.mark.parametrize(
    ("echoed", "kind"), [(301, SegmentKind.ZERO_WINDOW_PROBE), (401, SegmentKind.KEEP_ALIVE)], ids=["old", "new"]
)
def test_the_echoed_timestamp_tells_whether_the_sender_heard_of_the_update(echoed: int, kind: SegmentKind) -> None:
    stamps = ",TS val {} ecr {}"
    text = opening(2988, syn=stamps.format(1, 0), answer=stamps.format(300, 1), text=AT_PEER).replace(
        "ack 1 win 64240\n", "ack 1 win 64240 <TS val 11 ecr 300>\n"
    )
    filled = "+0.001 > . 1:989(988) ack 1 win 64240 <TS val 12 ecr 300>\n"
    closed = heard(989, 0, "+0.001", "<TS val 301 ecr 12>") + heard(989, 2988, "+0.100", "<TS val 401 ecr 12>")
    probe = f"+0.500 > . 988:988(0) ack 1 win 64240 <TS val 620 ecr {echoed}>\n"
    assert SegmentKind(Replayed(text + filled + closed + probe).last.kind) == kind


# ---- shrunk ----


def test_room_that_is_taken_back_is_counted_with_its_bytes() -> None:
    replayed = Replayed(FILLED + heard(1001, 3000) + heard(2001, 1500))  # the edge: 4001, then 3501
    row = replayed.direction(CLIENT)
    assert (row["window_shrinks"], row["window_shrunk_bytes"]) == (1, 500)
    signs = replayed.connection.signs
    assert signs is not None
    assert signs.frames(int(Sign.WINDOW_SHRUNK), 0) == [8]


@pytest.mark.parametrize(
    "acks",
    [
        heard(1001, 3000) + heard(2001, 2000),  # the edge stands still
        heard(2001, 3000) + heard(1001, 3000),  # an old acknowledgment
        heard(1001, 3000) + heard(1001, 2000),  # which of the two is older, nothing tells
        heard(3001, 0),  # the edge is where it was
    ],
)
def test_what_need_not_be_a_shrunk_window_is_none(acks: str) -> None:
    assert Replayed(FILLED + acks).direction(CLIENT)["window_shrinks"] == 0


@pytest.mark.parametrize(("field", "shrinks"), [(509, 0), (508, 0), (507, 1)])
def test_rounding_by_the_scale_shrinks_nothing(field: int, shrinks: int) -> None:
    # The ACK of the first byte offers 2 + 509 * 128 = 65154, that of the second 3 + 508 * 128 = 65027, 127 below; 128
    # and more would be no rounding.
    text = opening(65160, syn=",wscale 7", answer=",wscale 7") + sent(1, length=1) + heard(2, 509) + sent(2, length=1)
    assert Replayed(text + heard(3, field)).direction(CLIENT)["window_shrinks"] == shrinks


@pytest.mark.parametrize(("field", "shrinks"), [(482, 0), (470, 1)])
def test_the_first_window_may_be_a_little_below_that_of_the_syn_ack(field: int, shrinks: int) -> None:
    # A sixteenth of 65160 is 4072: 65161 - (2 + 482 * 128) = 3463 is less, 65161 - (2 + 470 * 128) = 4999 more.
    text = opening(65160, syn=",wscale 7", answer=",wscale 7") + sent(1, length=1)
    assert Replayed(text + heard(2, field)).direction(CLIENT)["window_shrinks"] == shrinks


def test_a_pure_reduction_counts_where_its_timestamp_is_newer() -> None:
    stamps = ",TS val {} ecr {}"
    text = opening(3000, syn=stamps.format(1, 0), answer=stamps.format(300, 1))
    acks = heard(1, 3000, options="<TS val 310 ecr 1>") + heard(1, 1000, options="<TS val 320 ecr 1>")
    assert Replayed(text + acks).direction(CLIENT)["window_shrunk_bytes"] == 2000


# ---- silly ----


def test_an_opening_by_less_than_a_segment_is_silly_and_so_is_what_it_lets_go() -> None:
    row = Replayed(CLOSED + heard(3001, 100, "+0.100") + sent(3001, length=100)).direction(CLIENT)
    assert (row["silly_openings"], row["silly_segments"]) == (1, 1)


@pytest.mark.parametrize("window", [1000, 3000])
def test_an_opening_by_a_segment_is_not_silly(window: int) -> None:
    row = Replayed(CLOSED + heard(3001, window, "+0.100") + sent(3001)).direction(CLIENT)
    assert (row["silly_openings"], row["silly_segments"]) == (0, 0)


def test_half_the_largest_window_is_enough_where_that_is_less_than_a_segment() -> None:
    filled = opening(1200) + sent(1) + heard(1001, 0)  # half of 1200 bytes
    assert Replayed(filled + heard(1001, 600, "+0.100")).direction(CLIENT)["silly_openings"] == 0
    assert Replayed(filled + heard(1001, 599, "+0.100")).direction(CLIENT)["silly_openings"] == 1


def test_a_window_that_is_never_as_large_as_a_segment_is_silly_at_each_step() -> None:
    steps = "".join(sent(1 + 100 * at, length=100) + heard(101 + 100 * at, 100) for at in range(5))
    row = Replayed(opening(100) + steps).direction(CLIENT)
    assert (row["silly_openings"], row["silly_segments"]) == (5, 4)  # the first window is no step


def test_a_small_step_of_a_large_window_is_not_silly() -> None:
    row = Replayed(opening(30000) + sent(1, length=100) + heard(101, 30000)).direction(CLIENT)
    assert row["silly_openings"] == 0


# ---- scale ----


def test_a_window_that_collapses_after_the_syn_is_scaled_whatever_the_syn_says() -> None:
    # 1000 bytes arrived; of 65160, 1000 + 65 * 2^9 = 34280 is far too little, 1000 + 65 * 2^10 = 67560 is not.
    replayed = Replayed(opening(65160, syn=",wscale 10") + sent(1) + heard(1001, 64) + heard(1001, 70))
    row = replayed.direction(SERVER)
    assert (row["window_scale_denied"], row["window_scale_least"], row["window_scale_most"]) == (1, 10, 14)
    assert replayed.direction(CLIENT)["window_shrinks"] == 0
    assert replayed.direction(CLIENT)["window_scale_unanswered"] == 1


@pytest.mark.parametrize(
    ("syn", "field"), [("", 64), (",wscale 10", 40000), (",wscale 10", 0)], ids=["nobody scales", "less room", "closed"]
)
def test_a_window_that_is_merely_smaller_is_not_called_scaled(syn: str, field: int) -> None:
    row = Replayed(opening(65160, syn=syn) + sent(1) + heard(1001, field)).direction(SERVER)
    assert (row["window_scale_denied"], row["window_scale_least"]) == (0, None)


@pytest.mark.parametrize(("field", "denied"), [(64240, 1), (502, 0)])
def test_a_field_that_repeats_that_of_the_syn_is_not_scaled(field: int, denied: int) -> None:
    text = opening(65160, syn=",wscale 7", answer=",wscale 7").replace("ack 1 win 64240", f"ack 1 win {field}")
    row = Replayed(text).direction(CLIENT)
    assert row["window_scale_denied"] == denied
    assert (row["window_scale_least"], row["window_scale_most"]) == ((0, 0) if denied else (None, None))


def test_text_beyond_a_window_that_should_be_scaled_says_that_the_peer_takes_it_for_scaled() -> None:
    text = opening(65160, syn=",wscale 7") + "+0.010 < . 70001:71001(1000) ack 1 win 65160\n"
    assert Replayed(text).direction(CLIENT)["window_scale_denied"] == 1


# ---- in the middle of a connection ----

JOINED = "0.000 > . 1:1001(1000) ack 1 win 500\n+0.010 < . 1:1(0) ack 1001 win 300\n"


def test_a_window_of_zero_is_known_whatever_the_scale() -> None:
    replayed = Replayed(JOINED + sent(1001) + heard(2001, 0) + heard(2001, 30, "+0.200") + sent(2001, 12001))
    assert len(replayed.events(EventKind.ZERO_WINDOW_BEGIN)) == len(replayed.events(EventKind.ZERO_WINDOW_END)) == 1
    assert replayed.direction(CLIENT)["zero_window_ns"] == 200 * MS
    assert replayed.direction(CLIENT)["invalid_segments"] == 0  # the edge at the zero window binds nobody later


def window_limited(shift: int, rounds: int, grow: int) -> str:
    """Return a sender that fills a scaled window again and again; the window grows by so many units a round."""
    text, start, field = "", 1, 16 * 1000 >> shift
    edge = start
    for _ in range(rounds):
        field += grow
        edge = start + (field << shift)
        while edge - start >= 1000:
            text += sent(start)
            start += 1000
        text += heard(start, field + grow)
    return text


def test_a_sender_that_keeps_filling_proves_the_scale() -> None:
    replayed = Replayed("0.000 < . 1:1(0) ack 1 win 128\n" + window_limited(7, 40, 4))
    row = replayed.direction(SERVER)
    assert (row["window_scale_least"], row["window_scale_most"]) == (7, 7)
    assert replayed.windows(CLIENT)[-1]["rwnd"] == replayed.last.window << 7
    assert replayed.direction(CLIENT)["invalid_segments"] == 0


def test_until_the_scale_is_proven_the_window_stays_unknown_and_the_interval_is_told() -> None:
    replayed = Replayed("0.000 < . 1:1(0) ack 1 win 128\n" + window_limited(7, 3, 4))
    row = replayed.direction(SERVER)
    assert (row["window_scale_least"], row["window_scale_most"]) == (0, 14)
    assert replayed.windows(CLIENT)[-1]["rwnd"] is None
    assert replayed.server.shift == UNKNOWN


def test_a_connection_whose_syns_tell_the_scale_has_nothing_to_infer() -> None:
    row = Replayed(opening(65160, syn=",wscale 7", answer=",wscale 7") + sent(1) + heard(1001, 509)).direction(SERVER)
    assert (row["window_scale_least"], row["window_scale_most"], row["window_scale_unanswered"]) == (None, None, 0)

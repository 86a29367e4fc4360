"""The order in which a sender saw what a tap saw in another."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconstruct.sender_event import HEARD, SENT, SenderEvent
from reconstruct.sender_order import MOST_KEPT, MOST_LOST, SenderOrder
from reconstruct.seq import UNKNOWN
from reconstruct.vocabulary import SegmentKind
from tests.reconstruct.ordering import MS, MSS, START_NS, Listener, Path, unknown_legs


def _first_window(path: Path, segments: int = 4) -> None:
    """Let the sender send its first window at once."""
    for index in range(segments):
        path.sent(0, 1 + index * MSS, tsecr=100, push=index % 2 == 1)


def test_at_the_sender_itself_every_event_passes_at_once_and_unchanged() -> None:
    path = Path(way_ms=0.02)
    _first_window(path)
    path.heard(40, 1 + 2 * MSS, 140)
    path.sent(40.03, 1 + 4 * MSS, tsecr=140)
    order, listener = path.order()
    assert order.direct
    for count, event in enumerate(path.capture(), 1):
        order.take(event)
        assert len(listener.told) == count
        assert listener.told[-1].time_ns == event.tap_ns


def test_an_ack_is_released_after_what_was_sent_before_it_came() -> None:
    path = Path()
    _first_window(path, 2)
    path.heard(60, 1 + MSS, 150)  # the tap sees it at 50 ms
    path.sent(45, 1 + 2 * MSS, tsecr=100)  # and this at 55 ms
    path.sent(60, 1 + 3 * MSS, tsecr=150)
    assert [event.what for event in path.capture()] == [SENT, SENT, HEARD, SENT, SENT]
    assert path.released().names() == "S1 S1001 S2001 H1001 S3001"


def test_what_a_segment_echoes_was_heard_however_late_it_seems() -> None:
    path = Path()
    _first_window(path, 2)
    path.heard(60, 1 + MSS, 150)
    path.heard(61, 1 + 2 * MSS, 151)
    path.sent(61, 1 + 2 * MSS, tsecr=151, late_ms=500)
    assert path.released().names() == "S1 S1001 H1001 H2001 S2001"


def test_an_ack_is_held_until_the_next_segment_tells_or_the_end() -> None:
    path = Path()
    _first_window(path, 2)
    path.heard(60, 1 + 2 * MSS, 150)
    order, listener = path.order()
    for event in path.capture():
        order.take(event)
    assert listener.names() == "S1 S1001"
    order.finish()
    assert listener.names() == "S1 S1001 H2001"
    assert listener.finished == 1


def test_a_gap_is_told_as_segments_that_were_sent_and_lost_before_the_tap() -> None:
    path = Path()
    _first_window(path, 2)
    path.heard(60, 1 + 2 * MSS, 150)
    path.sent(60, 1 + 4 * MSS + 500, tsecr=150)  # 2,500 bytes before it are missing
    told = path.released().told
    assert [(one.name, one.end, one.frame, one.tsval) for one in told[3:6]] == [
        ("L2001", 3_001, 0, UNKNOWN),
        ("L3001", 4_001, 0, UNKNOWN),
        ("L4001", 4_501, 0, UNKNOWN),
    ]
    assert told[6].name == "S4501"


def test_lost_segments_are_told_before_an_ack_that_they_did_not_wait_for() -> None:
    path = Path()
    _first_window(path, 4)
    path.sent(0, 1 + 5 * MSS, tsecr=100)  # the fifth of six was lost
    path.heard(60, 1 + 2 * MSS, 150)
    path.sent(60, 1 + 6 * MSS, tsecr=150)
    assert path.released().names() == "S1 S1001 S2001 S3001 L4001 S5001 H2001 S6001"


def test_a_gap_as_large_as_a_window_can_be_is_told_in_few_pieces() -> None:
    path = Path()
    _first_window(path, 2)
    path.sent(0, 1 + (1 << 30), tsecr=100)
    lost = [one for one in path.released().told if one.lost]
    assert len(lost) <= MOST_LOST + 1
    assert (lost[0].seq, lost[-1].end) == (1 + 2 * MSS, 1 + (1 << 30))


def test_what_comes_late_was_told_already_and_what_is_sent_again_is_told_again() -> None:
    path = Path()
    _first_window(path, 2)
    path.sent(5, 1 + 2 * MSS, tsecr=100, late_ms=3, kind=SegmentKind.OUT_OF_ORDER)
    path.sent(6, 1 + 3 * MSS, tsecr=100)
    path.sent(6, 1 + 3 * MSS, tsecr=100, late_ms=1, kind=SegmentKind.NETWORK_DUPLICATE)
    path.sent(90, 1 + 2 * MSS, tsecr=100, kind=SegmentKind.RTO_RETRANSMISSION)
    assert path.released().names() == "S1 S1001 L2001 S3001 S2001"


def test_bytes_that_are_acknowledged_but_never_came_by_were_sent_before() -> None:
    path = Path()
    _first_window(path, 2)
    path.heard(60, 1 + 3 * MSS, 150)
    path.sent(60, 1 + 3 * MSS, tsecr=150)
    assert path.released().names() == "S1 S1001 L2001 H3001 S3001"


def test_round_trips_on_the_released_events_are_those_of_the_sender() -> None:
    path = Path()
    _first_window(path, 2)
    path.heard(60, 1 + 2 * MSS, 150)
    for index in range(40):  # an ACK and the segment that it lets go every 7.3 ms, 4 ms of queue before the tap
        at_ms = 60 + 7.3 * index
        path.sent(at_ms, 1 + (2 + index) * MSS, tsecr=150 + int(7.3 * index), late_ms=4 if index % 2 else 0)
        path.heard(at_ms + 7.3, 1 + (3 + index) * MSS, 150 + int(7.3 * (index + 1)))
    told = path.released().told
    sent = {one.end: one.time_ns for one in told if one.what == SENT}
    trips = [one.time_ns - sent[one.ack] for one in told if one.what == HEARD and one.ack in sent]
    # At the tap the trips look 20 ms shorter. The tick is known after eight of 1 ms: from the second ACK on.
    assert [trip / MS for trip in trips[3:]] == [pytest.approx(7.3, abs=0.5)] * (len(trips) - 3)


def test_released_times_read_as_if_the_tap_were_at_the_sender() -> None:
    path = Path()
    _first_window(path, 2)
    path.heard(60, 1 + 2 * MSS, 150)
    path.sent(60, 1 + 2 * MSS, tsecr=150)
    told = path.released().told
    assert [(one.time_ns - START_NS) // MS for one in told] == [0, 0, 60, 60]


def _steady(path: Path, spread: random.Random | None = None) -> None:
    """Let a sender with a window of 40 segments get an ACK of two every 0.3 ms and answer each with two.

    The timestamps of the receiver tick three times as slowly, and so do the sender's own: they do not tell which of the
    three the ACKs was heard before a segment.
    """
    _first_window(path, 40)
    highest = 41
    for index in range(400):
        at_ms = 60 + 0.3 * index
        path.heard(at_ms, 1 + 2 * (index + 1) * MSS, 150 + int(0.3 * index))
        for _ in range(2):
            late_ms = 5 if spread is None else spread.uniform(5, 6)
            path.sent(at_ms + 0.02, 1 + (highest - 1) * MSS, tsecr=150 + int(0.3 * index), late_ms=late_ms)
            highest += 1


def test_where_timestamps_do_not_tell_the_window_does() -> None:
    path = Path()
    _steady(path)
    told = path.released().told
    acked, right = 1, 0
    for one in told:
        if one.what == HEARD:
            acked = one.ack
        elif one.seq > 40 * MSS:
            answered = (one.seq // MSS - 40) // 2  # each ACK lets two segments go
            right += acked == 1 + 2 * (answered + 1) * MSS
    assert right >= 0.95 * 800


def test_the_doubt_of_a_segment_is_how_many_acks_may_have_come_before_it_or_after_it() -> None:
    path = Path()
    _steady(path)
    told = path.released().told
    doubts = [one.doubt for one in told if one.what == SENT]
    assert max(doubts[-200:]) in (1, 2, 3)  # a tick holds three ACKs or four, and one of them is echoed
    certain = Path()
    _first_window(certain, 2)
    certain.heard(60, 1 + 2 * MSS, 150)
    certain.sent(60, 1 + 2 * MSS, tsecr=150)
    assert [one.doubt for one in certain.released().told if one.what == SENT] == [0, 0, 0]


def test_a_burst_is_sent_at_once() -> None:
    path = Path()
    _first_window(path, 8)
    for index in range(20):
        at_ms = 60 + 2 * index
        path.heard(at_ms, 1 + 2 * index * MSS + MSS, 150 + 2 * index)
        path.heard(at_ms + 0.3, 1 + 2 * index * MSS + 2 * MSS, 150 + 2 * index)
        for segment in range(2):
            seq = 1 + (8 + 2 * index + segment) * MSS
            path.sent(at_ms + 0.31, seq, tsecr=150 + 2 * index, late_ms=3 + segment, push=segment == 1)
    names = path.released().names().split()
    for first in range(8, 46, 2):
        at = names.index(f"S{1 + first * MSS}")
        assert names[at + 1] == f"S{1 + (first + 1) * MSS}"


def test_without_timestamps_the_shortest_trip_between_tap_and_sender_decides() -> None:
    path = Path(stamps=False)
    _first_window(path, 2)
    path.heard(60, 1 + MSS)  # at the tap at 50 ms
    path.sent(59, 1 + 2 * MSS)  # at the tap at 69 ms, less than 20 ms later
    path.sent(61, 1 + 3 * MSS)
    assert path.released().names() == "S1 S1001 S2001 H1001 S3001"


def test_without_timestamps_the_window_that_is_known_tells_what_was_heard_in_spite_of_a_queue() -> None:
    path = Path(stamps=False)
    for index in range(40):
        path.sent(0, 1 + index * MSS, late_ms=1.5 * index)
    for index in range(50):  # each ACK of two segments lets two go, which wait for a link that is never idle
        path.heard(40 + 3 * index, 1 + 2 * (index + 1) * MSS)
        for half in range(2):
            path.sent(40 + 3 * index, 1 + (40 + 2 * index + half) * MSS, late_ms=20 + 1.5 * half)
    order, listener = path.order()
    listener.window = 40 * MSS
    for event in path.capture():
        order.take(event)
    order.finish()
    names = listener.names().split()
    for index in range(50):
        at = names.index(f"S{1 + (40 + 2 * index) * MSS}")
        assert names[at - 1] == f"H{1 + 2 * (index + 1) * MSS}"
        assert names[at + 1] == f"S{1 + (41 + 2 * index) * MSS}"


def test_without_timestamps_no_ack_is_held_for_more_than_some_round_trips() -> None:
    path = Path(stamps=False)
    _first_window(path, 2)
    path.heard(60, 1 + MSS)
    for index in range(400):  # a queue before the tap from which a segment comes every millisecond
        path.sent(1 + index, 1 + (2 + index) * MSS, late_ms=10)
    names = path.released().names().split()
    # It passes the tap at 50 ms. The trip of 20 ms and four round trips of 60 ms later nothing is left to doubt: at
    # 310 ms, when the tap sees what was sent at 290 ms.
    assert names.index("H1001") <= names.index(f"S{1 + 292 * MSS}")


def test_without_timestamps_the_third_sack_is_what_a_fast_retransmission_answers() -> None:
    path = Path(stamps=False)
    _first_window(path, 8)
    for index in range(5):
        path.heard(60 + index, 1, blocks=1)
    path.sent(62, 1, kind=SegmentKind.FAST_RETRANSMISSION, late_ms=30)
    assert path.released().names().endswith("H1 H1 H1 S1 H1 H1")


def test_text_that_a_segment_acknowledges_was_heard_and_what_follows_it_was_not() -> None:
    path = Path()
    _first_window(path, 2)
    path.heard(60, 1 + MSS, 150, text=MSS, seq=1)
    path.heard(61, 1 + MSS, 150, text=MSS, seq=1 + MSS)
    path.heard(62, 1 + 2 * MSS, 150, text=MSS, seq=1 + 2 * MSS)
    path.sent(61.5, 1 + 2 * MSS, tsecr=150, ack=1 + 2 * MSS, late_ms=50)
    assert path.released().names() == "S1 S1001 H1001 H1001 S2001 H2001"


def test_where_segments_do_not_echo_what_came_by_long_ago_the_tap_is_not_in_the_sender() -> None:
    path = Path()
    for index in range(60):
        path.heard(60 + 5 * index, 1 + index * MSS, 150 + index)
        path.sent(60 + 5 * index, 1 + index * MSS, tsecr=150 + index)
    order, listener = SenderOrder(), Listener()
    order.begin(listener, MSS, MS // 50, 40 * MS)  # a proxy that answered the SYN beside the tap
    for event in path.capture():
        order.take(event)
    assert not order.direct
    order.finish()
    names = listener.names().split()
    assert all(names[names.index(f"S{1 + index * MSS}") - 1] == f"H{1 + index * MSS}" for index in range(20, 60))


def test_a_tap_that_proves_to_be_in_the_sender_holds_nothing_back_any_more() -> None:
    path = Path(way_ms=0.01)
    for index in range(60):
        path.heard(60 + 5 * index, 1 + index * MSS, 150 + index)
        path.sent(60.02 + 5 * index, 1 + index * MSS, tsecr=150 + index)
    order, listener = SenderOrder(), Listener()
    order.begin(listener, MSS, 20 * MS, 40 * MS)  # the application answered late in the handshake
    for event in path.capture():
        order.take(event)
    assert order.direct
    assert len(listener.told) == 120


def test_where_no_handshake_tells_where_the_tap_is_the_echoes_do() -> None:
    path = Path()
    _first_window(path, 2)
    path.heard(60, 1 + MSS, 150)
    path.sent(45, 1 + 2 * MSS, tsecr=100)
    path.sent(60, 1 + 3 * MSS, tsecr=150)
    assert unknown_legs(path.capture()).names() == "S1 S1001 S2001 H1001 S3001"


def test_acks_that_nothing_answers_do_not_pile_up_without_bound() -> None:
    order, listener = Path().order()
    event = SenderEvent()
    event.what, event.ack, event.tsval = HEARD, 1, 150
    for index in range(MOST_KEPT + 10):
        event.tap_ns = START_NS + index
        order.take(event)
    assert len(listener.told) == 10


def test_another_sender_begins_with_nothing_of_the_one_before() -> None:
    path = Path()
    _steady(path)
    order, listener = path.order()
    for event in path.capture():
        order.take(event)
    again = Listener()
    order.begin(again, MSS, 20 * MS, 40 * MS)
    for event in path.capture():
        order.take(event)
    order.finish()
    assert again.told == path.released().told
    assert listener.finished == 0


@st.composite
def _exchanges(draw: st.DrawFn) -> Path:
    """Return a sender that answers each ACK at once or a little later, seen past a queue and through jitter."""
    stamps = draw(st.booleans())
    path = Path(way_ms=draw(st.sampled_from([1.0, 10.0])), stamps=stamps, tick_ms=draw(st.sampled_from([1.0, 4.0])))
    _first_window(path, 4)
    at_ms, acked, highest, free_ms = 60.0, 1, 1 + 4 * MSS, 0.0
    for _ in range(draw(st.integers(0, 30))):
        at_ms += draw(st.sampled_from([0.1, 0.4, 3.0, 50.0]))
        acked = min(acked + draw(st.integers(0, 2)) * MSS, highest)
        path.heard(at_ms, acked, 100 + int(at_ms), blocks=draw(st.integers(0, 1)))
        for _ in range(draw(st.integers(0, 3))):
            free_ms = max(free_ms + draw(st.sampled_from([0.0, 1.0])), at_ms + 0.01)  # when the link is free for it
            late_ms = free_ms - at_ms - 0.01
            path.sent(at_ms + 0.01, highest, tsecr=100 + int(at_ms), late_ms=late_ms, push=draw(st.booleans()))
            highest += MSS
    return path


@given(_exchanges())
def test_every_event_is_released_once_and_none_against_what_timestamps_prove(path: Path) -> None:
    events = path.capture()
    proof = {event.frame: (event.tsval, event.tsecr) for event in events}
    told = path.released().told
    assert sorted(one.frame for one in told if not one.lost) == [event.frame for event in events]
    heard = [one.frame for one in told if one.what == HEARD]
    assert heard == sorted(heard)
    times = [one.time_ns for one in told]
    assert times == sorted(times)
    if path.stamps:
        newest = 100
        for one in told:
            if one.what == HEARD:
                newest = proof[one.frame][0]
            elif not one.lost:
                assert newest == proof[one.frame][1]

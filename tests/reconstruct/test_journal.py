"""One segment's rows: what it was, what is yet to be known of it, and the windows after it."""

from array import array

import pytest

from reconstruct.endpoint import Endpoint
from reconstruct.journal import record_segment, record_window
from reconstruct.recorder import Recorder
from reconstruct.rules import Rule
from reconstruct.segment import ACK, SYN, Segment
from reconstruct.seq import UNKNOWN
from reconstruct.states import State
from reconstruct.vocabulary import SegmentKind, Sender
from tests.reconstruct.replaying import MS, Row, rows_of

AGAIN = [
    SegmentKind.FAST_RETRANSMISSION, SegmentKind.RECOVERY_RETRANSMISSION, SegmentKind.RTO_RETRANSMISSION,
    SegmentKind.SLOW_START_RETRANSMISSION, SegmentKind.TAIL_LOSS_PROBE, SegmentKind.SYN_RETRANSMISSION,
    SegmentKind.RETRANSMISSION,
]  # fmt: skip


def shifted(shift: int, state: State) -> Endpoint:
    """Return an end that scales its windows by so many bits."""
    end = Endpoint(state)
    end.shift = shift
    return end


def told(segment: Segment) -> Row:
    """Return the row of a segment of connection 3, whose ends scale by 7 and by 2 bits."""
    recorder = Recorder(True, True)
    record_segment(recorder, 3, shifted(7, State.ESTABLISHED), shifted(2, State.CLOSE_WAIT), segment)
    return rows_of(recorder.segments)[0]


def test_a_row_tells_all_of_a_segment() -> None:
    segment = Segment()
    segment.frame, segment.time_ns, segment.from_client = 11, 12, 1
    segment.seq, segment.ack, segment.payload_len, segment.flags, segment.window = 13, 14, 15, ACK, 500
    segment.kind, segment.rule = SegmentKind.NEW, Rule.NEW_AFTER_GAP
    segment.figure_a, segment.figure_b, segment.rtt_ns = 16, UNKNOWN, 17
    assert told(segment) == {
        "frame": 11, "time_ns": 12, "flow": 3, "sender": Sender.CLIENT, "seq": 13, "ack": 14, "len": 15, "flags": ACK,
        "window": 64000, "kind": SegmentKind.NEW, "spurious": None, "client_state": State.ESTABLISHED,
        "server_state": State.CLOSE_WAIT, "rtt_ns": 17, "rule": Rule.NEW_AFTER_GAP, "figure_a": 16, "figure_b": None,
    }  # fmt: skip  # 500 << 7 = 64000


def test_sack_blocks_are_offsets_of_the_other_ends_bytes() -> None:
    client, server, segment = shifted(0, State.ESTABLISHED), shifted(0, State.ESTABLISHED), Segment()
    server.start_at(0xFFFFFF00, 1)  # 256 before the wrap: wire number 44 is offset 300
    segment.frame, segment.from_client, segment.sack_blocks = 5, 1, 2
    segment.sack_edges[:4] = array("q", [44, 144, 0xFFFFFFFF, 20])
    recorder = Recorder(True, True)
    record_segment(recorder, 3, client, server, segment)
    assert [tuple(row.values()) for row in rows_of(recorder.sacks)] == [
        (3, 5, Sender.CLIENT, 300, 400), (3, 5, Sender.CLIENT, 255, 276),
    ]  # fmt: skip


def test_sack_blocks_about_an_end_of_which_nothing_is_known_are_left_out() -> None:
    segment, recorder = Segment(), Recorder(True, True)
    segment.sack_blocks = 1
    record_segment(recorder, 3, shifted(0, State.ESTABLISHED), shifted(0, State.ESTABLISHED), segment)
    assert recorder.sacks.count == 0


def test_the_window_of_a_syn_is_not_scaled_and_the_server_has_its_own_shift() -> None:
    segment = Segment()
    segment.window, segment.flags = 500, SYN | ACK
    assert (told(segment)["window"], told(segment)["sender"]) == (500, Sender.SERVER)
    segment.flags = ACK
    assert told(segment)["window"] == 2000  # 500 << 2


@pytest.mark.parametrize("kind", SegmentKind)
def test_what_was_sent_again_counts_as_needed_until_the_contrary_is_known(kind: SegmentKind) -> None:
    segment = Segment()
    segment.kind = kind
    assert told(segment)["spurious"] == (0 if kind in AGAIN else None)


@pytest.mark.parametrize("is_server", [0, 1])
def test_a_window_row_tells_flight_window_and_smoothed_round_trip(is_server: int) -> None:
    recorder, segment, end = Recorder(True, True), Segment(), Endpoint(State.ESTABLISHED)
    segment.frame, segment.time_ns = 11, 12
    end.stream.insert(0, 300)
    end.snd_una, end.offered.snd_wnd = 100, 5000
    end.note_near(0)
    end.sample(7, 8)
    end.model.backoff = 1
    record_window(recorder, 3, end, is_server, segment)
    empty = dict.fromkeys(["cwnd", "cwnd_low", "cwnd_high", "ssthresh", "phase", "limit"])
    assert rows_of(recorder.windows) == [
        {"flow": 3, "frame": 11, "time_ns": 12, "sender": is_server, "flight": 200, "rwnd": 5000, "srtt_ns": 8,
         "rttvar_ns": 4, "rto_ns": 2 * 204 * MS, **empty}  # 200 ms and 8 ns in ticks of 4 ms, doubled
    ]  # fmt: skip


def test_a_window_row_of_an_end_of_which_nothing_is_known_is_blank() -> None:
    recorder = Recorder(True, True)
    record_window(recorder, 3, Endpoint(State.ESTABLISHED), 0, Segment())
    row = rows_of(recorder.windows)[0]
    assert [row[name] for name in ("flight", "rwnd", "srtt_ns", "rttvar_ns", "rto_ns")] == [None] * 5

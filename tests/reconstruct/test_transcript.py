"""What an end sent and heard is told later exactly as it was noted."""

from hypothesis import given
from hypothesis import strategies as st

from reconstruct.segment import ACK, OPTION_TIMESTAMPS, PSH, Segment
from reconstruct.sender_event import SENT
from reconstruct.seq import UNKNOWN
from reconstruct.transcript import Transcript
from reconstruct.vocabulary import SegmentKind
from tests.reconstruct.ordering import MS, Listener

NEW = int(SegmentKind.NEW)


def text(frame: int, seq: int, end: int, tsval: int = UNKNOWN) -> Segment:
    """Return a segment with text, sent `frame` ms after the epoch."""
    segment = Segment()
    segment.frame, segment.time_ns = frame, frame * MS
    segment.seq, segment.end, segment.payload_len, segment.ack = seq, end, end - seq, 1
    segment.flags, segment.kind = ACK | PSH, NEW
    if tsval != UNKNOWN:
        segment.options, segment.tsval, segment.tsecr = OPTION_TIMESTAMPS, tsval, tsval - 1
    return segment


def answer(frame: int, ack: int, isn: int, blocks: list[tuple[int, int]]) -> Segment:
    """Return an ACK that SACKs `blocks`, offsets of a sender whose ISN is `isn`."""
    segment = Segment()
    segment.frame, segment.time_ns = frame, frame * MS
    segment.seq = segment.end = 1
    segment.ack, segment.flags, segment.sack_blocks = ack, ACK, len(blocks)
    for number, (start, end) in enumerate(blocks):
        segment.sack_edges[2 * number] = (start + isn) & 0xFFFF_FFFF
        segment.sack_edges[2 * number + 1] = (end + isn) & 0xFFFF_FFFF
    return segment


class Edges(Listener):
    """Remembers the SACK blocks and windows that it is told."""

    def __init__(self) -> None:
        """Make one that was told nothing."""
        super().__init__()
        self.blocks: list[list[int]] = []
        self.windows: list[int] = []

    def take(self, event) -> int:  # type: ignore[no-untyped-def,override] # the type is that of the base; a number in C
        """Remember an event."""
        super().take(event)
        self.blocks.append([event.edges[edge] for edge in range(2 * event.blocks)])
        self.windows.append(event.window)
        return 0


def test_what_was_sent_and_heard_is_told_in_order() -> None:
    transcript, told = Transcript(), Listener()
    transcript.note_sent(text(5, 1, 1001, tsval=70), 1, -1)
    transcript.note_heard(answer(6, 1001, 900, []), 900, 4_000, -1)
    transcript.note_sent(text(7, 1001, 1501), 1001, 3)
    transcript.tell(told)
    assert told.names() == "S1 H1001 S1001"
    assert [(one.frame, one.time_ns) for one in told.told] == [(5, 5 * MS), (6, 6 * MS), (7, 7 * MS)]
    assert [one.tsval for one in told.told] == [70, UNKNOWN, UNKNOWN]


def test_what_was_told_is_forgotten() -> None:
    transcript, told = Transcript(), Listener()
    transcript.note_sent(text(5, 1, 1001), 1, -1)
    transcript.tell(told)
    transcript.tell(told)
    assert (told.names(), transcript.count) == ("S1", 0)


def test_blocks_are_told_as_offsets_also_where_numbers_wrap() -> None:
    transcript, told = Transcript(), Edges()
    isn = 0xFFFF_FF00  # offset 256 is number 0
    transcript.note_heard(answer(6, 101, isn, [(301, 401), (201, 251)]), isn, 4_000, -1)
    transcript.note_heard(answer(7, 401, isn, []), isn, 5_000, -1)
    transcript.tell(told)
    assert told.blocks == [[301, 401, 201, 251], []]
    assert told.windows == [4_000, 5_000]


def test_only_bytes_beyond_snd_nxt_are_fresh() -> None:
    fresh: list[int] = []

    class Fresh(Listener):
        def take(self, event) -> int:  # type: ignore[no-untyped-def,override] # as above
            fresh.append(event.fresh)
            return super().take(event)

    transcript = Transcript()
    transcript.note_sent(text(5, 1, 1001), 1001, -1)
    transcript.note_sent(text(6, 501, 1501), 1001, -1)
    transcript.tell(Fresh())
    assert fresh == [0, 1]


@given(st.lists(st.one_of(st.none(), st.integers(0, 4)), max_size=200))
def test_any_number_of_events_finds_room(kinds: list[int | None]) -> None:
    """None stands for a segment sent, a number for an ACK with so many blocks."""
    transcript, told = Transcript(), Edges()
    for frame, kind in enumerate(kinds):
        if kind is None:
            transcript.note_sent(text(frame, frame + 1, frame + 2), frame + 1, -1)
        else:
            blocks = [(1000 + 10 * block, 1005 + 10 * block) for block in range(kind)]
            transcript.note_heard(answer(frame, frame + 1, 0, blocks), 0, frame, -1)
    assert transcript.count == len(kinds)
    transcript.tell(told)
    assert [one.frame for one in told.told] == list(range(len(kinds)))
    assert [one.what == SENT for one in told.told] == [kind is None for kind in kinds]
    assert [len(blocks) // 2 for blocks in told.blocks] == [kind or 0 for kind in kinds]


def test_the_round_trip_needs_both_parts() -> None:
    transcript = Transcript()
    transcript.near_ns = 2 * MS
    assert transcript.trip_ns() == UNKNOWN
    transcript.far_ns = 5 * MS
    assert transcript.trip_ns() == 7 * MS

# cython: annotation_typing=False, initializedcheck=False, wraparound=False
"""Which round trip a segment completes: by what it acknowledges, what it SACKs, or the timestamp that it echoes."""

from reconstruct.endpoint import Endpoint
from reconstruct.scoreboard import SegmentPool
from reconstruct.segment import OPTION_TIMESTAMPS, Segment
from reconstruct.seq import UNKNOWN, unwrap

_UNKNOWN = UNKNOWN
_TIMESTAMPS = OPTION_TIMESTAMPS


def time_ack(pool: SegmentPool, sender: Endpoint, receiver: Endpoint, segment: Segment) -> None:
    """Take the round trip of `receiver` that an acknowledgment of new data completes, from `sender`.

    As in Linux, what the acknowledgment covers counts first (RFC 6298 3, Karn's rule), then what it SACKs, then its
    timestamp, which also tells where everything was sent again (RFC 7323 4.1).
    """
    board = receiver.board
    marked = board.marked
    sacked = 0
    if segment.sack_blocks > 0:
        sacked = _take_sack(pool, receiver, segment)
    if board.acknowledged(pool, segment.ack) or sacked:
        _sample(sender, receiver, segment)
    elif marked and segment.options & _TIMESTAMPS:
        receiver.sample_by_timestamp(segment.tsecr, segment.time_ns)


def time_sack(pool: SegmentPool, sender: Endpoint, receiver: Endpoint, segment: Segment) -> None:
    """Take the round trip that the SACK blocks of an acknowledgment complete which covers nothing new."""
    if _take_sack(pool, receiver, segment):
        _sample(sender, receiver, segment)


def _take_sack(pool: SegmentPool, receiver: Endpoint, segment: Segment) -> int:
    """Mark what SACK blocks report; return 1 if that completes a round trip. D-SACK and bogus blocks do not."""
    sampled = 0
    receiver.board.begin()
    block = segment.sack_blocks - 1
    while block >= 0:  # the newest block is the first (RFC 2018 4), mostly the highest
        start = unwrap(segment.sack_edges[2 * block] - receiver.isn, receiver.stream.highest)
        end = unwrap(segment.sack_edges[2 * block + 1] - receiver.isn, receiver.stream.highest)
        if segment.ack < start < end <= receiver.stream.highest:
            sampled |= receiver.board.reported(pool, start, end)
        block -= 1
    return sampled


def _sample(sender: Endpoint, receiver: Endpoint, segment: Segment) -> None:
    """Take the round trip of the segments that the scoreboard found."""
    sample_ns = segment.time_ns - receiver.board.last_sent_ns
    if sample_ns >= 0:  # a clock that was set back gives no round trip
        receiver.sample(sample_ns, max(sample_ns, segment.time_ns - receiver.board.first_sent_ns), segment.time_ns)
        segment.rtt_ns = sample_ns
        if sample_ns < sender.near_ns or sender.near_ns == _UNKNOWN:
            sender.note_near(sample_ns)

# cython: annotation_typing=False, initializedcheck=False, wraparound=False
"""Which retransmissions were not needed: a D-SACK, an echoed timestamp, or an ACK that came too soon proves it."""

from reconstruct.endpoint import Endpoint
from reconstruct.recorder import Recorder
from reconstruct.segment import OPTION_TIMESTAMPS, Segment
from reconstruct.sender_model import LOSS, NEEDED, UNNEEDED
from reconstruct.seq import UNKNOWN, unwrap
from reconstruct.vocabulary import SegmentKind

_UNKNOWN = UNKNOWN
_TIMESTAMPS = OPTION_TIMESTAMPS
_MASK32, _HALF32 = 0xFFFFFFFF, 0x80000000
_START, _END, _TSVAL, _TIME, _ROW, _KIND, _VERDICT = range(7)  # cells of a kept retransmission
_UNNEEDED, _NEEDED, _LOSS = UNNEEDED, NEEDED, LOSS
_BY_TIMER = int(SegmentKind.RTO_RETRANSMISSION)


def judge(sender: Endpoint, recorder: Recorder, segment: Segment, before: int) -> None:
    """Mark and count the retransmissions of `sender` that an acknowledgment proves unneeded.

    `before` is SND.UNA before the acknowledgment, which `segment` carries.
    """
    model = sender.model
    if segment.sack_blocks > 0:
        _judge_by_sack(sender, recorder, segment)
    if before != _UNKNOWN and before < segment.ack and before < model.resent_high:
        for index in range(model.resent_count):
            covered = model.entry(index, _END) > before and model.entry(index, _START) < segment.ack
            if covered and not model.entry(index, _VERDICT):
                _settle(sender, recorder, segment, index, before)


def _settle(sender: Endpoint, recorder: Recorder, segment: Segment, index: int, before: int) -> None:
    """Judge a retransmission by the first acknowledgment that covers it."""
    model = sender.model
    tsval = model.entry(index, _TSVAL)
    if model.entry(index, _START) <= before and segment.options & _TIMESTAMPS and tsval != _UNKNOWN:
        # RFC 3522 (3.2): the echo tells what moved the edge, the retransmission or what was sent before it.
        older = (segment.tsecr - tsval) & _MASK32 >= _HALF32
        decide(sender, recorder, index, _UNNEEDED if older else _NEEDED)
    else:
        _settle_by_time(sender, recorder, segment, index)


def _settle_by_time(sender: Endpoint, recorder: Recorder, segment: Segment, index: int) -> None:
    """Judge by how soon the answer comes: no round trip is half as long as the shortest one that was measured.

    An answer after a whole round trip is that to the retransmission; what comes between may be either.
    """
    if sender.rtt is not None and sender.rtt.samples > 0:
        waited_ns = segment.time_ns - sender.model.entry(index, _TIME)
        if waited_ns < sender.rtt.min_ns // 2:
            decide(sender, recorder, index, _UNNEEDED)
        elif waited_ns >= sender.rtt.min_ns:
            decide(sender, recorder, index, _NEEDED)


def decide(sender: Endpoint, recorder: Recorder, index: int, verdict: int) -> None:
    """Settle a kept retransmission; one that was not needed is counted and its row marked."""
    model = sender.model
    model.decide(index, verdict)
    if verdict == _UNNEEDED:
        sender.spurious += 1
        if model.state == _LOSS and model.entry(index, _KIND) == _BY_TIMER:
            model.undo()  # RFC 5682 (3.1), RFC 4015 (3.2): nothing was lost, recovery ends
        recorder.patch_spurious(sender.model.entry(index, _ROW))


def _judge_by_sack(sender: Endpoint, recorder: Recorder, segment: Segment) -> None:
    """Take what the SACK blocks say: a D-SACK first (RFC 2883 4), then what is reported for the first time."""
    model = sender.model
    near = sender.stream.highest
    start = unwrap(segment.sack_edges[0] - sender.isn, near)
    end = unwrap(segment.sack_edges[1] - sender.isn, near)
    block = 0
    if end <= segment.ack or _is_inside_second(sender, segment, start, end):
        _judge_by_dsack(sender, recorder, start, end)
        block = 1
    while block < segment.sack_blocks:
        start = unwrap(segment.sack_edges[2 * block] - sender.isn, near)
        end = unwrap(segment.sack_edges[2 * block + 1] - sender.isn, near)
        if end > model.sacked_to:
            model.sacked_to = end
        if start < model.resent_high:
            for index in range(model.resent_count):
                if _is_open(sender, index, start, end):
                    _settle_by_time(sender, recorder, segment, index)
        block += 1


def _is_inside_second(sender: Endpoint, segment: Segment, start: int, end: int) -> int:
    """Return 1 if the first SACK block lies in the second one (RFC 2883 4, case 2)."""
    if segment.sack_blocks < 2:
        return 0
    outer = unwrap(segment.sack_edges[2] - sender.isn, sender.stream.highest)
    outer_end = unwrap(segment.sack_edges[3] - sender.isn, sender.stream.highest)
    return 1 if outer <= start and end <= outer_end else 0


def _judge_by_dsack(sender: Endpoint, recorder: Recorder, start: int, end: int) -> None:
    """Mark the newest retransmission in a range that arrived twice, unless it is known to have been the first there.

    In that case the second one was a copy that the path made.
    """
    model = sender.model
    index = model.resent_count - 1
    while index >= 0:
        if _is_open(sender, index, start, end):
            decide(sender, recorder, index, _UNNEEDED)
            index = 0
        index -= 1


def _is_open(sender: Endpoint, index: int, start: int, end: int) -> int:
    """Return 1 if a kept retransmission lies in a range and nothing is proven of it yet."""
    model = sender.model
    if model.entry(index, _START) < start or model.entry(index, _END) > end:
        return 0
    return 0 if model.entry(index, _VERDICT) else 1

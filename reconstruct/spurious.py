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
_TAIL_PROBE = int(SegmentKind.TAIL_LOSS_PROBE)
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


def judge_timeout(sender: Endpoint, recorder: Recorder, segment: Segment, with_sack: int) -> None:
    """Find by F-RTO whether a timeout was unfounded (RFC 5682 2.1, 3.1): what was sent once only has arrived.

    To be asked before the acknowledgment moves anything. Without SACK (`with_sack` 0) one that covers a retransmission
    shows nothing.
    """
    model = sender.model
    once = max(sender.snd_una, model.resent_high)  # from here on nothing was sent again
    advanced = segment.ack > sender.snd_una
    arrived = min(segment.ack, model.high_seq) > max(once, model.sacked_to)
    if not with_sack and sender.snd_una < model.resent_high:
        arrived = False
    above = 0
    for block in range(segment.sack_blocks):
        start = unwrap(segment.sack_edges[2 * block] - sender.isn, sender.stream.highest)
        end = unwrap(segment.sack_edges[2 * block + 1] - sender.isn, sender.stream.highest)
        if min(end, model.high_seq) > max(start, once, model.sacked_to):
            arrived = True
        elif end > max(model.sacked_to, model.high_seq):
            above = 1
    if arrived:
        _undo_timeout(sender, recorder)
    elif sender.stream.highest > model.high_seq and (above or not advanced):
        model.frto = 0  # RFC 5682 (2.1, step 3a): new text arrived before what the timeout was for


def _undo_timeout(sender: Endpoint, recorder: Recorder) -> None:
    """Mark the timeout that proved unfounded, where no timestamp tells, and end its episode."""
    model = sender.model
    index = model.resent_count - 1
    while index >= 0 and model.entry(index, _KIND) != _BY_TIMER:
        index -= 1
    if index >= 0 and model.entry(index, _TSVAL) == _UNKNOWN and model.entry(index, _VERDICT) != _UNNEEDED:
        decide(sender, recorder, index, _UNNEEDED)
    else:
        model.undo()


def _settle(sender: Endpoint, recorder: Recorder, segment: Segment, index: int, before: int) -> None:
    """Judge a retransmission by the first acknowledgment that covers it."""
    model = sender.model
    tsval = model.entry(index, _TSVAL)
    if model.entry(index, _START) <= before and segment.options & _TIMESTAMPS and tsval != _UNKNOWN:
        # RFC 3522 (3.2): the echo tells what moved the edge, the retransmission or what was sent before it.
        older = (segment.tsecr - tsval) & _MASK32 >= _HALF32
        decide(sender, recorder, index, _UNNEEDED if older else _NEEDED)
    elif _filled_before(sender, segment, index):
        decide(sender, recorder, index, _UNNEEDED)
    else:
        _settle_by_time(sender, recorder, segment, index)


def _filled_before(sender: Endpoint, segment: Segment, index: int) -> int:
    """Return 1 if the echo tells that a hole below a retransmission was filled by what was sent before it.

    A receiver acknowledges at once what fills a hole (RFC 5681 4.2), with the timestamp of what filled it: what this
    acknowledgment covers above the hole had arrived by then.
    """
    tsval = sender.model.entry(index, _TSVAL)
    if tsval == _UNKNOWN or not segment.options & _TIMESTAMPS:
        return 0
    return 1 if (segment.tsecr - tsval) & _MASK32 >= _HALF32 else 0


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
        if model.entry(index, _KIND) == _TAIL_PROBE:
            sender.needless_probes += 1
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

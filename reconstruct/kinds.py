# cython: annotation_typing=False, initializedcheck=False, wraparound=False
"""What a segment was for its sender: the first, plain level, each with the rule that said so."""

from reconstruct.endpoint import Endpoint
from reconstruct.rules import Rule
from reconstruct.segment import ACK, FIN, OPTION_TIMESTAMPS, RST, SYN, Segment
from reconstruct.seq import UNKNOWN
from reconstruct.vocabulary import SegmentKind

# What an end's last segment asked the peer for (`Endpoint.asked`).
ASKED_NOTHING, ASKED_ALIVE, ASKED_WINDOW, ASKED_CHALLENGE = 0, 1, 2, 3

OLD_DATA = -1  # the kind of a segment that is yet to be explained

MAX_PROBE_WAIT_NS = 120_000_000_000  # ns, Linux's TCP_RTO_MAX: no two window probes are farther apart

_UNKNOWN = UNKNOWN
_MASK, _TSECR_HALF = 0xFFFFFFFF, 1 << 31  # RFC 7323 (5.2): timestamps compare modulo 2^32
_MAX_RTO_NS = MAX_PROBE_WAIT_NS
_TIMESTAMPS = OPTION_TIMESTAMPS
_OLD_DATA = OLD_DATA
_ASKED_NOTHING, _ASKED_ALIVE, _ASKED_WINDOW, _ASKED_CHALLENGE = 0, 1, 2, 3
_FIN, _SYN, _RST, _ACK = FIN, SYN, RST, ACK
_FIN_SYN_RST = FIN | SYN | RST

_NEW = int(SegmentKind.NEW)
_PURE_ACK = int(SegmentKind.ACK)
_DUP_ACK = int(SegmentKind.DUP_ACK)
_WINDOW_UPDATE = int(SegmentKind.WINDOW_UPDATE)
_KEEP_ALIVE = int(SegmentKind.KEEP_ALIVE)
_KEEP_ALIVE_ACK = int(SegmentKind.KEEP_ALIVE_ACK)
_PROBE = int(SegmentKind.ZERO_WINDOW_PROBE)
_PROBE_ACK = int(SegmentKind.ZERO_WINDOW_PROBE_ACK)
_SYN_RETRANSMISSION, _DUPLICATE = int(SegmentKind.SYN_RETRANSMISSION), int(SegmentKind.NETWORK_DUPLICATE)
_CHALLENGE_ACK = int(SegmentKind.CHALLENGE_ACK)
_RESET = int(SegmentKind.RST)

_R_COPY = int(Rule.COPY)
_R_NEW_DATA, _R_NEW_AFTER_GAP = int(Rule.NEW_DATA), int(Rule.NEW_AFTER_GAP)
_R_ACK_ADVANCES, _R_ACK_OLD, _R_ACK_REPEATED = int(Rule.ACK_ADVANCES), int(Rule.ACK_OLD), int(Rule.ACK_REPEATED)
_R_ACK_DUPLICATE, _R_ACK_WITH_SACK = int(Rule.ACK_DUPLICATE), int(Rule.ACK_WITH_SACK)
_R_WINDOW_CHANGED, _R_KEEP_ALIVE = int(Rule.WINDOW_CHANGED), int(Rule.KEEP_ALIVE)
_R_KEEP_ALIVE_ANSWER, _R_PROBE_ANSWER = int(Rule.KEEP_ALIVE_ANSWER), int(Rule.PROBE_ANSWER)
_R_PROBE_BELOW, _R_PROBE_AT = int(Rule.PROBE_BELOW_SND_UNA), int(Rule.PROBE_AT_SND_NXT)
_R_PROBE_UNHEARD = int(Rule.PROBE_UNHEARD)
_R_CHALLENGE, _R_RESET = int(Rule.CHALLENGE), int(Rule.RESET)
_R_SYN, _R_SYN_ACK, _R_SYN_AGAIN = int(Rule.SYN), int(Rule.SYN_ACK), int(Rule.SYN_AGAIN)


def _say(segment: Segment, kind: int, rule: int, figure_a: int, figure_b: int) -> None:
    """Write the verdict into the segment."""
    segment.kind = kind
    segment.rule = rule
    segment.figure_a = figure_a
    segment.figure_b = figure_b


def classify(sender: Endpoint, receiver: Endpoint, segment: Segment) -> None:
    """Say what an acceptable segment was: `kind`, `rule` and its figures; `OLD_DATA` for bytes below SND.NXT.

    Both ends are as they were before it. Why old data came again is for `retransmission` to tell.
    """
    if segment.flags & _FIN_SYN_RST == 0:
        if segment.payload_len == 0:
            _classify_ack(sender, receiver, segment)
        elif segment.seq == sender.stream.highest and sender.offered.snd_wnd != 0:
            _say(segment, _NEW, _R_NEW_DATA, _UNKNOWN, _UNKNOWN)
        else:
            _classify_data(sender, segment)
    elif segment.flags & _RST:
        _say(segment, _RESET, _R_RESET, _UNKNOWN, _UNKNOWN)
    elif segment.flags & _SYN:
        _classify_syn(sender, segment)
    else:
        _classify_data(sender, segment)


def _classify_syn(sender: Endpoint, segment: Segment) -> None:
    """Tell the first SYN from its repetitions; in a simultaneous open the SYN,ACK repeats the number of the SYN."""
    if sender.syns == 0:
        _say(segment, _NEW, _R_SYN_ACK if segment.flags & _ACK else _R_SYN, _UNKNOWN, _UNKNOWN)
    elif segment.flags & _ACK and sender.syns == sender.bare_syns:
        _say(segment, _NEW, _R_SYN_ACK, _UNKNOWN, _UNKNOWN)
    elif sender.model.is_copy_of_last(segment.seq, segment.end, segment.ip_id, segment.time_ns):
        _say(segment, _DUPLICATE, _R_COPY, segment.end - segment.seq, _UNKNOWN)
    else:
        _say(segment, _SYN_RETRANSMISSION, _R_SYN_AGAIN, sender.syns, segment.time_ns - sender.syn_ns)


def _classify_ack(sender: Endpoint, receiver: Endpoint, segment: Segment) -> None:
    """Classify a segment without text or control bits."""
    advance = segment.ack - receiver.snd_una
    if receiver.snd_una == _UNKNOWN or advance > 0:
        known = receiver.snd_una != _UNKNOWN
        _say(segment, _PURE_ACK, _R_ACK_ADVANCES, advance if known else 0, _UNKNOWN)
    elif segment.seq == sender.stream.highest - 1 and segment.seq >= 0 and segment.sack_blocks == 0:
        if sender.offered.snd_wnd == 0:
            _say(segment, _PROBE, _R_PROBE_BELOW, 0, _UNKNOWN)
        elif sender.troubles is not None and _has_not_heard(sender, segment):
            _say(segment, _PROBE, _R_PROBE_UNHEARD, segment.time_ns - sender.troubles.reopened_ns, _UNKNOWN)
        else:
            _say(segment, _KEEP_ALIVE, _R_KEEP_ALIVE, 0, _UNKNOWN)
    elif advance < 0:
        _say(segment, _PURE_ACK, _R_ACK_OLD, -advance, _UNKNOWN)
    else:
        _classify_repeated_ack(sender, receiver, segment)


def _has_not_heard(sender: Endpoint, segment: Segment) -> int:
    """Return 1 if the sender takes the window for closed, although the tap has seen that it was reopened.

    It sent nothing since. The timestamp that it echoes tells (RFC 7323 4.3); without one, a probe comes sooner than
    any keep-alive.
    """
    troubles = sender.need_troubles()
    if troubles.reopened_ns == _UNKNOWN or troubles.reopened_at != sender.stream.highest:
        return 0
    if segment.options & _TIMESTAMPS and troubles.reopened_tsval != _UNKNOWN:
        return 1 if (segment.tsecr - troubles.reopened_tsval) & _MASK >= _TSECR_HALF else 0
    return 1 if segment.time_ns - troubles.asked_ns <= _MAX_RTO_NS else 0


def _classify_repeated_ack(sender: Endpoint, receiver: Endpoint, segment: Segment) -> None:
    """Classify an acknowledgment of what was acknowledged already."""
    outstanding = receiver.stream.highest - segment.ack
    asked = receiver.asked
    if asked != _ASKED_NOTHING and segment.time_ns < receiver.answer_from_ns:
        asked = _ASKED_NOTHING  # it left the sender before the question can have reached it
    if asked == _ASKED_ALIVE:
        _say(segment, _KEEP_ALIVE_ACK, _R_KEEP_ALIVE_ANSWER, _UNKNOWN, _UNKNOWN)
    elif asked == _ASKED_WINDOW:
        _say(segment, _PROBE_ACK, _R_PROBE_ANSWER, _UNKNOWN, _UNKNOWN)
    elif asked == _ASKED_CHALLENGE:
        _say(segment, _CHALLENGE_ACK, _R_CHALLENGE, _UNKNOWN, _UNKNOWN)
    elif segment.sack_blocks > 0:
        _say(segment, _DUP_ACK, _R_ACK_WITH_SACK, segment.sack_blocks, outstanding)
    elif segment.window != receiver.offered.last_offer:
        _say(segment, _WINDOW_UPDATE, _R_WINDOW_CHANGED, receiver.offered.last_offer, segment.window)
    elif outstanding > 0:
        _say(segment, _DUP_ACK, _R_ACK_DUPLICATE, sender.dup_acks_now + 1, outstanding)
    else:
        _say(segment, _PURE_ACK, _R_ACK_REPEATED, _UNKNOWN, _UNKNOWN)


def _classify_data(sender: Endpoint, segment: Segment) -> None:
    """Classify a segment with text or a FIN that is not simply the next one."""
    highest = sender.stream.highest
    tiny = segment.payload_len <= 1 and segment.flags & _FIN == 0
    if tiny and segment.seq >= highest - 1 and sender.offered.snd_wnd == 0:
        rule = _R_PROBE_AT if segment.seq == highest else _R_PROBE_BELOW
        _say(segment, _PROBE, rule, segment.payload_len, _UNKNOWN)
    elif segment.seq >= highest:
        gap = segment.seq - highest
        _say(segment, _NEW, _R_NEW_AFTER_GAP if gap > 0 else _R_NEW_DATA, gap if gap > 0 else _UNKNOWN, _UNKNOWN)
    elif tiny and segment.seq == highest - 1 and sender.snd_una >= highest:
        _say(segment, _KEEP_ALIVE, _R_KEEP_ALIVE, 1, _UNKNOWN)
    else:
        segment.kind = _OLD_DATA


def note_question(sender: Endpoint, segment: Segment, question: int, trip_ns: int) -> None:
    """Note what a segment asks the peer for, and when at the earliest the tap can see the answer.

    No answer comes sooner than the shortest round trip between the tap and the peer, `trip_ns` in the handshake; 1/4 is
    left for jitter.
    """
    sender.asked = question
    if sender.rtt is not None and sender.rtt.samples > 0 and (trip_ns == _UNKNOWN or sender.rtt.min_ns < trip_ns):
        trip_ns = sender.rtt.min_ns
    sender.answer_from_ns = segment.time_ns + (trip_ns * 3 // 4 if trip_ns != _UNKNOWN else 0)

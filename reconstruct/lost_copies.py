# cython: annotation_typing=False, initializedcheck=False, wraparound=False
"""Retransmissions whose first copy was lost before the tap: what looks like new text, and was sent before.

What was sent and never came shows in three ways: the IP-ID skips it, a segment without text tells SND.NXT beyond it, or
the timer's copy of what was lost with it has come.
"""

from reconstruct.endpoint import Endpoint
from reconstruct.retransmission import filled_soon, least_timer_ns, may_probe, probe_timeout_ns, rto_ns
from reconstruct.rtt import JIFFY_NS
from reconstruct.rules import Rule
from reconstruct.segment import FIN, OPTION_TIMESTAMPS, Segment
from reconstruct.sender_model import LOSS, NEWER, OLDER, RECOVERY
from reconstruct.seq import UNKNOWN
from reconstruct.vocabulary import SegmentKind

SKIPPED_MOST = 64  # segments lost in a row that the IP-ID may tell of where the window is not known
TIMERS_MOST = 16  # timeouts in a row, RFC 1122 (4.2.3.5): connections are given up after less
OWN_IP_ID = 4  # rests with no other connection between: where all these were passed, the IP-ID is the connection's own

_UNKNOWN = UNKNOWN
_JIFFY_NS, _TIMESTAMPS, _FIN = JIFFY_NS, OPTION_TIMESTAMPS, FIN
_LOSS, _RECOVERY, _OLDER, _NEWER = LOSS, RECOVERY, OLDER, NEWER
_SKIPPED_MOST, _TIMERS_MOST, _OWN_IP_ID = SKIPPED_MOST, TIMERS_MOST, OWN_IP_ID
_FAST, _BY_TIMER = int(SegmentKind.FAST_RETRANSMISSION), int(SegmentKind.RTO_RETRANSMISSION)
_AFTER_TIMER, _TAIL_PROBE = int(SegmentKind.SLOW_START_RETRANSMISSION), int(SegmentKind.TAIL_LOSS_PROBE)
_OUT_OF_ORDER = int(SegmentKind.OUT_OF_ORDER)
_R_LOSS, _R_SKIPPED, _R_TOLD = int(Rule.IN_LOSS), int(Rule.SKIPPED), int(Rule.SENT_BEFORE)
_R_LATE_FIN = int(Rule.LATE_FIN)
_R_SENT_EARLIER, _R_FILLED_SOON = int(Rule.SENT_EARLIER), int(Rule.HOLE_FILLED_SOON)


def _say(segment: Segment, kind: int, rule: int, figure_a: int, figure_b: int) -> None:
    """Write the verdict into the segment."""
    segment.kind = kind
    segment.rule = rule
    segment.figure_a = figure_a
    segment.figure_b = figure_b


def explain_late(sender: Endpoint, receiver: Endpoint, segment: Segment, tap_ns: int, reordering_ns: int) -> None:
    """Find out whether new text was sent before; the times are those of `retransmission.explain`."""
    model = sender.model
    if receiver.segments > 0 and sender.rtt is not None:
        if model.state == _LOSS and segment.seq < model.high_seq:
            _say(segment, _AFTER_TIMER, _R_LOSS, model.high_seq, _UNKNOWN)
        elif _is_late_fin(sender, receiver, segment, tap_ns):
            quiet_ns = segment.time_ns - _answered_ns(receiver, tap_ns)
            _say(segment, _TAIL_PROBE if may_probe(sender, receiver) else _BY_TIMER, _R_LATE_FIN, quiet_ns, _UNKNOWN)
        elif segment.seq < model.told_nxt:
            _explain_told(sender, receiver, segment, tap_ns, reordering_ns)
        else:
            _explain_skipped(sender, receiver, segment, tap_ns)


def _is_late_fin(sender: Endpoint, receiver: Endpoint, segment: Segment, tap_ns: int) -> int:
    """Return 1 if a FIN acknowledges the peer's FIN a timeout after that came to its sender.

    A FIN is acknowledged at once (RFC 9293 3.10.7.4, eighth check): that acknowledgment was lost, and it was this FIN.
    """
    answers = receiver.fin_end != _UNKNOWN and receiver.snd_una < receiver.fin_end <= segment.ack
    if not segment.flags & _FIN or not answers or receiver.model.sent_ns == _UNKNOWN:
        return 0
    return _fits(segment.time_ns - _answered_ns(receiver, tap_ns), rto_ns(sender, tap_ns))


def _answered_ns(peer: Endpoint, tap_ns: int) -> int:
    """Return when the tap sees what answers the newest text of a peer at once; the peer must have sent some."""
    if peer.rtt is not None and peer.rtt.samples > 0:
        tap_ns = max(peer.rtt.srtt_ns - peer.leg_ns(), peer.rtt.min_ns)
    return peer.model.sent_ns + tap_ns


def _fits(quiet_ns: int, timeout_ns: int) -> int:
    """Return 1 if a silence is as long as a timeout: 7 % less to 15 % more, and a tick."""
    return 1 if timeout_ns * 93 // 100 - _JIFFY_NS <= quiet_ns <= timeout_ns * 115 // 100 + _JIFFY_NS else 0


def _explain_told(sender: Endpoint, receiver: Endpoint, segment: Segment, tap_ns: int, reordering_ns: int) -> None:
    """Explain text below a SND.NXT that an empty segment told: that one overtook it, or its first copy was lost."""
    model = sender.model
    tsval = segment.tsval if segment.options & _TIMESTAMPS else _UNKNOWN
    order = model.order_beside_gap(segment.seq, tsval, segment.ip_id)
    quiet_ns = segment.time_ns - max(model.told_since_ns, model.acked_ns)
    wait_ns = probe_timeout_ns(sender, tap_ns, sender.board.count + 1)
    if order == _OLDER:
        _say(segment, _OUT_OF_ORDER, _R_SENT_EARLIER, segment.end - segment.seq, _UNKNOWN)
    elif order != _NEWER and filled_soon(sender, segment, reordering_ns):
        _say(segment, _OUT_OF_ORDER, _R_FILLED_SOON, segment.time_ns - model.left_ns(segment.seq), reordering_ns)
    elif quiet_ns < wait_ns * 93 // 100 - _JIFFY_NS or model.sacked_to > segment.seq:
        _say(segment, _FAST, _R_TOLD, model.told_nxt, quiet_ns)
        model.state = _RECOVERY
        model.high_seq = max(model.told_nxt, sender.stream.highest)
    elif segment.end >= model.told_nxt and may_probe(sender, receiver) and model.probe_end == _UNKNOWN:
        _say(segment, _TAIL_PROBE, _R_TOLD, model.told_nxt, quiet_ns)
        model.probe_end = segment.end
    else:
        _say(segment, _BY_TIMER, _R_TOLD, model.told_nxt, quiet_ns)
        _begin_loss(sender, segment, model.told_nxt)


def _begin_loss(sender: Endpoint, segment: Segment, high_seq: int) -> None:
    """Let a timeout begin its episode."""
    model = sender.model
    model.state = _LOSS
    model.high_seq = max(high_seq, sender.stream.highest)
    model.backoff += 1
    model.head_ns = segment.time_ns


def _explain_skipped(sender: Endpoint, receiver: Endpoint, segment: Segment, tap_ns: int) -> None:
    """Explain text after a silence that the IP-ID shows to have been none: its sender's timer, or its probe."""
    model = sender.model
    lost = model.skipped(segment.ip_id, _most_lost(sender, receiver))
    quiet_ns = segment.time_ns - max(model.seen_ns, model.acked_ns)
    again = lost - _pieces_in(segment, receiver, segment.seq - sender.stream.highest)
    wait_ns = probe_timeout_ns(sender, tap_ns, sender.board.count + lost)
    if not may_probe(sender, receiver) or least_timer_ns(sender, tap_ns) == 0:  # a clock too coarse for round trips
        wait_ns = rto_ns(sender, tap_ns)
    timers = _timers(quiet_ns, wait_ns, rto_ns(sender, tap_ns))
    if again > 0 and timers > 0 and _is_text(sender, receiver, segment, quiet_ns, tap_ns, again - timers):
        if segment.seq > sender.stream.highest or lost == 1:
            _say(segment, _TAIL_PROBE, _R_SKIPPED, quiet_ns, lost)
            model.probe_end = segment.end
        else:
            _say(segment, _BY_TIMER, _R_SKIPPED, quiet_ns, lost)
            text = max(1, lost - timers + 1) * max(segment.payload_len, 1)
            _begin_loss(sender, segment, segment.seq + text)


def _most_lost(sender: Endpoint, receiver: Endpoint) -> int:
    """Return how many segments can have been lost in a row: what the window allowed, and a timeout's for each."""
    allowed = sender.offered.right_edge - sender.stream.highest
    if sender.offered.right_edge == _UNKNOWN or receiver.mss <= 0:
        return _SKIPPED_MOST
    return max(0, allowed) // receiver.mss + _TIMERS_MOST


def _pieces_in(segment: Segment, receiver: Endpoint, gap: int) -> int:
    """Return how many segments may have filled a hole: of full length, or as short as the one that follows."""
    if gap <= 0:
        return 0
    length = max(segment.payload_len, 1)
    if receiver.mss > 0:
        length = min(length, receiver.mss)
    return (gap + length - 1) // length


def _timers(quiet_ns: int, first_ns: int, timeout_ns: int) -> int:
    """Return how many timers ran out in a silence: the first, and timeouts that double (RFC 6298 5.5)."""
    timers = 0
    wait_ns = first_ns
    while timers < _TIMERS_MOST and quiet_ns >= wait_ns * 93 // 100 - _JIFFY_NS:
        quiet_ns -= wait_ns
        wait_ns = timeout_ns << timers
        timers += 1
    return timers


def _is_text(sender: Endpoint, receiver: Endpoint, segment: Segment, quiet_ns: int, tap_ns: int, spare: int) -> int:
    """Return 1 if what was skipped cannot have been acknowledgments that were lost, or the application that paused.

    Each timer of the silence sent one segment; `spare` were sent besides. Where nothing was to be acknowledged and no
    other connection counts with the IP-ID, it was text.
    """
    if segment.ack <= receiver.snd_una:
        return 1 if spare >= -1 or sender.model.ip_id_proof >= _OWN_IP_ID else 0
    if receiver.model.sent_ns != _UNKNOWN:
        quiet_ns = min(quiet_ns, segment.time_ns - _answered_ns(receiver, tap_ns))
    return _fits(quiet_ns, rto_ns(sender, tap_ns))

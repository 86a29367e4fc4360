# cython: annotation_typing=False, initializedcheck=False, wraparound=False
"""Why bytes were sent again: a model of the sender's loss recovery and timers, not fixed times.

The weight of proof goes: D-SACK, then TSecr, then SACK and ACK geometry, then IP ID, then timing. What is known only
later, that a retransmission was not needed, is settled when an acknowledgment shows it.
"""

from reconstruct.endpoint import Endpoint
from reconstruct.rules import Rule
from reconstruct.segment import OPTION_TIMESTAMPS, Segment
from reconstruct.sender_model import LOSS, NEWER, OLDER, OPEN, RECOVERY
from reconstruct.seq import UNKNOWN
from reconstruct.vocabulary import SegmentKind

JIFFY_NS = 4_000_000  # ns, a tick of Linux's timers at CONFIG_HZ=250; other tick rates are 1 to 10 ms
MIN_RTO_NS = 200_000_000  # ns, Linux's TCP_RTO_MIN; RFC 6298 (2.4) says 1 s
INITIAL_RTO_NS = 1_000_000_000  # ns, RFC 6298 (2.1)
PROBE_SLACK_NS = 2_000_000  # ns, RFC 8985 (7.2) in Linux: two ticks of a millisecond clock
PROBE_DELAYED_ACK_NS = 200_000_000  # ns, RFC 8985 (7.2), WCDelAckT: one segment out may wait for a delayed ACK
MAX_BACKOFF = 10  # doublings that reach the largest RTO of 120 s

_UNKNOWN = UNKNOWN
_TIMESTAMPS = OPTION_TIMESTAMPS
_OPEN, _RECOVERY, _LOSS = OPEN, RECOVERY, LOSS
_OLDER, _NEWER = OLDER, NEWER
_JIFFY_NS, _MIN_RTO_NS, _INITIAL_RTO_NS = JIFFY_NS, MIN_RTO_NS, INITIAL_RTO_NS
_PROBE_SLACK_NS, _PROBE_DELAYED_ACK_NS, _MAX_BACKOFF = PROBE_SLACK_NS, PROBE_DELAYED_ACK_NS, MAX_BACKOFF

_FAST, _IN_RECOVERY = int(SegmentKind.FAST_RETRANSMISSION), int(SegmentKind.RECOVERY_RETRANSMISSION)
_BY_TIMER, _AFTER_TIMER = int(SegmentKind.RTO_RETRANSMISSION), int(SegmentKind.SLOW_START_RETRANSMISSION)
_TAIL_PROBE, _UNEXPLAINED = int(SegmentKind.TAIL_LOSS_PROBE), int(SegmentKind.RETRANSMISSION)
_OUT_OF_ORDER, _DUPLICATE = int(SegmentKind.OUT_OF_ORDER), int(SegmentKind.NETWORK_DUPLICATE)
_R_FAST, _R_FAST_BY_SACK = int(Rule.FAST), int(Rule.FAST_BY_SACK)
_R_RECOVERY, _R_RTO, _R_LOSS = int(Rule.IN_RECOVERY), int(Rule.TIMEOUT), int(Rule.IN_LOSS)
_R_PROBE, _R_SEEN_BEFORE = int(Rule.TAIL_PROBE), int(Rule.BYTES_SEEN_BEFORE)
_R_SENT_EARLIER, _R_COPY = int(Rule.SENT_EARLIER), int(Rule.COPY)
_R_FILLED_SOON = int(Rule.HOLE_FILLED_SOON)


def _say(segment: Segment, kind: int, rule: int, figure_a: int, figure_b: int) -> None:
    """Write the verdict into the segment."""
    segment.kind = kind
    segment.rule = rule
    segment.figure_a = figure_a
    segment.figure_b = figure_b


def explain(
    sender: Endpoint, receiver: Endpoint, segment: Segment, head_sent_ns: int, tap_ns: int, reordering_ns: int
) -> None:
    """Classify a segment that starts below the highest offset seen: sent again, delayed, or copied on the way.

    `head_sent_ns` is when the oldest outstanding segment was first sent (`UNKNOWN` if that is not known), `tap_ns` the
    round trip between the tap and the sender.
    """
    unseen = sender.stream.unseen(segment.seq, segment.end)
    order = sender.model.order(_tsval(segment), segment.ip_id)
    if order == _OLDER and unseen > 0:
        _say(segment, _OUT_OF_ORDER, _R_SENT_EARLIER, unseen, _UNKNOWN)
    elif order == _OLDER:
        _say(segment, _DUPLICATE, _R_COPY, segment.end - segment.seq, _UNKNOWN)
    elif order != _NEWER and unseen > 0 and _filled_soon(sender, segment, reordering_ns):
        _say(segment, _OUT_OF_ORDER, _R_FILLED_SOON, segment.time_ns - sender.gap_ns, reordering_ns)
    else:
        _explain_again(sender, receiver, segment, head_sent_ns, tap_ns, segment.end - segment.seq - unseen)


def _filled_soon(sender: Endpoint, segment: Segment, reordering_ns: int) -> int:
    """Return 1 if a hole is filled before its sender can have heard of it."""
    return 1 if sender.gap_ns != _UNKNOWN and segment.time_ns - sender.gap_ns < reordering_ns else 0


def _tsval(segment: Segment) -> int:
    return segment.tsval if segment.options & _TIMESTAMPS else _UNKNOWN


def rto_ns(sender: Endpoint, tap_ns: int) -> int:
    """Return the retransmission timeout (RFC 6298 2.3 with Linux's floor) before any backoff, in ns."""
    if sender.rtt is None or sender.rtt.samples == 0:
        return _INITIAL_RTO_NS
    return sender.rtt.srtt_ns + tap_ns + max(_MIN_RTO_NS, 4 * sender.rtt.rttvar_ns)


def probe_ns(sender: Endpoint, tap_ns: int) -> int:
    """Return the probe timeout (RFC 8985 7.2), never later than the retransmission timeout, in ns."""
    timeout_ns = rto_ns(sender, tap_ns)
    if sender.rtt is None or sender.rtt.samples == 0:
        return timeout_ns
    wait_ns = 2 * (sender.rtt.srtt_ns + tap_ns)
    wait_ns += _PROBE_DELAYED_ACK_NS if sender.board.count <= 1 else _PROBE_SLACK_NS
    return min(wait_ns, timeout_ns)


def _explain_again(sender: Endpoint, receiver: Endpoint, segment: Segment, head_sent_ns: int, tap_ns: int,
             seen: int) -> None:  # fmt: skip
    """Say why a segment was sent again."""
    model = sender.model
    if receiver.segments == 0 or sender.snd_una == _UNKNOWN:
        _say(segment, _UNEXPLAINED, _R_SEEN_BEFORE, seen, segment.end - segment.seq)
        return
    last_ns = model.head_ns if model.head_ns != _UNKNOWN else head_sent_ns
    if model.acked_ns != _UNKNOWN:
        last_ns = max(last_ns, model.acked_ns + tap_ns)
    waited_ns = segment.time_ns - last_ns if last_ns != _UNKNOWN else 0
    quiet_ns = waited_ns
    if model.sent_ns != _UNKNOWN:
        quiet_ns = min(waited_ns, segment.time_ns - model.sent_ns)
    timeout_ns = rto_ns(sender, tap_ns) << min(model.backoff, _MAX_BACKOFF)  # RFC 6298 (5.5)
    if _is_tail_probe(sender, segment, quiet_ns, timeout_ns, tap_ns):
        model.probe_end = segment.end
        _say(segment, _TAIL_PROBE, _R_PROBE, quiet_ns, probe_ns(sender, tap_ns))
    elif segment.seq <= sender.snd_una and waited_ns >= timeout_ns * 93 // 100 - _JIFFY_NS:
        model.state = _LOSS
        model.high_seq = sender.stream.highest
        _say(segment, _BY_TIMER, _R_RTO, waited_ns, timeout_ns)
        model.backoff += 1
    elif segment.seq < model.high_seq and model.state == _LOSS:
        _say(segment, _AFTER_TIMER, _R_LOSS, model.high_seq, _UNKNOWN)
    elif segment.seq < model.high_seq:
        _say(segment, _IN_RECOVERY, _R_RECOVERY, model.high_seq, _UNKNOWN)
    else:
        model.state = _RECOVERY
        model.high_seq = sender.stream.highest
        rule = _R_FAST_BY_SACK if model.sacked_to > segment.seq else _R_FAST
        _say(segment, _FAST, rule, receiver.dup_acks_now, model.sacked_to)
    if segment.seq <= sender.snd_una:
        model.head_ns = segment.time_ns


def _is_tail_probe(sender: Endpoint, segment: Segment, quiet_ns: int, timeout_ns: int, tap_ns: int) -> int:
    """Return 1 if a segment is a tail loss probe (RFC 8985 7.3): the last one again, nothing SACKed, after the PTO."""
    model = sender.model
    if segment.end < sender.stream.highest or model.probe_end != _UNKNOWN or model.state != _OPEN:
        return 0
    if model.sacked_to > sender.snd_una or model.backoff > 0:
        return 0
    wait_ns = probe_ns(sender, tap_ns)
    if quiet_ns < wait_ns - _JIFFY_NS:
        return 0
    # Where both timers are equal, a sender with SACK arms the probe (RFC 8985 7.2).
    return 1 if quiet_ns < timeout_ns * 93 // 100 - _JIFFY_NS or wait_ns == timeout_ns else 0

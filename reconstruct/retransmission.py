# cython: annotation_typing=False, initializedcheck=False, wraparound=False
"""Why bytes were sent again: a model of the sender's loss recovery and timers, not fixed times.

The weight of proof goes: D-SACK, then TSecr, then SACK and ACK geometry, then IP ID, then timing. What is known only
later, that a retransmission was not needed, is settled when an acknowledgment shows it.
"""

from reconstruct.endpoint import Endpoint
from reconstruct.rtt import INITIAL_RTO_NS, JIFFY_NS, MAX_BACKOFF, MIN_RTO_NS
from reconstruct.rules import Rule
from reconstruct.segment import OPTION_SACK_PERMITTED, OPTION_TIMESTAMPS, OPTIONS_CUT, Segment
from reconstruct.sender_model import LOSS, NEWER, OLDER, OPEN, RECOVERY, UNDECIDED
from reconstruct.seq import UNKNOWN
from reconstruct.vocabulary import SegmentKind

PROBE_SLACK_NS = 2_000_000  # ns, RFC 8985 (7.2) in Linux: two ticks of a millisecond clock
PROBE_DELAYED_ACK_NS = 200_000_000  # ns, RFC 8985 (7.2), WCDelAckT: one segment out may wait for a delayed ACK
LATEST_COPY_NS = 100_000_000  # ns; a network that copies delivers both within that, retransmission timers are longer

_UNKNOWN = UNKNOWN
_LATEST_COPY_NS = LATEST_COPY_NS
_TIMESTAMPS, _WITH_SACK = OPTION_TIMESTAMPS, OPTION_SACK_PERMITTED | OPTIONS_CUT
_OPEN, _RECOVERY, _LOSS = OPEN, RECOVERY, LOSS
_OLDER, _NEWER, _UNDECIDED = OLDER, NEWER, UNDECIDED
_JIFFY_NS, _MIN_RTO_NS, _INITIAL_RTO_NS = JIFFY_NS, MIN_RTO_NS, INITIAL_RTO_NS
_PROBE_SLACK_NS, _PROBE_DELAYED_ACK_NS, _MAX_BACKOFF = PROBE_SLACK_NS, PROBE_DELAYED_ACK_NS, MAX_BACKOFF

_FAST, _IN_RECOVERY = int(SegmentKind.FAST_RETRANSMISSION), int(SegmentKind.RECOVERY_RETRANSMISSION)
_BY_TIMER, _AFTER_TIMER = int(SegmentKind.RTO_RETRANSMISSION), int(SegmentKind.SLOW_START_RETRANSMISSION)
_TAIL_PROBE, _UNEXPLAINED = int(SegmentKind.TAIL_LOSS_PROBE), int(SegmentKind.RETRANSMISSION)
_NEW, _R_NEW_DATA = int(SegmentKind.NEW), int(Rule.NEW_DATA)
_OUT_OF_ORDER, _DUPLICATE = int(SegmentKind.OUT_OF_ORDER), int(SegmentKind.NETWORK_DUPLICATE)
_R_FAST, _R_FAST_BY_SACK = int(Rule.FAST), int(Rule.FAST_BY_SACK)
_R_RECOVERY, _R_RTO, _R_LOSS = int(Rule.IN_RECOVERY), int(Rule.TIMEOUT), int(Rule.IN_LOSS)
_R_PROBE, _R_SEEN_BEFORE = int(Rule.TAIL_PROBE), int(Rule.BYTES_SEEN_BEFORE)
_R_SENT_EARLIER, _R_COPY = int(Rule.SENT_EARLIER), int(Rule.COPY)
_R_FILLED_SOON, _R_FILLED_LATE = int(Rule.HOLE_FILLED_SOON), int(Rule.HOLE_FILLED_LATE)
_R_COPY_BY_TIME, _R_UNASKED = int(Rule.COPY_BY_TIME), int(Rule.UNASKED)
_R_SYN_DATA, _R_NOTHING_HEARD = int(Rule.SYN_DATA_AGAIN), int(Rule.NOTHING_HEARD)


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
    round trip between the tap and the sender. A hole filled sooner than `reordering_ns` after it was made was
    reordering where nothing tells more.
    """
    unseen = sender.stream.unseen(segment.seq, min(segment.end, sender.stream.highest))
    order = _order(sender, segment, unseen)
    sender.model.seen_before = 1 if unseen == 0 else 0
    if sender.model.is_copy_of_last(segment.seq, segment.end, segment.ip_id, segment.time_ns):
        _say(segment, _DUPLICATE, _R_COPY, segment.end - segment.seq, _UNKNOWN)
    elif segment.end > sender.stream.highest and segment.seq == sender.stream.highest - 1 and sender.offered.probes > 0:
        _say(segment, _NEW, _R_NEW_DATA, _UNKNOWN, _UNKNOWN)  # its first byte went out as a probe (RFC 9293 3.8.6.1)
    elif order == _OLDER and unseen > 0:
        _say(segment, _OUT_OF_ORDER, _R_SENT_EARLIER, unseen, _UNKNOWN)
    elif order == _OLDER and segment.end <= sender.stream.highest:
        _say(segment, _DUPLICATE, _R_COPY, segment.end - segment.seq, _UNKNOWN)
    elif order != _NEWER and unseen > 0 and filled_soon(sender, segment, reordering_ns):
        _say(segment, _OUT_OF_ORDER, _R_FILLED_SOON, segment.time_ns - sender.model.left_ns(segment.seq), reordering_ns)
    elif receiver.segments == 0 or sender.snd_una == _UNKNOWN:
        _say_unexplained(sender, segment, unseen, reordering_ns)
    else:
        _explain_again(sender, receiver, segment, head_sent_ns, tap_ns, order)


def _say_unexplained(sender: Endpoint, segment: Segment, unseen: int, reordering_ns: int) -> None:
    """Call a segment a retransmission whose cause no acknowledgment shows."""
    length = segment.end - segment.seq
    if unseen < length:
        _say(segment, _UNEXPLAINED, _R_SEEN_BEFORE, length - unseen, length)
    else:
        at_ns = sender.model.left_ns(segment.seq)
        since_ns = segment.time_ns - at_ns if at_ns != _UNKNOWN else _UNKNOWN
        _say(segment, _UNEXPLAINED, _R_FILLED_LATE, since_ns, reordering_ns)


def _order(sender: Endpoint, segment: Segment, unseen: int) -> int:
    """Say when a segment was sent, beside all others; one that fills a hole beside the segment that left it."""
    tsval = segment.tsval if segment.options & _TIMESTAMPS else _UNKNOWN
    order = sender.model.order_beside_gap(segment.seq, tsval, segment.ip_id) if unseen > 0 else _UNDECIDED
    if order == _UNDECIDED:
        order = sender.model.order(tsval, segment.ip_id)
        quiet_ns = segment.time_ns - sender.model.seen_ns
        if order == _OLDER and unseen == 0 and tsval == _UNKNOWN and quiet_ns >= _LATEST_COPY_NS:
            return _UNDECIDED  # some stacks put the same packet on the wire again, its IP-ID too
    return order


def filled_soon(sender: Endpoint, segment: Segment, reordering_ns: int) -> int:
    """Return 1 if a hole is filled before its sender can have heard of it."""
    at_ns = sender.model.left_ns(segment.seq)
    return 1 if at_ns != _UNKNOWN and segment.time_ns - at_ns < reordering_ns else 0


def rto_ns(sender: Endpoint, tap_ns: int) -> int:
    """Return the retransmission timeout (RFC 6298 2.3 with Linux's floor) before any backoff, in ns."""
    if sender.rtt is None or sender.rtt.samples == 0:
        return _INITIAL_RTO_NS
    return sender.rtt.heard_rto_ns


def probe_ns(sender: Endpoint, tap_ns: int) -> int:
    """Return the probe timeout for what is outstanding, in ns."""
    return probe_timeout_ns(sender, tap_ns, sender.board.count)


def probe_timeout_ns(sender: Endpoint, tap_ns: int, outstanding: int) -> int:
    """Return the probe timeout (RFC 8985 7.2) for so many segments, never later than the other timeout, in ns."""
    timeout_ns = rto_ns(sender, tap_ns)
    if sender.rtt is None or sender.rtt.samples == 0:
        return timeout_ns
    wait_ns = 2 * sender.rtt.heard_srtt_ns
    wait_ns += _PROBE_DELAYED_ACK_NS if outstanding <= 1 else _PROBE_SLACK_NS
    return min(wait_ns, timeout_ns)


def _explain_again(
    sender: Endpoint, receiver: Endpoint, segment: Segment, head_sent_ns: int, tap_ns: int, order: int
) -> None:
    """Say why a segment was sent again."""
    model = sender.model
    waited_ns = _waited_ns(sender, segment, head_sent_ns, tap_ns)
    quiet_ns = min(waited_ns, segment.time_ns - model.sent_ns) if model.sent_ns != _UNKNOWN else waited_ns
    timeout_ns = rto_ns(sender, tap_ns) << min(model.backoff, _MAX_BACKOFF)  # RFC 6298 (5.5)
    told = receiver.dup_acks_now > 0 or model.sacked_to > segment.seq
    # What the acknowledgments tell of a loss is answered at once: a timer needs silence then.
    due_ns = quiet_ns if told and _needs_silence(sender, tap_ns) else waited_ns
    hidden_ns = model.hidden_ns(segment.tsval if segment.options & _TIMESTAMPS else _UNKNOWN, segment.time_ns)
    if hidden_ns > 0:  # what has passed the tap meanwhile had not come to the sender
        quiet_ns = due_ns = waited_ns = hidden_ns
    state, high_seq = model.state, model.high_seq
    if state == _OPEN and _was_within_ended(sender, segment, tap_ns):
        state, high_seq = model.ended_state, model.ended_high
    if segment.seq == 1 and model.head_ns == _UNKNOWN and sender.syn_data_sent > 0 and not sender.syn_data_taken:
        _say(segment, _AFTER_TIMER, _R_SYN_DATA, sender.syn_data_sent, _UNKNOWN)
    elif may_probe(sender, receiver) and _is_tail_probe(sender, segment, quiet_ns, timeout_ns, tap_ns):
        _say(segment, _TAIL_PROBE, _R_PROBE, quiet_ns, _probe_wait_ns(sender, segment, tap_ns))
    elif segment.seq <= sender.snd_una and due_ns >= timeout_ns * 93 // 100 - _JIFFY_NS:
        _say(segment, _BY_TIMER, _R_RTO, waited_ns, timeout_ns)
    elif segment.seq <= sender.snd_una and model.state != _OPEN and _heard_nothing(sender, segment, tap_ns):
        _say(segment, _BY_TIMER, _R_NOTHING_HEARD, quiet_ns, _least_timeout_ns(sender, tap_ns))
    elif segment.seq < high_seq and state == _LOSS:
        _say(segment, _AFTER_TIMER, _R_LOSS, high_seq, _UNKNOWN)
    elif segment.seq < high_seq:
        _say(segment, _IN_RECOVERY, _R_RECOVERY, high_seq, _UNKNOWN)
    elif told:
        rule = _R_FAST_BY_SACK if model.sacked_to > segment.seq else _R_FAST
        _say(segment, _FAST, rule, receiver.dup_acks_now, model.sacked_to)
    else:
        _explain_untold(sender, receiver, segment, quiet_ns, timeout_ns, tap_ns, order)
    _note_episode(sender, segment)


def _needs_silence(sender: Endpoint, tap_ns: int) -> int:
    """Return 1 where only silence shows a timer, though time enough has passed since the last progress.

    That is so before an episode, and far from the sender within one: of its timeout little is known there, and SACK
    shows it what is lost once more.
    """
    if sender.model.state == _OPEN:
        return 1
    return 1 if sender.model.state == _RECOVERY and tap_ns > least_timer_ns(sender, 0) else 0


def _was_within_ended(sender: Endpoint, segment: Segment, tap_ns: int) -> int:
    """Return 1 if the sender had not heard yet that its episode was over."""
    tsecr = segment.tsecr if segment.options & _TIMESTAMPS else _UNKNOWN
    return sender.model.was_within(segment.seq, tsecr, segment.time_ns, tap_ns)


def _heard_nothing(sender: Endpoint, segment: Segment, tap_ns: int) -> int:
    """Return 1 if a sender neither sent nor heard anything for the shortest timeout there is.

    It cannot have been asked for the segment then, however long the model takes its timeout to be.
    """
    model = sender.model
    since_ns = model.sent_ns
    if model.heard_ns != _UNKNOWN:
        since_ns = max(since_ns, model.heard_ns + tap_ns)
    if since_ns == _UNKNOWN:
        return 0
    return 1 if segment.time_ns - since_ns >= _least_timeout_ns(sender, tap_ns) * 93 // 100 - _JIFFY_NS else 0


def _least_timeout_ns(sender: Endpoint, tap_ns: int) -> int:
    """Return the shortest timeout that the sender's round trips allow, in ns."""
    return least_timer_ns(sender, tap_ns) + _MIN_RTO_NS


def _waited_ns(sender: Endpoint, segment: Segment, head_sent_ns: int, tap_ns: int) -> int:
    """Return how long the retransmission timer ran: since the head was sent, or progress came to the sender."""
    model = sender.model
    since_ns = model.head_ns if model.head_ns != _UNKNOWN else head_sent_ns
    if model.acked_ns != _UNKNOWN:
        since_ns = max(since_ns, model.acked_ns + tap_ns)
    return segment.time_ns - since_ns if since_ns != _UNKNOWN else 0


def _explain_untold(
    sender: Endpoint, receiver: Endpoint, segment: Segment, quiet_ns: int, timeout_ns: int, tap_ns: int, order: int
) -> None:
    """Explain a retransmission that no acknowledgment asked for: of a hole, by a timer that was faster, or a copy."""
    model = sender.model
    tail = segment.end >= sender.stream.highest
    hole = sender.stream.unseen(segment.seq, min(segment.end, sender.stream.highest)) > 0
    if hole or quiet_ns < least_timer_ns(sender, tap_ns):
        if hole or order == _NEWER:  # the acknowledgments that asked for it were lost, or not captured
            _say(segment, _FAST, _R_UNASKED, max(quiet_ns, 0), timeout_ns)
        else:
            _say(segment, _DUPLICATE, _R_COPY_BY_TIME, segment.end - segment.seq, max(quiet_ns, 0))
    elif tail and model.probe_end == _UNKNOWN and model.backoff == 0 and may_probe(sender, receiver):
        _say(segment, _TAIL_PROBE, _R_PROBE, quiet_ns, probe_ns(sender, tap_ns))
    elif segment.seq <= sender.snd_una:
        _say(segment, _BY_TIMER, _R_UNASKED, quiet_ns, timeout_ns)
    else:
        _say(segment, _FAST, _R_UNASKED, quiet_ns, timeout_ns)


def may_probe(sender: Endpoint, receiver: Endpoint) -> int:
    """Return 0 if a SYN shows that there is no SACK: RFC 8985 (7.1) sends no tail loss probe then, nor does Linux."""
    for end in (sender, receiver):
        if end.syns > 0 and end.syn_options & _WITH_SACK == 0:
            return 0
    return 1


def least_timer_ns(sender: Endpoint, tap_ns: int) -> int:
    """Return a time that no timer of the sender can undercut: its shortest round trip, in ns."""
    return sender.rtt.min_ns + tap_ns if sender.rtt is not None and sender.rtt.samples > 0 else 0


def _note_episode(sender: Endpoint, segment: Segment) -> None:
    """Let a retransmission begin the episode that its kind says."""
    model = sender.model
    if segment.kind == _TAIL_PROBE:
        model.probe_end = segment.end
    elif segment.kind == _BY_TIMER:
        # RFC 5682 (2.1): not for a timeout that interrupts a recovery.
        model.frto = 0 if model.state == _RECOVERY and model.backoff == 0 else 1
        model.state = _LOSS
        model.high_seq = sender.stream.highest
        model.backoff += 1
    elif segment.kind == _AFTER_TIMER:
        model.frto = 0  # RFC 5682 (2.1): it goes on as after any timeout
    elif segment.kind == _FAST:
        model.state = _RECOVERY
        model.high_seq = sender.stream.highest
    if segment.seq <= sender.snd_una and segment.kind != _DUPLICATE:
        model.head_ns = segment.time_ns


def _probe_wait_ns(sender: Endpoint, segment: Segment, tap_ns: int) -> int:
    """Return the probe timeout for what was out; where that is acknowledged, the acknowledgment before tells it."""
    outstanding = sender.board.count
    if segment.end <= sender.snd_una:
        outstanding = 1 if segment.seq <= sender.model.una_before else 2
    return probe_timeout_ns(sender, tap_ns, outstanding)


def _is_tail_probe(sender: Endpoint, segment: Segment, quiet_ns: int, timeout_ns: int, tap_ns: int) -> int:
    """Return 1 if a segment is a tail loss probe (RFC 8985 7.3): the last one again, nothing SACKed, after the PTO."""
    model = sender.model
    if segment.end < sender.stream.highest or model.probe_end != _UNKNOWN or model.state != _OPEN:
        return 0
    if model.sacked_to > sender.snd_una or model.backoff > 0:
        return 0
    wait_ns = _probe_wait_ns(sender, segment, tap_ns)
    if quiet_ns < wait_ns - _JIFFY_NS:
        return 0
    # Where both timers are equal, a sender with SACK arms the probe (RFC 8985 7.2).
    return 1 if quiet_ns < timeout_ns * 93 // 100 - _JIFFY_NS or wait_ns == timeout_ns else 0

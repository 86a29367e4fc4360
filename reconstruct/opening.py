# cython: annotation_typing=False, initializedcheck=False, wraparound=False
"""What the opening of a connection tells: options, scaling, the two parts of the round trip, the first flight."""

from reconstruct.endpoint import CUT_OFF, NOT_OFFERED, Endpoint
from reconstruct.flow_control import MAX_WINDOW_SHIFT
from reconstruct.segment import (
    ACK,
    AE,
    CWR,
    ECE,
    OPTION_FAST_OPEN,
    OPTION_FAST_OPEN_EXPERIMENTAL,
    OPTION_MSS,
    OPTION_TIMESTAMPS,
    OPTION_WINDOW_SCALE,
    OPTIONS_CUT,
    SYN,
    Segment,
)
from reconstruct.seq import UNKNOWN
from reconstruct.vocabulary import Vantage

VANTAGE_RATIO = 8  # the tap is at an end when that end's part of the round trip is less than an eighth of the other's
PEER_RATIO = 64  # a tap is in the peer itself when its part of the round trip is less than this part of the other's
TSVAL_HALF = 1 << 31  # RFC 7323 (5.2): timestamps compare modulo 2^32

# Phases of counting the first flight (`Endpoint.initial_phase`).
_COUNTING, _DRAINING, _COUNTED = 0, 1, 2

_UNKNOWN = UNKNOWN
_NOT_OFFERED, _CUT_OFF = NOT_OFFERED, CUT_OFF
_ACK, _SYN, _ECE = ACK, SYN, ECE
_AE, _AE_OR_CWR = AE, AE | CWR
_MSS, _TIMESTAMPS, _WINDOW_SCALE, _OPTIONS_CUT = OPTION_MSS, OPTION_TIMESTAMPS, OPTION_WINDOW_SCALE, OPTIONS_CUT
_FAST_OPEN = OPTION_FAST_OPEN | OPTION_FAST_OPEN_EXPERIMENTAL
_MAX_SHIFT = MAX_WINDOW_SHIFT
_RATIO, _PEER_RATIO = VANTAGE_RATIO, PEER_RATIO
_MASK = 0xFFFFFFFF
_TSVAL_HALF = TSVAL_HALF
_AT_CLIENT, _AT_SERVER, _ON_PATH = int(Vantage.CLIENT), int(Vantage.SERVER), int(Vantage.PATH)


def note_syn(sender: Endpoint, receiver: Endpoint, segment: Segment) -> None:
    """Take the options of a SYN or SYN,ACK; the newest one of an end counts, as it does for its peer."""
    sender.syns += 1
    sender.syn_ns = segment.time_ns
    sender.syn_options = segment.options
    sender.syn_ecn = 1 if segment.flags & _ECE else 0
    # RFC 9768 (3.1.1): a SYN,ACK of classic ECN has ECE only.
    accurate = _AE_OR_CWR if segment.flags & _ACK else _AE
    sender.counts_marks = 1 if segment.flags & accurate else 0
    sender.syn_payload = segment.payload_len
    sender.syn_window = sender.first_window = segment.window
    sender.syn_tsval = segment.tsval if segment.options & _TIMESTAMPS else _UNKNOWN
    sender.syn_ttl = segment.ttl
    sender.syn_fast_open = segment.fast_open_len if segment.options & _FAST_OPEN else -1
    sender.later_ns = _UNKNOWN
    if segment.payload_len > 0:
        sender.syn_data_sent = segment.payload_len
    sender.mss = segment.mss if segment.options & _MSS else _UNKNOWN
    if segment.options & _WINDOW_SCALE:
        sender.window_scale = segment.window_scale
    elif segment.options & _OPTIONS_CUT:
        sender.window_scale = _CUT_OFF
    elif sender.syns == 1 or segment.flags & _ACK or sender.window_scale < 0:
        sender.window_scale = _NOT_OFFERED  # a SYN that comes again without options (macOS) takes no offer back
    if segment.flags & _ACK == 0:
        sender.bare_syns += 1
    elif receiver.syn_payload > 0:
        receiver.syn_data_heard = 1
        if segment.ack > 1:
            receiver.syn_data_taken = 1  # RFC 7413 (3): the SYN,ACK of an accepted Fast Open acknowledges the data
    negotiate_scale(sender, receiver, segment.flags & _ACK)


def negotiate_scale(sender: Endpoint, receiver: Endpoint, answered: int) -> None:
    """Settle the shifts: both SYNs must offer scaling (RFC 7323 2.2).

    Where the capture shows only the SYN,ACK (`answered`), its offer proves that of the SYN (RFC 7323 2.2: it "must not"
    be sent otherwise); the shift of the other end stays unknown. So does that of an end whose option was cut off.
    """
    sender.guess = receiver.guess = None
    if sender.window_scale == _NOT_OFFERED or (receiver.syns > 0 and receiver.window_scale == _NOT_OFFERED):
        sender.shift = receiver.shift = 0
    elif answered and sender.window_scale == _CUT_OFF:
        sender.shift = receiver.shift = _UNKNOWN
    elif receiver.syns > 0 or answered:
        sender.shift = _shift_of(sender)
        receiver.shift = _shift_of(receiver) if receiver.syns > 0 else _UNKNOWN


def _shift_of(end: Endpoint) -> int:
    """Return the shift that an end's SYN offered, as it is used."""
    return _UNKNOWN if end.window_scale == _CUT_OFF else min(end.window_scale, _MAX_SHIFT)


def note_timestamps(sender: Endpoint, receiver: Endpoint, segment: Segment) -> None:
    """Take from a later segment what a snap length cut from the SYNs: all carry timestamps or none (RFC 7323 3.2)."""
    if sender.syn_options & _OPTIONS_CUT and segment.options & _TIMESTAMPS:
        sender.syn_options |= _TIMESTAMPS
        receiver.syn_options |= _TIMESTAMPS


def count_first_flight(sender: Endpoint, segment: Segment, gap: int) -> None:
    """Count a segment with new text towards the first flight, unless the sender sent it after its first ACK of text.

    A tap away from the sender sees that ACK before the sender does: timestamps echoed (RFC 7323 3) tell what the
    sender had received, else the time the ACK takes from the tap to the sender and the answer back. `gap` bytes were
    sent before this segment and lost on the way to the tap.
    """
    if sender.initial_phase == _DRAINING and not _sent_before_ack(sender, segment):
        sender.initial_phase = _COUNTED
        # The first segment that the first ACK let go: what was lost just before it was sent before that ACK.
        if segment.options & _TIMESTAMPS and segment.tsecr == sender.initial_tsval:
            sender.initial_window += _segments_in(gap, segment.payload_len)
    else:
        sender.initial_window += 1 + _segments_in(gap, segment.payload_len)


def _segments_in(gap: int, payload_len: int) -> int:
    """Return how many segments of this length a hole held."""
    return (gap + payload_len - 1) // payload_len if gap > 0 else 0


def _sent_before_ack(sender: Endpoint, segment: Segment) -> int:
    if segment.options & _TIMESTAMPS and sender.initial_tsval != _UNKNOWN:
        return 1 if ((segment.tsecr - sender.initial_tsval) & _MASK) >= _TSVAL_HALF else 0
    return 1 if segment.time_ns < sender.initial_until_ns else 0


def note_first_ack(receiver: Endpoint, segment: Segment, tap_round_trip_ns: int) -> None:
    """Note the first ACK of text of `receiver`, which ends its first flight once it arrives there."""
    receiver.initial_phase = _DRAINING
    receiver.initial_until_ns = segment.time_ns + tap_round_trip_ns
    if segment.options & _TIMESTAMPS:
        receiver.initial_tsval = segment.tsval


def vantage_of(syn_rtt_ns: int, ack_rtt_ns: int) -> int:
    """Say where the tap is from the two parts of the handshake's round trip; `UNKNOWN` where one is missing."""
    if syn_rtt_ns == _UNKNOWN or ack_rtt_ns == _UNKNOWN:
        return _UNKNOWN
    if ack_rtt_ns * _RATIO < syn_rtt_ns:
        return _AT_CLIENT
    if syn_rtt_ns * _RATIO < ack_rtt_ns:
        return _AT_SERVER
    return _ON_PATH


def is_tap_at_peer(from_client: int, syn_rtt_ns: int, ack_rtt_ns: int) -> int:
    """Return 1 if the tap is at the very end that the client (or the server) sends to: no loss can come behind it."""
    if syn_rtt_ns == _UNKNOWN or ack_rtt_ns == _UNKNOWN:
        return 0
    near_ns, far_ns = (syn_rtt_ns, ack_rtt_ns) if from_client else (ack_rtt_ns, syn_rtt_ns)
    return 1 if near_ns * _PEER_RATIO < far_ns else 0

# cython: annotation_typing=False, initializedcheck=False, wraparound=False
"""Tells whoever follows a sender what it sent and what it heard, from the segments of its connection."""

from reconstruct.congestion.replay import CongestionReplay
from reconstruct.endpoint import Endpoint
from reconstruct.recorder import Recorder
from reconstruct.segment import OPTION_SACK_PERMITTED, OPTION_TIMESTAMPS, OPTIONS_CUT, SYN, Segment
from reconstruct.sender_event import HEARD, SENT, SenderEvent
from reconstruct.sender_order import SenderOrder
from reconstruct.sender_windows import SenderWindows
from reconstruct.seq import UNKNOWN, unwrap

DEFAULT_MSS = 536  # bytes, RFC 9293 (3.7.1) where a SYN has no option; 1220 for IPv6
TIMESTAMPS_LEN = 12  # bytes of every segment that timestamps take from the MSS (RFC 7323 A)
FIRST_WINDOW = 10  # segments, RFC 6928 (2)

_UNKNOWN = UNKNOWN
_SENT, _HEARD, _SYN = SENT, HEARD, SYN
_TIMESTAMPS, _SACK, _CUT = OPTION_TIMESTAMPS, OPTION_SACK_PERMITTED, OPTIONS_CUT
_DEFAULT_MSS, _TIMESTAMPS_LEN, _FIRST_WINDOW = DEFAULT_MSS, TIMESTAMPS_LEN, FIRST_WINDOW
_EVENT = SenderEvent()  # filled and taken before anything else happens


def tell_sent(sender: Endpoint, segment: Segment, highest: int, row: int) -> None:
    """Tell that an end sent a segment; `highest` is its SND.NXT before it, `row` the row of its windows or -1."""
    event = _EVENT
    event.what = _SENT
    _fill(event, segment, row)
    event.seq = segment.seq
    event.end = segment.end
    event.kind = segment.kind
    event.fresh = 1 if segment.end > highest else 0
    event.lost = event.doubt = 0
    event.ack = segment.ack
    if sender.sink is not None:
        sender.sink.take(event)


def tell_heard(receiver: Endpoint, segment: Segment, window: int, row: int) -> None:
    """Tell that an end heard an acknowledgment, which offers a `window` of so many bytes."""
    event = _EVENT
    event.what = _HEARD
    _fill(event, segment, row)
    event.ack = segment.ack
    event.seq = segment.seq
    event.end = segment.end
    event.window = window
    event.blocks = segment.sack_blocks
    for edge in range(2 * segment.sack_blocks):
        event.edges[edge] = unwrap(segment.sack_edges[edge] - receiver.isn, segment.ack)
    if receiver.sink is not None:
        receiver.sink.take(event)


def _fill(event: SenderEvent, segment: Segment, row: int) -> None:
    event.frame = segment.frame
    event.time_ns = event.tap_ns = segment.time_ns
    event.row = row
    event.payload_len = segment.payload_len
    event.flags = segment.flags
    if segment.options & _TIMESTAMPS:
        event.tsval = segment.tsval
        event.tsecr = segment.tsecr
    else:
        event.tsval = event.tsecr = _UNKNOWN


def follow(
    sender: Endpoint, peer: Endpoint, segment: Segment, recorder: Recorder, number: int, near_ns: int, far_ns: int
) -> None:
    """Begin to follow an end of connection `number` at its first data.

    `near_ns` and `far_ns` are the parts of the handshake's round trip between the tap and the end, and between the tap
    and its peer (`UNKNOWN`: not seen).
    """
    if sender.follower is None:
        sender.follower = CongestionReplay(recorder)
        sender.order = SenderOrder()
    replay = sender.follower
    options = _options(sender, peer)
    seen = 1 if sender.syns > 0 and peer.syns > 0 else 0
    window = _FIRST_WINDOW if sender.syns <= 2 else 1
    mss = _mss(sender, peer, segment, options)
    replay.begin(mss, window, seen)
    replay.has_sack = 1 if options & _SACK or not seen else 0
    replay.has_timestamps = 1 if options & _TIMESTAMPS else 0
    replay.ecn = sender.syn_ecn & peer.syn_ecn
    known = near_ns != _UNKNOWN and far_ns != _UNKNOWN
    replay.begin_at(segment.seq, sender.offered.snd_wnd, near_ns + far_ns if known else _UNKNOWN)
    _put_in_order(sender, segment, recorder, number, mss, near_ns, far_ns)


def _put_in_order(
    sender: Endpoint, segment: Segment, recorder: Recorder, number: int, mss: int, near_ns: int, far_ns: int
) -> None:
    """Let the replay of an end have events in the order of that end, and its rows what it had then."""
    order, replay = sender.order, sender.follower
    assert order is not None
    assert replay is not None
    if recorder.wants(number):
        if sender.windows is None:
            sender.windows = SenderWindows(recorder)
        sender.windows.begin(replay, sender.snd_una, segment.seq, sender.offered)
        order.begin(sender.windows, mss, near_ns, far_ns)
    else:
        order.begin(replay, mss, near_ns, far_ns)
    sender.sink = order


def _options(sender: Endpoint, peer: Endpoint) -> int:
    """Return the options that both SYNs carry."""
    return sender.syn_options & peer.syn_options


def _mss(sender: Endpoint, peer: Endpoint, segment: Segment, options: int) -> int:
    """Return the largest payload that an end sends (Linux's snd_mss), in bytes."""
    if peer.syns == 0:
        return max(segment.payload_len, _DEFAULT_MSS)
    mss = peer.mss if peer.mss != _UNKNOWN else _DEFAULT_MSS
    if sender.syns > 0 and sender.mss != _UNKNOWN:
        mss = min(mss, sender.mss)  # what it takes itself shows how much its own link carries
    return max(mss - (_TIMESTAMPS_LEN if options & _TIMESTAMPS else 0), 1)

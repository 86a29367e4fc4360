# cython: annotation_typing=False, initializedcheck=False, wraparound=False
"""One segment's rows: what it was, and what it did to the windows of its sender or receiver."""

from reconstruct.endpoint import Endpoint
from reconstruct.recorder import Recorder, RowStore
from reconstruct.segment import SYN, Segment
from reconstruct.sender_model import UNNEEDED, VERDICT
from reconstruct.seq import UNKNOWN, unwrap
from reconstruct.vocabulary import SegmentKind

_UNKNOWN = UNKNOWN
_SYN = SYN
_SYN_RETRANSMISSION = int(SegmentKind.SYN_RETRANSMISSION)
_UNNEEDED, _VERDICT = UNNEEDED, VERDICT
_FAST, _RETRANSMISSION = int(SegmentKind.FAST_RETRANSMISSION), int(SegmentKind.RETRANSMISSION)


def record_segment(recorder: Recorder, number: int, client: Endpoint, server: Endpoint, segment: Segment) -> None:
    """Add the row of a segment of connection `number`, with both ends' states after it."""
    sender = client if segment.from_client else server
    store = recorder.segments
    at = store.new_row()
    cells = store.cells
    cells[at] = segment.frame
    cells[at + 1] = segment.time_ns
    cells[at + 2] = number
    cells[at + 3] = 0 if segment.from_client else 1
    cells[at + 4] = segment.seq
    cells[at + 5] = segment.ack
    cells[at + 6] = segment.payload_len
    cells[at + 7] = segment.flags
    cells[at + 8] = segment.window if segment.flags & _SYN else sender.scaled(segment.window)
    cells[at + 9] = segment.kind
    cells[at + 10] = _spurious(sender, segment)
    cells[at + 11] = client.state
    cells[at + 12] = server.state
    cells[at + 13] = segment.rtt_ns
    cells[at + 14] = segment.rule
    cells[at + 15] = segment.figure_a
    cells[at + 16] = segment.figure_b
    if segment.sack_blocks > 0:
        _record_sacks(recorder.sacks, number, server if segment.from_client else client, segment)


def _record_sacks(store: RowStore, number: int, receiver: Endpoint, segment: Segment) -> None:
    """Add a row for each SACK block: it names bytes that `receiver` of the segment has sent."""
    for block in range(segment.sack_blocks if receiver.based else 0):
        at = store.new_row()
        store.cells[at] = number
        store.cells[at + 1] = segment.frame
        store.cells[at + 2] = 0 if segment.from_client else 1
        store.cells[at + 3] = unwrap(segment.sack_edges[2 * block] - receiver.isn, receiver.stream.highest)
        store.cells[at + 4] = unwrap(segment.sack_edges[2 * block + 1] - receiver.isn, receiver.stream.highest)


def _spurious(sender: Endpoint, segment: Segment) -> int:
    """Return whether a retransmission is known to be unneeded already, `UNKNOWN` for what is none."""
    if segment.kind < _FAST or segment.kind > _RETRANSMISSION:
        return _UNKNOWN
    if segment.kind == _SYN_RETRANSMISSION or sender.model.resent_count == 0:
        return 0
    return 1 if sender.model.entry(sender.model.resent_count - 1, _VERDICT) == _UNNEEDED else 0


def record_window(recorder: Recorder, number: int, end: Endpoint, is_server: int, segment: Segment) -> None:
    """Add a row of one end's windows after a segment of connection `number`."""
    store = recorder.windows
    at = store.new_row()
    cells = store.cells
    cells[at] = number
    cells[at + 1] = segment.frame
    cells[at + 2] = segment.time_ns
    cells[at + 3] = is_server
    cells[at + 4] = end.flight()
    cells[at + 5] = end.offered.snd_wnd
    for column in range(6, 11):
        cells[at + column] = _UNKNOWN
    cells[at + 11] = end.srtt_ns()
    cells[at + 12] = _UNKNOWN
    known = cells[at + 11] != _UNKNOWN
    cells[at + 13] = end.rtt.rttvar_ns if known and end.rtt is not None else _UNKNOWN
    cells[at + 14] = end.timeout_ns()

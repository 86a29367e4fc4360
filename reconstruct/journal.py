# cython: annotation_typing=False, initializedcheck=False, wraparound=False
"""One segment's rows: what it was, and what it did to the windows of its sender or receiver."""

from reconstruct.endpoint import Endpoint
from reconstruct.recorder import Recorder
from reconstruct.segment import SYN, Segment
from reconstruct.seq import UNKNOWN
from reconstruct.vocabulary import SegmentKind

_UNKNOWN = UNKNOWN
_SYN = SYN
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
    cells[at + 10] = 0 if _FAST <= segment.kind <= _RETRANSMISSION else _UNKNOWN
    cells[at + 11] = client.state
    cells[at + 12] = server.state
    cells[at + 13] = segment.rtt_ns
    cells[at + 14] = segment.rule
    cells[at + 15] = segment.figure_a
    cells[at + 16] = segment.figure_b


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

"""One frame explained: what it is, by which rule, what each end knew before it, and what was learned later.

Everything is read from the tables of the replay; what they do not hold is not told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from analyzer import rows
from analyzer.capture.ledger import Skip
from analyzer.congestion.ruling import Candidate
from analyzer.congestion.story import rulings_of
from analyzer.errors import UsageError
from analyzer.one_frame import FrameFate, fate_of
from analyzer.selection import rows_of_flow
from reconstruct.segment import FIN, SYN, Segment
from reconstruct.seq import UNKNOWN, unwrap
from reconstruct.vocabulary import EventKind, SegmentKind, Sender

if TYPE_CHECKING:
    from analyzer.analysis import Analysis
    from reconstruct.recorder import RowStore

Row = dict[str, int]
SHOWN_COPIES = 8  # frames with the same bytes
_ENTERS = {EventKind.RECOVERY_ENTER: "recovery", EventKind.RTO: "loss", EventKind.ZERO_WINDOW_BEGIN: "zero-window"}
_LEAVES = {
    EventKind.RECOVERY_EXIT: ("recovery", "loss"),
    EventKind.UNDO: ("recovery", "loss"),
    EventKind.ZERO_WINDOW_END: ("zero-window",),
}


@dataclass
class EndView:
    """What the capture shows that one end knew before the frame; offsets and bytes, `UNKNOWN` where it cannot be seen.

    `rcv_nxt` is the highest acknowledgment that it sent, `window` the one it offered with that; `windows` its last row
    of the table of that name, None where it has none; `episodes` what it was in, with the event that began it.
    """

    state: int = UNKNOWN
    state_after: int = UNKNOWN
    snd_una: int = UNKNOWN
    snd_nxt: int = UNKNOWN
    rcv_nxt: int = UNKNOWN
    window: int = UNKNOWN
    windows: Row | None = None
    episodes: dict[str, Row] = field(default_factory=dict)

    def estimate(self, name: str) -> int:
        """Return a cell of its last row of windows, `UNKNOWN` where it has none."""
        return UNKNOWN if self.windows is None else self.windows[name]


@dataclass
class Explanation:
    """A frame; `row` and what follows are there for a segment only.

    `skip` is why it is none; `sack` are the SACK blocks as offsets; `copies` the other frames that carry some of its
    bytes; `acked_by` the row that acknowledges all of it first; `events` those of this frame; `rulings` the models of
    congestion control that it rules out.
    """

    frame: int
    fate: FrameFate
    flow: Row | None = None
    row: Row | None = None
    ends: tuple[EndView, EndView] = field(default_factory=lambda: (EndView(), EndView()))
    sack: list[tuple[int, int]] = field(default_factory=list)
    copies: list[Row] = field(default_factory=list)
    acked_by: Row | None = None
    events: list[Row] = field(default_factory=list)
    rulings: list[Candidate] = field(default_factory=list)
    segments: RowStore | None = None

    @property
    def is_segment(self) -> bool:
        """Return whether the frame is a segment of a connection."""
        return self.row is not None


def explain(analysis: Analysis, capture: Any, frame: int) -> Explanation:
    """Explain a frame of an analysed capture, which is read again; raises `UsageError` where there is no such frame."""
    packets = analysis.capture.packets
    if frame > packets:
        numbered = "it has none" if packets == 0 else f"the frames are 1 to {packets}"
        raise UsageError(f"there is no frame {frame} in the capture: {numbered}")
    fate = fate_of(capture, frame)
    made = Explanation(frame, fate)
    if fate.segment is None or fate.skip is not Skip.NONE:
        return made
    for flow in _candidates(analysis.flow_rows, fate.segment, frame):
        segments = analysis.segment_rows(flow["flow"])
        found = list(rows.raw_rows(segments))
        if any(row["frame"] == frame for row in found):
            made.flow, made.segments = flow, segments
            events = list(rows.raw_rows(rows_of_flow(analysis.event_rows, flow["flow"])))
            windows = list(rows.raw_rows(analysis.window_rows(flow["flow"])))
            made.rulings = [each for each in rulings_of(analysis, flow["flow"]) if each.frame == frame]
            _fill(made, sorted(found, key=lambda row: row["frame"]), windows, events)
            break
    return made


def _candidates(flows: RowStore, segment: Segment, frame: int) -> list[Row]:
    """Return the connections between the two ends of a segment that were there at its frame."""
    source = (segment.src_hi, segment.src_lo, segment.sport)
    target = (segment.dst_hi, segment.dst_lo, segment.dport)
    found = []
    for flow in rows.raw_rows(flows):
        if flow["first_frame"] <= frame <= flow["last_frame"]:
            client = (flow["client_hi"], flow["client_lo"], flow["client_port"])
            server = (flow["server_hi"], flow["server_lo"], flow["server_port"])
            if (source, target) in ((client, server), (server, client)):
                found.append(flow)
    return found


def _fill(made: Explanation, segments: Sequence[Row], windows: Sequence[Row], events: Sequence[Row]) -> None:
    """Put in what the tables of the connection tell about the frame."""
    at = next(index for index, row in enumerate(segments) if row["frame"] == made.frame)
    row = made.row = segments[at]
    before, after = segments[:at], segments[at + 1 :]
    made.ends = (EndView(), EndView())
    for sender, view in enumerate(made.ends):
        _fill_end(view, sender, before, [each for each in windows if each["frame"] < made.frame])
        view.state_after = row[f"{Sender(sender).text}_state"]
        view.episodes = _episodes([each for each in events if each["frame"] < made.frame and each["sender"] == sender])
    made.events = [each for each in events if each["frame"] == made.frame]
    made.sack = _sack_blocks(row, made.fate.segment)
    end = end_of(row)
    if end > row["seq"]:
        made.copies = [each for each in segments if each is not row and _shares(each, row)][:SHOWN_COPIES]
        acks = (each for each in after if each["sender"] != row["sender"] and _counts(each) and each["ack"] >= end)
        made.acked_by = next(acks, None)


def end_of(row: Row) -> int:
    """Return the offset after a segment, SYN and FIN counted."""
    flags = row["flags"]
    return row["seq"] + row["len"] + (1 if flags & SYN else 0) + (1 if flags & FIN else 0)


def _counts(row: Row) -> bool:
    """Return whether the replay took a segment's numbers in."""
    return row["kind"] != SegmentKind.INVALID and row["ack"] != UNKNOWN


def _shares(row: Row, other: Row) -> bool:
    """Return whether two segments of one end carry the same bytes."""
    return row["sender"] == other["sender"] and row["seq"] < end_of(other) and other["seq"] < end_of(row)


def _fill_end(end: EndView, sender: int, before: Sequence[Row], windows: Sequence[Row]) -> None:
    """Put in what one end had sent and been told."""
    for row in before:
        end.state = row[f"{Sender(sender).text}_state"]
        if row["kind"] == SegmentKind.INVALID:
            continue
        if row["sender"] == sender:
            end.snd_nxt = max(end.snd_nxt, end_of(row))
            if row["ack"] >= end.rcv_nxt:
                end.rcv_nxt, end.window = row["ack"], row["window"]
        elif row["ack"] != UNKNOWN:
            end.snd_una = max(end.snd_una, row["ack"])
            end.snd_nxt = max(end.snd_nxt, row["ack"])  # what was acknowledged was sent, captured or not
    for row in windows:
        if row["sender"] == sender:
            end.windows = row


def _episodes(events: Sequence[Row]) -> dict[str, Row]:
    """Return what an end is in after these events, each with the event that began it."""
    open_episodes: dict[str, Row] = {}
    for event in events:
        kind = EventKind(event["event"])
        if kind in _ENTERS:
            open_episodes.setdefault(_ENTERS[kind], event)
        for name in _LEAVES.get(kind, ()):
            open_episodes.pop(name, None)
    return open_episodes


def _sack_blocks(row: Row, segment: Segment | None) -> list[tuple[int, int]]:
    """Return the SACK blocks of a segment as offsets of the peer."""
    if segment is None or row["ack"] == UNKNOWN:
        return []
    origin = segment.wire_ack - row["ack"]
    edges = [unwrap(segment.sack_edges[at] - origin, row["ack"]) for at in range(2 * segment.sack_blocks)]
    return list(zip(edges[::2], edges[1::2], strict=True))

"""Our labels beside tshark's, frame by frame: what agrees, what differs, and why."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from analyzer.crosscheck.differences import NOT_EXPLAINED, Difference, reason_of, reason_of_mark
from analyzer.crosscheck.labels import Label, Mark, agree
from analyzer.crosscheck.pair import Notes, Pair
from analyzer.crosscheck.tshark import Opinion
from analyzer.crosscheck.view import StreamView
from reconstruct.recorder import RowStore
from reconstruct.rules import Rule
from reconstruct.segment import FIN, RST, SYN
from reconstruct.seq import UNKNOWN
from reconstruct.vocabulary import EventKind, SegmentKind

NO_NOTE = "-"  # what a tool says that does not have a mark
_NO_ROW = -1
_NOTED = {EventKind.CAPTURE_GAP: Mark.ACK_LOST_SEGMENT, EventKind.WINDOW_FULL: Mark.WINDOW_FULL}


@dataclass
class Group:
    """The frames that differ by one mechanism, and what was said in them: ours, tshark's, how often."""

    reason: Difference
    frames: array[int] = field(default_factory=lambda: array("q"))
    said: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, frame: int, ours: str, theirs: str) -> None:
        """Add a frame."""
        self.frames.append(frame)
        self.said[ours, theirs] += 1


@dataclass
class Crosscheck:
    """What came out: `table` by our kind and tshark's label, `marks` by who has it, and the differences by reason.

    `otherwise` tells how many of a cell of the table differ: of spurious retransmissions it can be some of them.
    `segments` were compared; `skipped` are frames in which tshark sees TCP and tcpscope no segment, `missed` those of
    which it is the other way round.
    """

    segments: int = 0
    table: Counter[tuple[SegmentKind, Label]] = field(default_factory=Counter)
    otherwise: Counter[tuple[SegmentKind, Label]] = field(default_factory=Counter)
    marks: Counter[tuple[Mark, bool, bool]] = field(default_factory=Counter)
    labels_differ: dict[str, Group] = field(default_factory=dict)
    marks_differ: dict[str, Group] = field(default_factory=dict)
    skipped: array[int] = field(default_factory=lambda: array("q"))
    missed: array[int] = field(default_factory=lambda: array("q"))

    @property
    def differing(self) -> int:
        """Return the number of segments whose labels differ."""
        return self.otherwise.total()

    @property
    def not_explained(self) -> int:
        """Return how many of those no known mechanism explains."""
        group = self.labels_differ.get(NOT_EXPLAINED.name)
        return len(group.frames) if group else 0

    def add(self, pair: Pair) -> None:
        """Count a segment, and note where the tools differ."""
        frame, kind = pair.row["frame"], pair.kind
        self.segments += 1
        self.table[kind, pair.label] += 1
        if not agree(kind, pair.row["spurious"], pair.label):
            self.otherwise[kind, pair.label] += 1
            reason = reason_of(pair)
            group = self.labels_differ.setdefault(reason.name, Group(reason))
            group.add(frame, _called(pair), pair.label.text)
        for mark in Mark:
            ours, theirs = mark in pair.marks, mark in pair.opinion.marks
            if ours or theirs:
                self.marks[mark, ours, theirs] += 1
            if ours != theirs:
                reason = reason_of_mark(pair, mark)
                group = self.marks_differ.setdefault(reason.name, Group(reason))
                group.add(frame, mark.text if ours else NO_NOTE, mark.text if theirs else NO_NOTE)


def compare(segments: RowStore, events: RowStore, opinions: Iterable[Opinion]) -> Iterator[tuple[Opinion, Pair | None]]:
    """Yield each of tshark's opinions with the pair that it makes, None where we have no segment in that frame."""
    rows = _rows_by_frame(segments)
    noted = _noted(events)
    views: dict[int, StreamView] = {}
    notes: dict[int, Notes] = {}
    for opinion in opinions:
        at = rows[opinion.frame] if opinion.frame < len(rows) else _NO_ROW
        if at == _NO_ROW or not opinion.streams:
            yield opinion, None
            continue
        row = dict(zip(segments.names, segments.row(at), strict=True))
        seen = views.setdefault(row["flow"], StreamView()).look(row, opinion)
        known = notes.setdefault(opinion.streams[-1], Notes())
        known.flows.add(row["flow"])
        pair = Pair(row, _marks(row, noted), opinion, seen, known)
        _note_before(pair)
        yield opinion, pair
        _note_after(pair)


def crosscheck(
    segments: RowStore, events: RowStore, opinions: Iterable[Opinion], flow: int | None = None
) -> Crosscheck:
    """Compare all segments, or those of one connection; the rows are those of the whole capture."""
    made = Crosscheck()
    unmet = _rows_by_frame(segments, flow)
    for opinion, pair in compare(segments, events, opinions):
        if pair is None and opinion.streams and flow is None:
            made.skipped.append(opinion.frame)
        elif pair is not None and unmet[opinion.frame] != _NO_ROW:
            made.add(pair)
            unmet[opinion.frame] = _NO_ROW
    made.missed.extend(frame for frame, row in enumerate(unmet) if row != _NO_ROW)
    return made


def _rows_by_frame(segments: RowStore, flow: int | None = None) -> array[int]:
    """Return the number of each frame's row, `_NO_ROW` for frames without one, or whose row is of another connection.

    Rows need not be in order: those of half-open connections are written late. An array, since frames are many.
    """
    frame, number = segments.names.index("frame"), segments.names.index("flow")
    cells, width = segments.buffer(), segments.width
    rows = array("q", [_NO_ROW]) * (max(cells[frame::width], default=0) + 1)
    for row, first in enumerate(range(0, len(cells), width)):
        if flow in (None, cells[first + number]):
            rows[cells[first + frame]] = row
    return rows


def _called(pair: Pair) -> str:
    """Return our kind in words, with what was proven of it."""
    return f"{pair.kind.text}, spurious" if pair.row["spurious"] == 1 else pair.kind.text


def _noted(events: RowStore) -> Mapping[int, frozenset[Mark]]:
    """Return the marks that our events stand for, by frame."""
    frame, event = events.names.index("frame"), events.names.index("event")
    found: dict[int, frozenset[Mark]] = {}
    for number in range(events.count):
        first = number * events.width
        mark = _NOTED.get(EventKind(events.cells[first + event]))
        if mark is not None:
            at = events.cells[first + frame]
            found[at] = found.get(at, frozenset()) | {mark}
    return found


def _marks(row: Mapping[str, int], noted: Mapping[int, frozenset[Mark]]) -> frozenset[Mark]:
    """Return what we say of a segment in the words of Wireshark's marks."""
    marks = set(noted.get(row["frame"], ()))
    if row["window"] == 0 and not row["flags"] & (SYN | FIN | RST):
        marks.add(Mark.ZERO_WINDOW)
    if row["rule"] == Rule.NEW_AFTER_GAP:
        marks.add(Mark.LOST_SEGMENT)
    return frozenset(marks)


def _note_before(pair: Pair) -> None:
    """Note what is odd about a stream from this segment on."""
    pair.notes.reused |= pair.opinion.reused_ports
    pair.notes.scale_unknown |= pair.row["window"] == UNKNOWN and not pair.row["flags"] & RST


def _note_after(pair: Pair) -> None:
    """Note what is odd about a stream after this segment."""
    notes = pair.notes
    notes.lengths_differ |= pair.other_length
    notes.overlap |= pair.seen.goes_back and pair.seen.end > pair.seen.highest
    notes.probed |= pair.label is Label.ZERO_WINDOW_PROBE
    notes.gap |= not {Mark.LOST_SEGMENT, Mark.ACK_LOST_SEGMENT}.isdisjoint(pair.marks | pair.opinion.marks)


def ranked(groups: Mapping[str, Group]) -> list[Group]:
    """Return the differences, those of the most frames first and what is not explained last."""
    return sorted(
        groups.values(), key=lambda group: (group.reason is NOT_EXPLAINED, -len(group.frames), group.reason.name)
    )

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

    `segments` were compared; `skipped` are frames in which tshark sees TCP and tcpscope no segment, `missed` those of
    which it is the other way round.
    """

    segments: int = 0
    table: Counter[tuple[SegmentKind, Label]] = field(default_factory=Counter)
    marks: Counter[tuple[Mark, bool, bool]] = field(default_factory=Counter)
    labels_differ: dict[str, Group] = field(default_factory=dict)
    marks_differ: dict[str, Group] = field(default_factory=dict)
    skipped: array[int] = field(default_factory=lambda: array("q"))
    missed: array[int] = field(default_factory=lambda: array("q"))

    @property
    def differing(self) -> int:
        """Return the number of segments whose labels differ."""
        return sum(len(group.frames) for group in self.labels_differ.values())

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
                group.add(frame, mark.text if ours else "-", mark.text if theirs else "-")


def compare(segments: RowStore, events: RowStore, opinions: Iterable[Opinion]) -> Iterator[tuple[Opinion, Pair | None]]:
    """Yield each of tshark's opinions with the pair that it makes, None where we have no segment in that frame."""
    rows = _rows_by_frame(segments)
    noted = _noted(events)
    views: dict[int, StreamView] = {}
    notes: dict[int, Notes] = {}
    for opinion in opinions:
        at = rows.get(opinion.frame)
        if at is None or not opinion.streams:
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
    unseen = {frame for frame, row in _rows_by_frame(segments).items() if flow in (None, _flow_of(segments, row))}
    for opinion, pair in compare(segments, events, opinions):
        if pair is not None and opinion.frame in unseen:
            made.add(pair)
            unseen.remove(opinion.frame)
        elif pair is None and opinion.streams and flow is None:
            made.skipped.append(opinion.frame)
    made.missed.extend(sorted(unseen))
    return made


def _rows_by_frame(segments: RowStore) -> dict[int, int]:
    """Return the number of the row of each frame that has one."""
    column = segments.names.index("frame")
    return {segments.cells[row * segments.width + column]: row for row in range(segments.count)}


def _flow_of(segments: RowStore, row: int) -> int:
    """Return the connection that a row belongs to."""
    return segments.cells[row * segments.width + segments.names.index("flow")]


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

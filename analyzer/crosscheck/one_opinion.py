"""What tshark says about one segment, and why tcpscope differs there."""

from __future__ import annotations

from dataclasses import dataclass

from analyzer.crosscheck.compare import compare
from analyzer.crosscheck.differences import Difference, reason_of, reason_of_mark
from analyzer.crosscheck.labels import Mark, agree
from analyzer.crosscheck.tshark import Opinion, Readable, Tshark, tshark_version
from analyzer.crosscheck.view import Seen
from analyzer.errors import ToolError
from reconstruct.recorder import SEGMENT_COLUMNS, RowStore


@dataclass
class OneOpinion:
    """tshark's opinion and what it had `seen`, or why it is `missing`; `differences` are those of label and marks."""

    version: str = ""
    missing: str = ""
    opinion: Opinion | None = None
    seen: Seen | None = None
    differences: tuple[Difference, ...] = ()


def opinion_on(source: Readable, frame: int, segments: RowStore | None, events: RowStore) -> OneOpinion:
    """Ask tshark about one frame; `segments` are those of its connection, None where it is no segment."""
    try:
        made = OneOpinion(version=tshark_version())
        for opinion, pair in compare(segments or RowStore(SEGMENT_COLUMNS), events, Tshark(source)):
            if opinion.frame < frame:
                continue
            if opinion.frame == frame:
                made.opinion = opinion
            if pair is not None and opinion.frame == frame:
                made.seen = pair.seen
                labels = [] if agree(pair.kind, pair.row["spurious"], pair.label) else [reason_of(pair)]
                marks = [reason_of_mark(pair, mark) for mark in Mark if mark in pair.marks ^ pair.opinion.marks]
                made.differences = (*labels, *marks)
            break
    except ToolError as error:
        return OneOpinion(missing=str(error))
    return made

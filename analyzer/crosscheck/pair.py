"""One segment as both tools have it, with what each of them knew: what a difference is judged by."""

from dataclasses import dataclass, field

from analyzer.crosscheck.labels import RETRANSMISSIONS, Label, Mark
from analyzer.crosscheck.tshark import Opinion
from analyzer.crosscheck.view import Seen
from reconstruct.rules import Rule
from reconstruct.vocabulary import SegmentKind


@dataclass
class Notes:
    """What was odd about a stream so far.

    `flows` are our connections in tshark's stream; `lengths_differ` and `scale_unknown` tell whether that was so at a
    segment before, `gap` whether a tool missed bytes before, `overlap` whether a segment held old and new bytes,
    `probed` whether tshark saw a probe before, `reused` whether it saw a SYN,ACK with another number.
    """

    flows: set[int] = field(default_factory=set)
    lengths_differ: bool = False
    scale_unknown: bool = False
    reused: bool = False
    gap: bool = False
    overlap: bool = False
    probed: bool = False


@dataclass(frozen=True)
class Pair:
    """Our row of a segment and tshark's opinion on it; `marks` are ours."""

    row: dict[str, int]
    marks: frozenset[Mark]
    opinion: Opinion
    seen: Seen
    notes: Notes

    @property
    def kind(self) -> SegmentKind:
        """Return our kind."""
        return SegmentKind(self.row["kind"])

    @property
    def rule(self) -> Rule:
        """Return the rule that gave it."""
        return Rule(self.row["rule"])

    @property
    def label(self) -> Label:
        """Return tshark's label."""
        return self.opinion.label

    @property
    def resent(self) -> bool:
        """Return whether we call it a retransmission."""
        return self.kind in RETRANSMISSIONS

    @property
    def other_length(self) -> bool:
        """Return whether the tools read another length of payload."""
        return self.opinion.len != self.row["len"]

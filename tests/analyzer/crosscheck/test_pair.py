"""A segment as both tools have it."""

from analyzer.crosscheck.labels import Label
from reconstruct.rules import Rule
from reconstruct.vocabulary import SegmentKind
from tests.analyzer.crosscheck.test_differences import pair


def test_cells_are_read_as_what_they_stand_for() -> None:
    made = pair(SegmentKind.TAIL_LOSS_PROBE, Label.KEEP_ALIVE, rule=Rule.TAIL_PROBE)
    assert (made.kind, made.rule, made.label) == (SegmentKind.TAIL_LOSS_PROBE, Rule.TAIL_PROBE, Label.KEEP_ALIVE)
    assert made.resent
    assert not pair(SegmentKind.OUT_OF_ORDER, Label.NONE).resent


def test_another_length_is_seen() -> None:
    assert pair(SegmentKind.NEW, Label.NONE, len=1).other_length
    assert not pair(SegmentKind.NEW, Label.NONE).other_length

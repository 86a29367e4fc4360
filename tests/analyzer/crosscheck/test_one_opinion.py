"""What tshark says about one segment."""

import pytest

from analyzer.crosscheck.labels import Label, Mark
from analyzer.crosscheck.one_opinion import OneOpinion, opinion_on
from tests.analyzer.crosscheck.comparing import analysed
from tests.analyzer.needing import needs_tshark
from tests.analyzer.running import FIXTURES

CAPTURE = FIXTURES / "window" / "zero-window-mid-path.pcap"


def told(frame: int, segment: bool = True) -> OneOpinion:
    """Return the opinion on a frame of the capture with Linux's probe."""
    analysis = analysed(CAPTURE)
    return opinion_on(str(CAPTURE), frame, analysis.segment_rows(0) if segment else None, analysis.event_rows)


@needs_tshark
def test_label_and_reason_of_the_difference_are_told() -> None:
    probe = told(47)
    assert probe.opinion is not None
    assert probe.opinion.label is Label.KEEP_ALIVE
    assert [difference.name for difference in probe.differences] == ["Linux's zero-window probe"]
    assert probe.seen is not None
    assert probe.seen.highest == 41441


@needs_tshark
def test_marks_are_told_beside_the_label() -> None:
    closed = told(46)
    assert closed.opinion is not None
    assert closed.opinion.marks == {Mark.ZERO_WINDOW}
    assert closed.differences == ()


@needs_tshark
def test_of_what_is_no_segment_there_is_an_opinion_without_differences() -> None:
    other = told(47, segment=False)
    assert other.opinion is not None
    assert (other.seen, other.differences) == (None, ())


def test_without_tshark_the_reason_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    missing = told(47)
    assert "not installed" in missing.missing
    assert missing.opinion is None

"""Findings carry their evidence: frames, the first and the last of them, and a filter that shows them."""

from dataclasses import FrozenInstanceError

import pytest

from analyzer import schema
from analyzer.detectors import DETECTORS, find_all
from analyzer.findings import MAX_FRAMES, Seen, Severity, about_capture, filter_of
from analyzer.rows import finding_row

DAMAGE = ("a.pcap", 100, 3, "cut short")


def test_a_filter_lists_its_frames_and_is_empty_without_any() -> None:
    assert filter_of([7]) == "frame.number in {7}"
    assert filter_of((3, 9, 27)) == "frame.number in {3, 9, 27}"
    assert filter_of([]) == ""


def test_a_finding_about_the_capture_names_the_frames_that_show_it() -> None:
    found = about_capture("clock-step", Severity.WARNING, [4, 8, 15], "what", "do this", 0.5)
    assert (found.flow, found.first_frame, found.last_frame, found.frames) == (None, 4, 15, (4, 8, 15))
    assert (found.finding, found.severity, found.summary, found.advice) == ("clock-step", "warning", "what", "do this")
    assert (found.confidence, found.filter) == (0.5, "frame.number in {4, 8, 15}")


def test_a_finding_without_frames_names_none() -> None:
    found = about_capture("capture-loss", Severity.INFO, [], "what", "do this")
    assert (found.first_frame, found.last_frame, found.frames, found.filter) == (None, None, (), "")
    assert found.confidence == 1.0


def test_a_finding_names_a_bounded_number_of_frames() -> None:
    found = about_capture("clock-step", Severity.INFO, list(range(1, 1000)), "what", "do this")
    assert found.frames == tuple(range(1, MAX_FRAMES + 1))
    assert (found.first_frame, found.last_frame) == (1, MAX_FRAMES)


def test_a_finding_cannot_be_changed() -> None:
    found = about_capture("clock-step", Severity.INFO, [], "what", "do this")
    with pytest.raises(FrozenInstanceError):
        found.summary = "something else"  # type: ignore[misc] # that is what is tested


def test_severities_are_those_of_the_table() -> None:
    assert tuple(severity.value for severity in Severity) == schema.SEVERITIES


def test_nothing_is_found_in_a_capture_that_shows_nothing_wrong() -> None:
    assert find_all(Seen(packets=100, segments=90, connections=5, dropped=0)) == []


def test_findings_come_from_the_worst_to_the_least() -> None:
    found = find_all(Seen(segments=9, connections=1, oversized=1, invalid=1, damages=[DAMAGE], one_sided=1))
    ranks = [schema.SEVERITIES.index(finding.severity) for finding in found]
    assert ranks == sorted(ranks, reverse=True)
    assert set(ranks) == {0, 1}


def test_findings_of_one_severity_come_in_the_order_of_the_detectors() -> None:
    seen = Seen(connections=1, one_sided=1, missing_bytes=1, missing_connections=1, damages=[DAMAGE], clock_steps=1)
    told = [finding.finding for finding in find_all(seen)]
    assert told == [finding.finding for detector in DETECTORS for finding in detector(seen)]
    assert len(told) == 4


def test_a_finding_has_the_columns_of_the_table() -> None:
    row = finding_row(about_capture("clock-step", Severity.INFO, [4], "what", "do this"))
    assert tuple(row) == schema.FINDINGS.column_names

"""`--fail-on` knows severities and the names of findings, and no others."""

import pytest

from analyzer.detectors import find_all
from analyzer.errors import UsageError
from analyzer.fail_on import FINDINGS, check_conditions, said_no
from analyzer.findings import Finding, Seen, Severity, about_capture

WARNING = about_capture("capture-loss", Severity.WARNING, [3], "two segments are missing", "")
# Evidence for every detector of what is wrong with a capture.
EVERYTHING = Seen(
    dropped=1, one_sided=1, missing_bytes=1, invalid=1, oversized=1, clock_steps=1, damages=[("a.pcap", 24, 0, "cut")]
)


def test_every_finding_that_can_occur_can_be_asked_for() -> None:
    assert {found.finding for found in find_all(EVERYTHING)} <= set(FINDINGS)
    check_conditions(FINDINGS)


@pytest.mark.parametrize(
    ("condition", "answer"),
    [("info", True), ("warning", True), ("error", False), ("capture-loss", True), ("clock-step", False)],
)
def test_a_severity_means_that_and_worse_a_name_itself(condition: str, answer: bool) -> None:
    assert said_no([WARNING], [condition]) is answer


def test_one_of_several_conditions_is_enough() -> None:
    assert said_no([WARNING], ["error", "capture-loss"])


@pytest.mark.parametrize("findings", [[], [WARNING]])
def test_without_conditions_nothing_says_no(findings: list[Finding]) -> None:
    assert not said_no(findings, [])


def test_a_name_with_a_typing_error_is_refused_with_the_name_it_resembles() -> None:
    with pytest.raises(UsageError, match="'capture-los'; did you mean capture-loss"):
        check_conditions(["warning", "capture-los"])


def test_a_name_like_no_other_is_refused_with_all_names() -> None:
    with pytest.raises(UsageError, match="there are info, warning, error, loss, "):
        check_conditions(["zzzzzz"])

"""Findings are printed worst first, with evidence and advice."""

import pytest

from analyzer.terminal.findings import frames_text, print_findings
from tests.analyzer.terminal.printing import Paper
from tests.fake_analysis import FakeFinding


def test_a_finding_tells_what_where_and_what_to_do() -> None:
    paper = Paper()
    print_findings(paper, [FakeFinding()])
    assert paper.lines == [
        "  ● warning zero-window  flow 0, frames 6, 7",
        "    the server closed its window once, for 250 ms",
        "    → read faster, or raise SO_RCVBUF on the server",
        "    tcp.stream eq 0 && tcp.analysis.zero_window",
    ]


def test_the_worst_come_first_and_the_rest_is_counted() -> None:
    found = [FakeFinding(severity=severity, finding=severity) for severity in ("info", "error", "warning")]
    paper = Paper()
    print_findings(paper, found, limit=2)
    assert [line.split()[1] for line in paper.lines if "●" in line] == ["error", "warning"]
    assert paper.lines[-1] == "  and 1 more finding: --json shows all"


def test_doubt_is_told() -> None:
    paper = Paper()
    print_findings(paper, [FakeFinding(confidence=0.8, flow=None)])
    assert paper.lines[0] == "  ● warning zero-window  whole capture, frames 6, 7, 80% sure"


@pytest.mark.parametrize(
    ("frames", "text"),
    [([], ""), ([5], ", frame 5"), ([5, 6, 9], ", frames 5, 6, 9"), ([5, 6, 7, 9], ", frames 5 to 9")],
)
def test_many_frames_are_a_range(frames: list[int], text: str) -> None:
    assert frames_text(frames, frames[0] if frames else None, frames[-1] if frames else None) == text


def test_control_characters_are_escapes() -> None:
    paper = Paper()
    print_findings(paper, [FakeFinding(summary="a\x1b[31mb", advice="c\x07", filter="d\x9b")])
    assert paper.lines[1:] == ["    a\\x1b[31mb", "    → c\\x07", "    d\\x9b"]

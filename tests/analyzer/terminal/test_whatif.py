"""The screen of an estimate."""

import pytest

from analyzer.terminal.whatif import print_whatif
from tests.analyzer.terminal.printing import Paper
from tests.analyzer.whatif.test_words import told


@pytest.mark.parametrize("width", [60, 120])
def test_times_stand_side_by_side_below_the_answer(width: int) -> None:
    paper = Paper(width=width)
    print_whatif(paper, ("Flow 0", "demo.pcap"), told())
    assert "An estimate: with BBR" in paper.lines[1]
    assert paper.line_with("  real  ").split() == ["real", "1.00", "s,", "Reno"]
    assert "500 ms" in paper.line_with("  as asked")
    assert max(map(len, paper.lines)) <= width

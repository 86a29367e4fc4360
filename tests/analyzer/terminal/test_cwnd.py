"""The picture of a sender's windows over time."""

import pytest

from analyzer.terminal.cwnd import ROWS, Row, print_cwnd
from reconstruct.seq import UNKNOWN
from reconstruct.vocabulary import Phase
from tests.analyzer.congestion.stories import row
from tests.analyzer.terminal.printing import Paper

SLOW, RECOVERY = Phase.SLOW_START, Phase.RECOVERY


def rows() -> list[Row]:
    """Return a window that doubles and is cut, below an offer of 1 MB."""
    steps = ((0, 10_000, SLOW), (100, 20_000, SLOW), (200, 40_000, SLOW), (300, 20_000, RECOVERY))
    sides = [{"cwnd_low": cwnd - 500, "cwnd_high": cwnd + 500, "rwnd": 1_000_000} for _, cwnd, _ in steps]
    return [row(at, cwnd, phase, **side) for (at, cwnd, phase), side in zip(steps, sides, strict=True)]


def printed(told: list[Row], width: int = 80, because: str | None = None, **how: object) -> Paper:
    """Return what is printed of these rows."""
    paper = Paper(width=width, **how)  # type: ignore[arg-type] # colour and encoding
    print_cwnd(paper, ("Flow 0", "demo.pcap"), told, 0, because)
    return paper


def test_the_picture_has_scales_phases_and_a_legend() -> None:
    paper = printed(rows())
    picture = [line for line in paper.lines if "|" in line]
    assert len(picture) == ROWS
    assert picture[0].startswith("  48.6 kB|")  # 40,500 bytes and a fifth
    assert paper.line_with("0.300 s").split() == ["0.000", "s,", "frame", "0", "0.300", "s,", "frame", "300"]
    assert paper.line_with("congestion window, ") == "  #   congestion window, 10.0 kB to 40.0 kB"
    assert "above the picture: window of the peer 1.00 MB to 1.00 MB" in paper.line_with("above")
    assert paper.line_with("phases:").strip() == "phases: s slow-start, R recovery"
    assert paper.line_with("    phase ").split()[1] == "s" * 69 + "R"  # the last column is that of the last row


def test_a_line_holds_its_value_until_the_next_row() -> None:
    picture = [line.split("|")[1] for line in printed(rows()).lines if "|" in line]
    # 40,000 of 48,600 bytes are in the 17th of 20 rows from below, and hold from 200 to 300 of 300 ms: a third of 70.
    assert picture[ROWS - 1 - 40_000 * ROWS // 48_600].count("#") in (23, 24)


def test_lines_are_dots_where_there_are_colours() -> None:
    lines = printed(rows(), colour=True).lines
    assert any("\u2800" < character <= "\u28ff" for character in "".join(lines))
    assert not any("#" in line for line in lines)


def test_an_encoding_without_dots_gets_letters() -> None:
    assert any("#" in line for line in printed(rows(), colour=True, encoding="ascii").lines)


def test_a_window_that_cannot_be_told_is_said_and_the_flight_drawn() -> None:
    nothing = {"cwnd_low": UNKNOWN, "cwnd_high": UNKNOWN, "rwnd": 5000}
    paper = printed([row(at, UNKNOWN, SLOW, flight=2000, **nothing) for at in (0, 50)], because="so")
    assert paper.line_with("cannot be told: so.")
    assert "2.40 kB" in paper.lines[2]
    assert not any("congestion window," in line for line in paper.lines)


def test_no_row_is_said() -> None:
    assert printed([]).lines[-1] == "  no row of windows here"


def test_a_single_row_is_drawn() -> None:
    assert printed(rows()[:1]).line_with("0.000 s, frame 0")


@pytest.mark.parametrize("width", [40, 60, 80, 200])
def test_no_line_is_wider_than_the_screen(width: int) -> None:
    assert max(map(len, printed(rows(), width=width).lines)) <= width

"""The sequence diagram of a connection."""

import pytest

from analyzer.terminal.connections import connection_of
from analyzer.terminal.replay import print_replay
from tests.analyzer.terminal.printing import Paper
from tests.fake_analysis import FakeAnalysis


def printed(width: int = 160, first: int = 1, last: int = 1 << 40, colour: bool = False) -> Paper:
    """Return the diagram of flow 0 of the analysis made by hand."""
    analysis = FakeAnalysis()
    paper = Paper(width=width, colour=colour)
    print_replay(
        paper, connection_of(analysis.flow_rows, analysis.direction_rows, 0), analysis.segment_rows(0), first, last
    )
    return paper


def test_a_line_tells_everything_about_a_segment() -> None:
    line = printed().line_with("    6 ").split()
    assert line[:3] == ["6", "0.040000", "ESTABLISHED"]
    assert line[8:12] == ["ESTABLISHED", "1", "64240", "new"]


def test_arrows_point_from_the_sender() -> None:
    paper = printed()
    assert "─ S 0 ─" in paper.line_with("▶ -")
    assert "◀" in paper.line_with(" SA 0 ")


def test_a_needless_retransmission_is_called_so() -> None:
    assert "retransmission spurious" in printed().line_with("    7 ")


def test_frames_outside_are_left_out_and_counted() -> None:
    lines = printed(first=2, last=4).lines
    assert [line.split()[0] for line in lines[2:]] == ["2", "4", "2"]
    assert lines[-1] == "2 segments of 6"


def test_a_state_that_changed_stands_out() -> None:
    lines = printed(colour=True).lines
    # 1 is bold, 2 is dim: the client changes with the ACK in frame 4, and no more with the data in frame 6.
    assert "\x1b[1mESTABLISHED" in lines[4]
    assert "\x1b[2mESTABLISHED" in lines[5]


@pytest.mark.parametrize("width", range(60, 201, 10))
def test_no_line_is_wider_than_the_screen(width: int) -> None:
    assert max(map(len, printed(width).lines)) <= width


def test_a_narrow_screen_leaves_out_window_reason_and_ack_first() -> None:
    assert printed(200).lines[1].split()[-4:] == ["ack", "window", "kind", "reason"]
    assert printed(75).line_with("frame  ").split()[-2:] == ["server", "kind"]


def test_a_reason_without_room_for_its_source_is_told_without() -> None:
    assert "(RFC 9293" in printed(200).line_with("    6 ")
    cut = printed(115).line_with("    6 ")
    assert "(RFC" not in cut
    assert cut.endswith("starts at SND.NXT")

"""The congestion story on the screen."""

import pytest

from analyzer.congestion.episodes import Step, StepKind
from analyzer.congestion.story import Story
from analyzer.terminal.congestion import STEPS_SHOWN, print_congestion
from reconstruct.vocabulary import CongestionControl, Sender
from tests.analyzer.congestion.stories import story
from tests.analyzer.terminal.printing import Paper


def test_the_story_of_a_real_sender_names_algorithm_cuts_and_what_rules_the_others_out() -> None:
    paper = Paper(width=200)
    print_congestion(paper, [story("ecn-marks-1")])
    assert paper.lines[1] == "Congestion"
    assert paper.line_with("client").split()[1] == "Reno,"
    assert "CUBIC would have gone on to" in paper.line_with("Not CUBIC: frame ")
    assert paper.line_with("Slow start from frame 4 until frame ")


def test_a_long_story_is_cut_and_counted() -> None:
    steps = [Step(StepKind.CUT, frame, frame, 20, 10) for frame in range(STEPS_SHOWN + 2)]
    paper = Paper()
    print_congestion(paper, [Story(Sender.SERVER, CongestionControl.RENO, 0.9, steps=steps)])
    assert sum("Cut without" in line for line in paper.lines) == STEPS_SHOWN
    assert paper.line_with("2 more steps")


def test_a_connection_without_data_has_no_story() -> None:
    paper = Paper()
    print_congestion(paper, [])
    assert paper.lines[1] == "Congestion  no end sent data"


@pytest.mark.parametrize("width", [60, 80, 120])
def test_no_line_is_wider_than_the_screen(width: int) -> None:
    paper = Paper(width=width)
    print_congestion(paper, [story("ecn-marks-1")])
    assert max(map(len, paper.lines)) <= width

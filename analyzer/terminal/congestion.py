"""The congestion story of both ends on the screen of `tcpscope flow`."""

from collections.abc import Sequence

from analyzer.congestion.story import Story
from analyzer.congestion.words import application_words, bounds_words, ruling_words, step_words, verdict_words
from analyzer.terminal import units
from analyzer.terminal.overview import LABEL_WIDTH
from analyzer.terminal.screen import QUIET, Screen

STEPS_SHOWN = 24  # of one sender: a long transfer has hundreds
_INDENT = LABEL_WIDTH + 2


def print_congestion(screen: Screen, stories: Sequence[Story]) -> None:
    """Print what the congestion window of each end went through."""
    screen.heading("Congestion", "" if stories else "no end sent data")
    for story in stories:
        screen.paragraph(" ".join(verdict_words(story)), "", _INDENT, f"  {story.sender.text}")
        for text in bounds_words(story):
            screen.paragraph(text, "", _INDENT)
        for candidate in story.candidates:
            if candidate.ruled_out:
                screen.paragraph(ruling_words(candidate), QUIET, _INDENT)
        for step in story.steps[:STEPS_SHOWN]:
            screen.paragraph(step_words(step), "", _INDENT)
        if len(story.steps) > STEPS_SHOWN:
            more = units.counted(len(story.steps) - STEPS_SHOWN, "more step")
            screen.paragraph(f"and {more}: --json shows all", QUIET, _INDENT)
        held = application_words(story)
        if held is not None:
            screen.paragraph(held, "", _INDENT)

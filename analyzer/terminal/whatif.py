"""The screen of `tcpscope whatif`."""

from analyzer.congestion.ruling import NAMES
from analyzer.terminal import units
from analyzer.terminal.overview import LABEL_WIDTH
from analyzer.terminal.screen import QUIET, WARNING, Screen
from analyzer.whatif.estimate import Estimate
from analyzer.whatif.words import POOR, assumptions, check_words, transfer_words, verdict_words

_INDENT = LABEL_WIDTH + 2


def print_whatif(screen: Screen, title: tuple[str, str], told: Estimate) -> None:
    """Print an estimate with what it is worth and what it rests on."""
    screen.title(*title)
    screen.paragraph(verdict_words(told), "bold")
    poor = told.error is None or abs(told.error) > POOR
    screen.paragraph(check_words(told), WARNING if poor else QUIET)
    screen.heading("Times", "from the first byte to the acknowledgment of the last")
    screen.paragraph(f"{units.span(told.real_ns)}, {NAMES[told.was]}", "", _INDENT, "  real")
    screen.paragraph(transfer_words(told.same), "", _INDENT, "  simulated")
    screen.paragraph(transfer_words(told.other), "", _INDENT, "  as asked")
    screen.heading("Assumed")
    for text in assumptions(told):
        screen.paragraph(text)

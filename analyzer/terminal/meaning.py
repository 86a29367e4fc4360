"""The screen of `tcpscope explain FINDING`: what it means, how it is measured, what to do."""

from analyzer.capture.reader import printable
from analyzer.configuration import DEFAULT, Configured
from analyzer.terminal.screen import QUIET, Screen
from analyzer.terminal.units import plain
from analyzer.told import PARTS, Meaning


def print_meaning(screen: Screen, meaning: Meaning, chosen: Configured) -> None:
    """Print the words about a finding, and its thresholds with what set them."""
    screen.title(meaning.name, "a finding")
    for part, title in PARTS.items():
        screen.heading(title)
        screen.paragraph(getattr(meaning, part))
    thresholds = meaning.thresholds(chosen.settings)
    screen.heading("Thresholds", "" if thresholds else "none")
    for each in thresholds:
        origin = chosen.origins[each.name]
        where = "" if origin == DEFAULT else f" (set by {printable(origin)})"
        screen.line("  ", (each.name, "bold"), f" = {plain(each.value)} {each.unit}{where}")
        screen.paragraph(each.reason, QUIET, indent=4)

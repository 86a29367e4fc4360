"""The screen of `--show-config`: every threshold, its unit, and what set it."""

from analyzer.capture.reader import printable
from analyzer.configuration import DEFAULT, Configured
from analyzer.settings import told
from analyzer.terminal.screen import QUIET, Screen
from analyzer.terminal.table import Field, print_table
from analyzer.terminal.units import plain


def print_configuration(screen: Screen, chosen: Configured) -> None:
    """Print the thresholds in the order in which they are declared."""
    listed = told(chosen.settings)
    origins = [chosen.origins[each.name] for each in listed]
    changed = ["" if origin == DEFAULT else "bold" for origin in origins]
    print_table(screen, [
        Field("threshold", [(each.name, style) for each, style in zip(listed, changed, strict=True)]),
        Field("value", [(plain(each.value), style)
                        for each, style in zip(listed, changed, strict=True)], right=True),
        Field("unit", [(each.unit, QUIET) for each in listed], least=12),
        Field("from", [(printable(origin), style or QUIET) for origin, style in zip(origins, changed, strict=True)],
              least=12),
    ])  # fmt: skip

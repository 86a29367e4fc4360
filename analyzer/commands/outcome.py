"""How a command ends: notes on standard error, and the exit code."""

import sys
from typing import TYPE_CHECKING

import click

from analyzer.errors import EXIT_DONE, EXIT_PARTIAL, EXIT_SAID_NO

if TYPE_CHECKING:
    from analyzer.analysis import Analysis

EXIT_INTERRUPTED = 130  # 128 and the number of the signal, as shells report it
EXIT_BROKEN_PIPE = 141
EXIT_TERMINATED = 143
_DAMAGE = "truncated-capture"  # the finding that names a damaged file, the offset and the reason


def note(text: str) -> None:
    """Print a line on standard error."""
    from analyzer.capture.reader import printable

    click.echo(f"tcpscope: {printable(' '.join(text.split()))}", err=True)


def outcome(analysis: "Analysis", allow_partial: bool, said_no: bool = False, interrupted: bool = False) -> int:
    """Tell what is missing in an analysis and return the exit code.

    An interruption comes first, then a no, then damage.
    """
    sys.stdout.flush()  # on a terminal the notes stand below what was printed
    for finding in analysis.finding_list:
        if finding.finding == _DAMAGE:
            note(finding.summary)
    if analysis.interrupted or interrupted:
        note("interrupted: this is what was read until then")
        return EXIT_INTERRUPTED
    if said_no:
        return EXIT_SAID_NO
    return EXIT_PARTIAL if analysis.partial and not allow_partial else EXIT_DONE

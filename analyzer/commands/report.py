"""`tcpscope report`: pages for the browser."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from analyzer.commands import options
from analyzer.commands.outcome import outcome

if TYPE_CHECKING:
    from analyzer.configuration import Configured
    from analyzer.report.report import Written


@click.command("report", short_help="Write pages for the browser: what was wrong, down to the segment.")
@options.captures
@click.option("-o", "--output", "path", required=True, metavar="PATH", type=click.Path(path_type=Path),
              help="NAME.html is one file; anything else a folder, with a page for each connection.")  # fmt: skip
@click.option("--flow", "numbers", type=options.FlowNumber(), multiple=True, metavar="N",
              help="Give this connection a page, and only those named. Can be given several times.")  # fmt: skip
@click.option("--pages", type=click.IntRange(min=0), metavar="COUNT",
              help="How many connections get a page, the worst first [50 in one file, 1,000 in a folder].")  # fmt: skip
@click.option("--plotlyjs", "plotly", metavar="FILE", type=click.Path(path_type=Path),
              help="Put this script of Plotly into the report, such as the small basic bundle.")  # fmt: skip
@options.thresholds
@options.allow_partial
def command(
    captures: tuple[str, ...],
    path: Path,
    numbers: tuple[int, ...],
    pages: int | None,
    plotly: Path | None,
    chosen: Configured,
    allow_partial: bool,
) -> int:
    """Write a report that opens in any browser, without a network: everything it needs is inside.

    It begins with what was found, worst first, and a table of all connections; the page of a connection draws its
    segments, windows, round trips and rates on one time axis, and replays it step by step. The report is written
    whole, or not at all.
    """
    from analyzer.commands.whole import whole
    from analyzer.report.report import Wishes, write_report

    with whole(captures, numbers, chosen.settings, record=True) as read:
        written = write_report(read.analysis, path, Wishes(tuple(dict.fromkeys(numbers)), pages, plotly))
        read.progress.clear()
        click.echo(_told(written))
        return outcome(read.analysis, allow_partial, interrupted=read.interrupted)


def _told(written: Written) -> str:
    """Return one line about what was written."""
    from analyzer.capture.reader import printable
    from analyzer.terminal import units

    pages = units.counted(written.pages, "connection")
    left = written.connections - written.pages
    more = f", {units.count(left)} more in its table" if left else ""
    return f"{printable(str(written.path))}  {units.size(written.size)}: {pages} in full{more}"

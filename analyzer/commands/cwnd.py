"""`tcpscope cwnd`: the congestion window of a sender over time."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from analyzer.commands import options
from analyzer.commands.outcome import outcome

if TYPE_CHECKING:
    from analyzer.analysis import Analysis
    from reconstruct.recorder import RowStore
    from reconstruct.vocabulary import Sender

_NO_LAST_FRAME = (1 << 63) - 1
_FRAME = click.IntRange(min=1)


@click.command("cwnd", short_help="Plot a sender's congestion window over time.")
@options.capture
@options.number
@click.option("--direction", type=click.Choice(("client", "server")),
              help="Whose window [the end that sent more].")  # fmt: skip
@click.option("--from", "first", type=_FRAME, default=1, metavar="FRAME", help="The first frame to show.")
@click.option("--to", "last", type=_FRAME, default=_NO_LAST_FRAME, metavar="FRAME", help="The last frame to show.")
@click.option("-o", "--output", "file", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False),
              help="Write the table `windows` of it into a file (.csv, .parquet or .json) instead.")  # fmt: skip
@options.as_json
@options.allow_partial
def command(
    capture: str,
    number: int,
    direction: str | None,
    first: int,
    last: int,
    file: Path | None,
    as_json: bool,
    allow_partial: bool,
) -> int:
    """Plot the congestion window of one end of connection N: the estimate with its 90 % interval.

    Beside it the slow start threshold, the bytes in flight, the window of the peer, and the phase. On a terminal lines
    are dots in colours; elsewhere, and with NO_COLOR, each has a letter. --json prints the rows of the table `windows`.
    """
    from analyzer.commands.whole import whole
    from analyzer.congestion.windows import busier
    from reconstruct.vocabulary import Sender

    if first > last:
        raise click.UsageError(f"--from {first} is after --to {last}.")
    with whole([capture], [number]) as read:
        sender = Sender[direction.upper()] if direction else busier(read.analysis, number)
        read.analysis.window_rows(number)
        read.progress.clear()
        if file is not None or as_json:
            _write(_rows(read.analysis, number, sender, first, last), file, as_json)
        else:
            _plot(read.analysis, number, sender, first, last)
        return outcome(read.analysis, allow_partial, interrupted=read.interrupted)


def _rows(analysis: Analysis, number: int, sender: Sender, first: int, last: int) -> RowStore:
    """Return the rows of the table `windows` of one end between two frames."""
    from analyzer.selection import rows_between, rows_of_sender

    return rows_of_sender(rows_between(analysis.window_rows(number), first, last), sender)


def _write(chosen: RowStore, file: Path | None, as_json: bool) -> None:
    """Write rows of windows into a file, as JSON to standard output, or both."""
    from analyzer import rows, schema
    from analyzer.capture.reader import printable
    from analyzer.export import export_table
    from analyzer.json_document import write_array

    if file is not None:
        written = export_table(file, schema.WINDOWS, chosen)
        if not as_json:
            click.echo(f"{printable(str(file))}  {written.rows:,} {'row' if written.rows == 1 else 'rows'}")
    if as_json:
        write_array(sys.stdout, rows.rows_of(chosen, schema.WINDOWS))


def _plot(analysis: Analysis, number: int, sender: Sender, first: int, last: int) -> None:
    """Print the picture."""
    from analyzer.capture.reader import printable
    from analyzer.congestion.story import stories_of
    from analyzer.congestion.windows import own_windows
    from analyzer.terminal.connections import connection_of
    from analyzer.terminal.cwnd import print_cwnd
    from analyzer.terminal.screen import Screen

    connection = connection_of(analysis.flow_rows, analysis.direction_rows, number)
    windows = [row for row in own_windows(analysis, number, sender) if first <= row["frame"] <= last]
    because = next((each.unobservable_because for each in stories_of(analysis, number) if each.sender == sender), None)
    title = f"Flow {number} · window of the {sender.text} {connection.end(sender.text)}"
    name = printable(analysis.capture.names[0])
    print_cwnd(Screen(), (title, name), windows, connection.flow["first_time_ns"], because)

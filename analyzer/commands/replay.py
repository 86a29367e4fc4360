"""`tcpscope replay`: the segments of one connection, a line each."""

import sys

import click

from analyzer.commands import options
from analyzer.commands.outcome import outcome

_NO_LAST_FRAME = (1 << 63) - 1
_FRAME = click.IntRange(min=1)


@click.command("replay", short_help="Print a connection's segments as a sequence diagram.")
@options.capture
@options.number
@click.option("--from", "first", type=_FRAME, default=1, metavar="FRAME", help="The first frame to print.")
@click.option("--to", "last", type=_FRAME, default=_NO_LAST_FRAME, metavar="FRAME", help="The last frame to print.")
@options.as_json
@options.allow_partial
def command(capture: str, number: int, first: int, last: int, as_json: bool, allow_partial: bool) -> int:
    """Print the segments of connection N, a line each, with the states of both ends after it.

    The arrow carries flags, sequence number and length; numbers are relative to each end's first. --json prints an
    array with the rows of the table `segments`.
    """
    from analyzer.commands.whole import whole

    if first > last:
        raise click.UsageError(f"--from {first} is after --to {last}.")
    with whole([capture], [number]) as read:
        segments = read.analysis.segment_rows(number)
        read.progress.clear()
        if as_json:
            from analyzer import rows, schema
            from analyzer.json_document import write_array
            from analyzer.selection import rows_between

            write_array(sys.stdout, rows.rows_of(rows_between(segments, first, last), schema.SEGMENTS))
        else:
            from analyzer.terminal.connections import connection_of
            from analyzer.terminal.replay import print_replay
            from analyzer.terminal.screen import Screen

            connection = connection_of(read.analysis.flow_rows, read.analysis.direction_rows, number)
            print_replay(Screen(), connection, segments, first, last)
        return outcome(read.analysis, allow_partial, interrupted=read.interrupted)

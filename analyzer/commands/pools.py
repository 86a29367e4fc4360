"""`tcpscope pools`: how connections are used again, what they cost to open, how long they may be idle."""

import sys

import click

from analyzer.commands import options
from analyzer.commands.outcome import outcome


@click.command("pools", short_help="Show how connections are used again, and what an idle timeout should be.")
@options.captures
@click.option("--limit", type=click.IntRange(min=1), default=25, metavar="COUNT", help="How many lines to print [25].")
@options.as_json
@options.allow_partial
def command(captures: tuple[str, ...], limit: int, as_json: bool, allow_partial: bool) -> int:
    """Show for each client, server and port how its connections are used.

    A request is text of the client's after text of the server's. The idle timeout is a fifth below the shortest pause
    after which the server closed a connection or a request failed. --json prints every pair.
    """
    from analyzer.analysis import summarize
    from analyzer.pairs import pools_row
    from analyzer.progress import Progress
    from analyzer.standard_input import check_standard_input

    check_standard_input(captures)
    with Progress() as progress:
        analysis = summarize(captures, limit=0, progress=progress)
    if as_json:
        from analyzer.json_document import write_array

        write_array(sys.stdout, map(pools_row, analysis.pairs.pairs))
    else:
        from analyzer.terminal.pairs import print_pools
        from analyzer.terminal.screen import Screen

        print_pools(Screen(), analysis.pairs, limit)
    return outcome(analysis, allow_partial)

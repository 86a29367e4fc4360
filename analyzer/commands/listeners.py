"""`tcpscope listeners`: what each server's address and port had to open, as a table or as JSON."""

from __future__ import annotations

import sys

import click

from analyzer.commands import options
from analyzer.commands.outcome import outcome

USUAL_LIMIT = 25  # listeners; what fits a screen


@click.command("listeners", short_help="Show what each listener had to open: SYN rate, refusals, half-open, cookies.")
@options.captures
@click.option("--limit", type=click.IntRange(min=1), metavar="COUNT",
              help=f"How many to show, the busiest first [{USUAL_LIMIT}; with --json all].")  # fmt: skip
@options.as_json
@options.allow_partial
def command(captures: tuple[str, ...], limit: int | None, as_json: bool, allow_partial: bool) -> int:
    """Show, for each server's address and port, how its connections opened.

    How many SYNs came and how fast, how many connections were completed, refused, left without an answer or half open,
    over time; how likely SYN cookies were used, and what became of Fast Open.
    """
    from analyzer.analysis import summarize
    from analyzer.progress import Progress
    from analyzer.standard_input import check_standard_input

    check_standard_input(captures)
    with Progress() as progress:
        analysis = summarize(captures, limit=0, progress=progress)
    ranked = sorted(analysis.listeners, key=lambda listener: -listener.connections)
    if as_json:
        from analyzer.json_document import write_array
        from analyzer.listener_rows import listener_row

        write_array(sys.stdout, map(listener_row, ranked[:limit]))
    else:
        from analyzer.terminal.listeners import print_listeners
        from analyzer.terminal.screen import Screen

        print_listeners(Screen(), analysis.capture, ranked, limit or USUAL_LIMIT)
    return outcome(analysis, allow_partial)

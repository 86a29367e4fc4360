"""`tcpscope listeners`: what each server's address and port had to open, as a table or as JSON."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from analyzer.commands import options
from analyzer.commands.outcome import outcome

if TYPE_CHECKING:
    from analyzer.listeners import ListenerSeen

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

        write_array(sys.stdout, _rows(ranked[:limit]))
    else:
        from analyzer.terminal.listeners import print_listeners
        from analyzer.terminal.screen import Screen

        print_listeners(Screen(), analysis.capture, ranked, limit or USUAL_LIMIT)
    return outcome(analysis, allow_partial)


def _rows(listeners: list[ListenerSeen]) -> Iterator[dict[str, Any]]:
    """Yield each listener as JSON has it; what connections met has the names of `reconstruct.vocabulary.Met`."""
    from analyzer.rows import seconds, time_text
    from reconstruct.listener import ARRIVED, COMPLETED, NEVER, REFUSED
    from reconstruct.vocabulary import Met

    lines = {"arrived": ARRIVED, "completed": COMPLETED, "never_completed": NEVER, "refused": REFUSED}
    for listener in listeners:
        yield {
            "address": listener.address,
            "port": listener.port,
            "first_time": time_text(listener.first_ns),
            "last_time": time_text(listener.last_ns),
            "connections": listener.connections,
            "clients": listener.clients,
            "completed": listener.completed,
            "refused": listener.refused,
            "reset_by_client": listener.reset,
            "never_completed": listener.never,
            "pending": listener.pending,
            "peak_per_s": listener.peak_per_s(ARRIVED),
            "syn_cookies": {
                "verdict": listener.cookies.text,
                "probability": listener.cookies.probability,
                "reasons": list(listener.cookies.reasons),
            },
            "met": {kind.text: listener.met(kind).count for kind in Met if listener.met(kind).count},
            "over_time": {
                "bucket_s": seconds(listener.width_ns),
                **{name: _until_last(listener.line(row)) for name, row in lines.items()},
            },
        }


def _until_last(line: list[int]) -> list[int]:
    """Return a row of the time line without the empty buckets at its end."""
    while line and line[-1] == 0:
        line.pop()
    return line

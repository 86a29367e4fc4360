"""`tcpscope flow`: one connection told in full."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from analyzer.commands import options
from analyzer.commands.outcome import outcome

if TYPE_CHECKING:
    from analyzer.analysis import Analysis
    from analyzer.configuration import Configured
    from analyzer.json_document import Member


@click.command("flow", short_help="Tell one connection in full.")
@options.capture
@options.number
@options.as_json
@options.thresholds
@options.allow_partial
def command(capture: str, number: int, as_json: bool, chosen: Configured, allow_partial: bool) -> int:
    """Tell connection N of a capture in full.

    Its handshake with times and options, each end's way through the states with frame numbers, the figures of both
    directions, what the congestion window of each went through, and its events in order. --json prints its row,
    directions, events, congestion and findings.
    """
    from analyzer.commands.whole import whole

    with whole([capture], [number], chosen.settings) as read:
        read.analysis.segment_rows(number)  # now, with the progress of it, and not when half is printed
        read.progress.clear()
        if as_json:
            from analyzer.json_document import write_object

            write_object(sys.stdout, members(read.analysis, number))
        else:
            from analyzer.terminal.flow import print_flow
            from analyzer.terminal.screen import Screen

            print_flow(Screen(), read.analysis.capture.names[0], read.analysis, number)
        return outcome(read.analysis, allow_partial, interrupted=read.interrupted)


def members(analysis: Analysis, number: int) -> Iterator[Member]:
    """Yield the members of the JSON object about one connection."""
    from analyzer import rows, schema
    from analyzer.congestion.as_json import story_json
    from analyzer.congestion.story import stories_of
    from analyzer.selection import rows_of_flow

    (flow,) = rows.rows_of(rows_of_flow(analysis.flow_rows, number), schema.FLOWS)
    yield "flow", flow
    yield "directions", rows.rows_of(rows_of_flow(analysis.direction_rows, number), schema.DIRECTIONS)
    yield "events", rows.rows_of(rows_of_flow(analysis.event_rows, number), schema.EVENTS)
    yield "congestion", (story_json(story) for story in stories_of(analysis, number))
    yield "findings", (rows.finding_row(found) for found in analysis.finding_list if found.flow == number)

"""`tcpscope analyze`: one screen about a capture, or everything as JSON."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from analyzer.commands import options
from analyzer.commands.outcome import outcome
from analyzer.terminal.orders import ORDERS

if TYPE_CHECKING:
    from analyzer.analysis import Analysis
    from analyzer.configuration import Configured
    from analyzer.facts import CaptureFacts
    from analyzer.json_document import Member

USUAL_ORDER = "worst"
USUAL_LIMIT = 25  # connections; what fits a screen
LIMIT_MAX = 1_000_000  # connections that are kept, each with 1.5 kB
_ALL = -1


@click.command("analyze", short_help="Show a capture, its connections and what is wrong, on one screen.")
@options.captures
@click.option(
    "--sort", "order", type=click.Choice(tuple(ORDERS)), help=f"Which connections come first [{USUAL_ORDER}]."
)
@click.option("--limit", type=click.IntRange(0, LIMIT_MAX), metavar="COUNT",
              help=f"How many connections to list [{USUAL_LIMIT}; with --json all].")  # fmt: skip
@options.as_json
@click.option("--fail-on", "expressions", multiple=True, metavar="EXPR",
              help="Exit with 1 where this is true: the name of a finding, a severity (info, warning, error: that and "
                   "worse), or a comparison with columns of the tables, joined by and, or, not. Can be given several "
                   "times.")  # fmt: skip
@options.thresholds
@options.allow_partial
def command(
    captures: tuple[str, ...],
    order: str | None,
    limit: int | None,
    as_json: bool,
    expressions: tuple[str, ...],
    chosen: Configured,
    allow_partial: bool,
) -> int:
    """Show what a capture is, its connections with their states and round trips, and what is wrong.

    Several captures are one, in order of time. "-" reads a pipe; Ctrl-C ends it and prints what there is:

    \b
        tcpdump -U -w - | tcpscope analyze -

    With --json every connection is listed in order of appearance; --limit lists only so many, by --sort.

    For --fail-on, a comparison is true if any row of the table is; sum, min, max and mean of a column and count of a
    table or of a finding are single numbers:

    \b
        --fail-on warning --fail-on "max(directions.rtt_p95_ms) > 200"
        --fail-on "directions.retransmissions > 10 and not capture-loss"
        --fail-on "flows.closing == rst or count(loss) >= 3"
    """
    from analyzer.analysis import summarize
    from analyzer.fail_on import conditions_of, said_no
    from analyzer.progress import Progress
    from analyzer.standard_input import check_standard_input

    if as_json and order and limit is None:
        raise click.UsageError("--json lists every connection in order of appearance; give --limit with --sort.")
    conditions = conditions_of(expressions)
    check_standard_input(captures)
    listed = limit if limit is not None else _ALL if as_json else USUAL_LIMIT
    read = frozenset[str]().union(*(condition.tables for condition in conditions))
    kept = listed if read <= {"findings"} else _ALL
    with Progress() as progress:
        analysis = summarize(captures, order or USUAL_ORDER, kept, progress, "events" in read, chosen.settings)
    no = said_no(conditions, analysis.rows)
    if kept != listed:
        analysis.narrow(order or USUAL_ORDER, listed)
    if as_json:
        from analyzer.json_document import write_object

        write_object(sys.stdout, members(analysis))
    else:
        from analyzer.terminal.overview import print_overview
        from analyzer.terminal.screen import Screen

        print_overview(Screen(), analysis, order or USUAL_ORDER)
    return outcome(analysis, allow_partial, no)


def members(analysis: Analysis) -> Iterator[Member]:
    """Yield the members of the JSON object, name and value; rows are made when they are written."""
    from analyzer import rows, schema

    yield "capture", _facts_json(analysis.capture) | {"interrupted": analysis.interrupted}
    yield "totals", asdict(analysis.totals)
    yield "skipped", map(asdict, analysis.skipped)
    yield "flows", rows.rows_of(analysis.flow_rows, schema.FLOWS)
    yield "directions", rows.rows_of(analysis.direction_rows, schema.DIRECTIONS)
    yield "findings", map(rows.finding_row, analysis.finding_list)


def _facts_json(facts: CaptureFacts) -> dict[str, Any]:
    """Return the facts as JSON has them: times as text, null for what is not known."""
    from analyzer.linktypes import link_type_name
    from analyzer.rows import time_text
    from reconstruct.seq import UNKNOWN

    told = asdict(facts)
    for name in ("first_time", "last_time"):
        time_ns = told.pop(f"{name}_ns")
        told[name] = None if time_ns == UNKNOWN else time_text(time_ns)
    for interface in told["interfaces"]:
        interface["link_type"] = link_type_name(interface["link_type"])
        interface["snaplen"] = interface["snaplen"] or None
    return told | {"partial": bool(facts.damages)}

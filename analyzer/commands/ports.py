"""`tcpscope ports`: which client ports are in use or in TIME-WAIT, and how many are left."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from analyzer.commands import options
from analyzer.commands.outcome import outcome

if TYPE_CHECKING:
    from analyzer.configuration import Configured

FIRST_PORT, LAST_PORT = 32_768, 60_999  # Linux's net.ipv4.ip_local_port_range
_LARGEST = 65_535


class PortRange(click.ParamType):  # type: ignore[type-arg] # generic since click 8.4, and older ones will do
    """Two ports, the first and the last."""

    name = "FIRST-LAST"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return how many ports there are; anything else is wrong usage."""
        first, _, last = str(value).partition("-")
        numbers = [int(text) if text.isascii() and text.isdecimal() else 0 for text in (first, last)]
        if not 0 < numbers[0] <= numbers[1] <= _LARGEST:
            self.fail(f"{str(value)!r} is no range of ports, such as {FIRST_PORT}-{LAST_PORT}", param, ctx)
        return numbers[1] - numbers[0] + 1


@click.command("ports", short_help="Show how many client ports are in use, in TIME-WAIT, and left.")
@options.captures
@click.option("--range", "room", type=PortRange(),
              help=f"The local ports of the clients (net.ipv4.ip_local_port_range) "
                   f"[{FIRST_PORT}-{LAST_PORT}].")  # fmt: skip
@click.option("--limit", type=click.IntRange(min=1), default=25, metavar="COUNT", help="How many lines to print [25].")
@options.as_json
@options.thresholds
@options.allow_partial
def command(
    captures: tuple[str, ...], room: int | None, limit: int, as_json: bool, chosen: Configured, allow_partial: bool
) -> int:
    """Show for each client, server and port how many connections are opened, open and in TIME-WAIT.

    A client has one range of ports for each address and port of a server; a connection that it closed first keeps its
    port for another minute. --json prints every pair, with its ports over time.
    """
    from analyzer.analysis import summarize
    from analyzer.pairs import ports_row
    from analyzer.progress import Progress
    from analyzer.standard_input import check_standard_input

    check_standard_input(captures)
    with Progress() as progress:
        analysis = summarize(captures, limit=0, progress=progress)
    room = room or round(chosen.settings.ephemeral_ports)
    if as_json:
        from analyzer.json_document import write_array

        write_array(sys.stdout, (ports_row(pair, analysis.pairs.spans, room) for pair in analysis.pairs.pairs))
    else:
        from analyzer.terminal.pairs import print_ports
        from analyzer.terminal.screen import Screen

        print_ports(Screen(), analysis.pairs, room, chosen.settings.ephemeral_share, limit)
    return outcome(analysis, allow_partial)

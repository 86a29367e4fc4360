"""`tcpscope whatif`: how long a connection would have taken under another sender."""

from __future__ import annotations

import sys

import click

from analyzer.commands import options
from analyzer.commands.outcome import outcome


@click.command("whatif", short_help="Estimate what another congestion control or window would have done.")
@options.capture
@options.number
@click.option("--congestion-control", "control", type=click.Choice(("cubic", "reno", "bbr")),
              help="Another congestion control [the one that it ran].")  # fmt: skip
@click.option("--initial-window", "window", type=click.IntRange(1, 1000), metavar="SEGMENTS",
              help="Another initial window [its own].")  # fmt: skip
@click.option("--rwnd", type=click.IntRange(1, 1 << 30), metavar="BYTES",
              help="A fixed receive window [as it was offered].")  # fmt: skip
@click.option("--direction", type=click.Choice(("client", "server")),
              help="Whose sending [the end that sent more].")  # fmt: skip
@options.as_json
@options.allow_partial
def command(
    capture: str,
    number: int,
    control: str | None,
    window: int | None,
    rwnd: int | None,
    direction: str | None,
    as_json: bool,
    allow_partial: bool,
) -> int:
    """Estimate how long connection N would have taken under another sender: its writes, losses and delays, simulated.

    The time is an estimate, and stands beside the real one with everything that was assumed. How well the sender as it
    was can be simulated tells what the estimate is worth.
    """
    from analyzer.capture.reader import printable
    from analyzer.commands.whole import whole
    from analyzer.congestion.windows import busier
    from analyzer.whatif.estimate import Question, estimate
    from reconstruct.vocabulary import CongestionControl, Sender

    with whole([capture], [number]) as read:
        sender = Sender[direction.upper()] if direction else busier(read.analysis, number)
        asked = Question(CongestionControl[control.upper()] if control else None, window, rwnd)
        told = estimate(read.analysis, number, sender, asked)
        read.progress.clear()
        if as_json:
            from analyzer.json_document import write_object
            from analyzer.whatif.as_json import members

            write_object(sys.stdout, members(told))
        else:
            from analyzer.terminal.screen import Screen
            from analyzer.terminal.whatif import print_whatif

            name = printable(read.analysis.capture.names[0])
            print_whatif(Screen(), (f"Flow {number} · what if, {sender.text}", name), told)
        return outcome(read.analysis, allow_partial, interrupted=read.interrupted)

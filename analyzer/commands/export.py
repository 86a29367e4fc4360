"""`tcpscope export`: the tables as files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from analyzer.commands import options
from analyzer.commands.outcome import outcome

if TYPE_CHECKING:
    from analyzer.configuration import Configured

FORMATS = ("csv", "parquet", "json")  # of `analyzer.export`, which is not imported for a line of help


@click.command("export", short_help="Write the tables as CSV, Parquet or JSON.")
@options.captures
@click.option("-o", "--output", "folder", required=True, metavar="DIR", type=click.Path(path_type=Path),
              help="The folder to write into; it is made where there is none.")  # fmt: skip
@click.option("--format", "file_format", type=click.Choice(FORMATS), default=FORMATS[0], show_default=True,
              help="What to write.")  # fmt: skip
@click.option("--flow", "numbers", type=options.FlowNumber(), multiple=True, metavar="N",
              help="Only this connection. Can be given several times.")  # fmt: skip
@options.thresholds
@options.allow_partial
def command(
    captures: tuple[str, ...],
    folder: Path,
    file_format: str,
    numbers: tuple[int, ...],
    chosen: Configured,
    allow_partial: bool,
) -> int:
    """Write the tables flows, directions, segments, windows, events and findings into a folder, a file each.

    All files are written, or none. `tcpscope schema` tells what their columns mean.
    """
    from analyzer.capture.reader import printable
    from analyzer.commands.whole import whole
    from analyzer.export import export

    with whole(captures, numbers, chosen.settings) as read:
        written = export(read.analysis, folder, file_format, numbers)
        read.progress.clear()
        for file in written:
            click.echo(f"{printable(str(file.path))}  {file.rows:,} {'row' if file.rows == 1 else 'rows'}")
        return outcome(read.analysis, allow_partial, interrupted=read.interrupted)

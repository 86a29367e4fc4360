"""`tcpscope crosscheck`: our labels beside those of tshark, frame by frame."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from analyzer.commands import options
from analyzer.commands.outcome import note, outcome
from analyzer.errors import EXIT_DONE

if TYPE_CHECKING:
    from analyzer.capture.ledger import Skip
    from analyzer.crosscheck.compare import Crosscheck, Group
    from analyzer.json_document import Member

USUAL_LIMIT = 12  # frames of one reason; a line or two
_ALL = -1


@click.command("crosscheck", short_help="Compare the labels of segments with tshark's, and say why they differ.")
@options.capture
@click.option("--flow", "number", type=options.FlowNumber(), metavar="N", help="Only this connection.")
@click.option("--limit", type=click.IntRange(0), default=USUAL_LIMIT, show_default=True, metavar="COUNT",
              help="How many frames to list for a reason.")  # fmt: skip
@click.option("--all", "everything", is_flag=True, help="List all frames.")
@click.option("--packet", type=click.IntRange(1), metavar="FRAME",
              help="Instead, print what Wireshark dissects in one frame (through pyshark).")  # fmt: skip
@options.as_json
@options.allow_partial
def command(
    capture: str,
    number: int | None,
    limit: int,
    everything: bool,
    packet: int | None,
    as_json: bool,
    allow_partial: bool,
) -> int:
    """Compare what tcpscope calls each segment with `tcp.analysis` of tshark.

    Prints a table of both tools' labels, and every difference with the mechanism behind it; docs/differences.md
    explains them. Needs tshark, which is run once over the capture, with none of your preferences; without it the exit
    code is 5. --json lists every frame.
    """
    from analyzer.commands.whole import whole
    from analyzer.crosscheck.compare import crosscheck
    from analyzer.crosscheck.tshark import Tshark, find_tshark, tshark_version
    from analyzer.one_frame import skips_of

    find_tshark()  # before a minute of reading
    if packet is not None:
        if as_json:
            raise click.UsageError("--packet prints text: give it without --json.")
        return _print_packet(capture, packet)
    with whole([capture], [] if number is None else [number]) as read:
        segments = read.analysis.segment_rows()
        tshark = Tshark(read.again())
        made = crosscheck(segments, read.analysis.event_rows, tshark, number)
        skips = skips_of(read.again(), made.skipped)
        read.progress.clear()
        if as_json:
            from analyzer.json_document import write_object

            write_object(sys.stdout, members(read.analysis.capture.names[0], tshark_version(), made, skips))
        else:
            from analyzer.terminal.crosscheck import print_crosscheck
            from analyzer.terminal.screen import Screen

            name = read.analysis.capture.names[0]
            print_crosscheck(Screen(), name, tshark_version(), made, skips, _ALL if everything else limit)
        if tshark.message:
            note(f"tshark: {tshark.message}")
        return outcome(read.analysis, allow_partial, interrupted=read.interrupted)


def _print_packet(capture: str, frame: int) -> int:
    """Print Wireshark's dissection of one frame."""
    from analyzer.capture.reader import printable
    from analyzer.crosscheck.dissection import dissection
    from analyzer.progress import Progress
    from analyzer.standard_input import replayable

    with Progress() as progress, replayable([capture], progress) as sources:
        source: Any = sources.captures[0]
        text = dissection(source, frame)
    for line in text.splitlines():
        click.echo(printable(line))
    return EXIT_DONE


def members(name: str, version: str, made: Crosscheck, skips: dict[int, Skip]) -> Iterator[Member]:
    """Yield the members of the JSON object."""
    from analyzer.crosscheck.compare import ranked

    yield "capture", name
    yield "tshark", version
    yield "segments", made.segments
    yield "differ", made.differing
    yield "not_explained", made.not_explained
    yield "labels", (
        {"tcpscope": kind.text, "tshark": label.text, "segments": made.table[kind, label],
         "differ": made.otherwise[kind, label]}
        for kind, label in sorted(made.table)
    )  # fmt: skip
    yield (
        "notes",
        (
            {"note": mark.text, "tcpscope": ours, "tshark": theirs, "segments": made.marks[mark, ours, theirs]}
            for mark, ours, theirs in sorted(made.marks)
        ),
    )
    yield "label_differences", map(_group_json, ranked(made.labels_differ))
    yield "note_differences", map(_group_json, ranked(made.marks_differ))
    yield "tshark_alone", ({"frame": frame, "skipped": _reason(skips, frame)} for frame in made.skipped)
    yield "tcpscope_alone", list(made.missed)


def _reason(skips: dict[int, Skip], frame: int) -> str | None:
    """Return why we skipped a frame."""
    return skips[frame].text if frame in skips else None


def _group_json(group: Group) -> dict[str, Any]:
    """Return the frames of one reason as plain values."""
    return {
        "reason": group.reason.name,
        "wireshark": group.reason.wireshark,
        "tcpscope": group.reason.tcpscope,
        "said": [{"tcpscope": ours, "tshark": theirs, "frames": count} for (ours, theirs), count in group.said.items()],
        "frames": group.frames.tolist(),
    }

"""`tcpscope explain`: one frame in plain words, or what a finding means."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from analyzer.commands import options
from analyzer.commands.outcome import outcome
from analyzer.errors import EXIT_DONE

if TYPE_CHECKING:
    from analyzer.configuration import Configured
    from analyzer.crosscheck.one_opinion import OneOpinion
    from analyzer.explanation import EndView, Explanation
    from analyzer.json_document import Member

FRAME = click.IntRange(min=1)


@click.command("explain", short_help="Tell in plain words what one frame is, or what a finding means.")
@click.argument("named", metavar="CAPTURE|FINDING", type=click.Path())
@click.argument("frame", type=FRAME, required=False, metavar="[FRAME]")
@options.as_json
@options.thresholds
@options.allow_partial
def command(named: str, frame: int | None, as_json: bool, chosen: Configured, allow_partial: bool) -> int:
    """Tell what frame FRAME of a capture is, or, given the name of a finding alone, what that finding means.

    \b
        tcpscope explain capture.pcap 1234
        tcpscope explain nagle-delayed-ack

    Of a frame: the rule that said so with its figures, what each end knew before it, what was learned later, what
    Wireshark calls it (where tshark is installed) and, where that differs, why. Of a finding: how it is measured, its
    thresholds and what set them, what to do about it and when not to.
    """
    if frame is None:
        return _explain_finding(named, as_json, chosen)
    return _explain_frame(named, frame, as_json, allow_partial)


def _explain_finding(name: str, as_json: bool, chosen: Configured) -> int:
    """Print what a finding means; raises `UsageError` where there is none of that name."""
    from analyzer.told import meaning_of

    try:
        meaning = meaning_of(name)
    except KeyError:
        raise click.UsageError(_no_such(name)) from None
    if as_json:
        from analyzer.json_document import write_object

        thresholds = meaning.thresholds(chosen.settings)
        told = [asdict(each) | {"from": chosen.origins[each.name]} for each in thresholds]
        words = {name: value for name, value in asdict(meaning).items() if name != "settings"}
        write_object(sys.stdout, (words | {"thresholds": told}).items())
    else:
        from analyzer.terminal.meaning import print_meaning
        from analyzer.terminal.screen import Screen

        print_meaning(Screen(), meaning, chosen)
    return EXIT_DONE


def _no_such(name: str) -> str:
    """Return what is wrong where one argument is no finding: a frame is missing, or the name is misspelled."""
    import difflib
    from pathlib import Path

    from analyzer.detectors import DETECTORS

    if name == "-" or Path(name).exists():
        return "Missing argument 'FRAME': the number of a packet in the capture, from 1."
    names = [detector.name for detector in DETECTORS]
    wanted = name.lower().replace("_", "-").replace(" ", "-")
    near = [each for each in names if wanted and wanted in each] or difflib.get_close_matches(wanted, names, n=3)
    hint = f"did you mean {' or '.join(near)}?" if near else f"there are {', '.join(names)}"
    return f"there is no finding {name!r}, nor a capture of that name; {hint}"


def _explain_frame(capture: str, frame: int, as_json: bool, allow_partial: bool) -> int:
    """Print what a frame is."""
    from analyzer.commands.whole import whole
    from analyzer.crosscheck.one_opinion import opinion_on
    from analyzer.explanation import explain

    with whole([capture]) as read:
        analysis = read.analysis
        told = explain(analysis, read.again(), frame)
        theirs = opinion_on(read.again(), frame, told.segments, analysis.event_rows)
        read.progress.clear()
        if as_json:
            from analyzer.json_document import write_object

            write_object(sys.stdout, members(told, theirs))
        else:
            from analyzer.terminal.connections import connection_of
            from analyzer.terminal.explain import print_explanation
            from analyzer.terminal.screen import Screen

            flow = told.flow and connection_of(analysis.flow_rows, analysis.direction_rows, told.flow["flow"])
            print_explanation(Screen(), analysis.capture.names[0], told, flow or None, theirs)
        return outcome(analysis, allow_partial, interrupted=read.interrupted)


def members(told: Explanation, theirs: OneOpinion) -> Iterator[Member]:
    """Yield the members of the JSON object; all but `frame`, `skipped` and `wireshark` are null for no segment."""
    from analyzer import plain_words, rows, schema
    from analyzer.capture.ledger import Skip
    from analyzer.congestion.as_json import candidate_json
    from analyzer.terminal.explain import not_a_segment
    from reconstruct.seq import UNKNOWN
    from reconstruct.vocabulary import Sender

    row = told.row
    skip = told.fate.skip
    yield "frame", told.frame
    yield "time", rows.time_text(told.fate.time_ns) if told.fate.time_ns != UNKNOWN else None
    yield "skipped", None if skip is Skip.NONE else skip.text
    yield "sentence", not_a_segment(skip) if row is None else plain_words.sentence(row)
    yield "rule", None if row is None else plain_words.reason(row)
    yield "segment", None if told.segments is None else _public(told.segments, schema.SEGMENTS, told.frame)
    yield "sack_blocks", [list(block) for block in told.sack] if row else None
    ends = zip(Sender, told.ends, strict=True)
    yield "before", {sender.text: _end_json(end) for sender, end in ends} if row else None
    yield "events", [plain_words.event_words(event) for event in told.events] if row else None
    yield "rules_out", [candidate_json(each) for each in told.rulings] if row else None
    yield "same_bytes", [each["frame"] for each in told.copies] if row else None
    yield "acknowledged_by", told.acked_by["frame"] if told.acked_by else None
    yield "wireshark", _wireshark_json(theirs)


def _public(segments: Any, table: Any, frame: int) -> dict[str, Any]:
    """Return the public row of a frame."""
    from analyzer import rows
    from analyzer.selection import rows_between

    (row,) = rows.rows_of(rows_between(segments, frame, frame), table)
    return row


def _end_json(end: EndView) -> dict[str, Any]:
    """Return what one end knew."""
    from reconstruct.seq import UNKNOWN
    from reconstruct.states import State

    def known(cell: int) -> int | None:
        return None if cell == UNKNOWN else cell

    return {
        "state": None if end.state == UNKNOWN else State(end.state).text,
        "state_after": None if end.state_after == UNKNOWN else State(end.state_after).text,
        "snd_una": known(end.snd_una),
        "snd_nxt": known(end.snd_nxt),
        "rcv_nxt": known(end.rcv_nxt),
        "window": known(end.window),
        "windows": None if end.windows is None else _estimates(end.windows),
        "episodes": {name: event["frame"] for name, event in end.episodes.items()},
    }


def _estimates(windows: dict[str, int]) -> dict[str, Any]:
    """Return the public row of windows without what says whose and when it is."""
    from analyzer import rows, schema

    made = rows.makers_of(tuple(windows), schema.WINDOWS)
    cells = list(windows.values())
    return {name: make(cells) for name, make in made if name not in ("flow", "sender", "time")}


def _wireshark_json(theirs: OneOpinion) -> dict[str, Any]:
    """Return what Wireshark says."""
    opinion = theirs.opinion
    return {
        "tshark": theirs.version or None,
        "missing": theirs.missing or None,
        "streams": list(opinion.streams) if opinion else None,
        "label": opinion.label.text if opinion else None,
        "notes": [mark.text for mark in sorted(opinion.marks)] if opinion else None,
        "differences": [
            {"reason": each.name, "wireshark": each.wireshark, "tcpscope": each.tcpscope} for each in theirs.differences
        ],
    }

"""The screen of `tcpscope explain`: one frame in plain words."""

from collections.abc import Iterator

from analyzer import plain_words, rows
from analyzer.capture.ledger import Skip
from analyzer.capture.reader import printable
from analyzer.congestion.words import contradiction_words
from analyzer.crosscheck.labels import Label
from analyzer.crosscheck.one_opinion import OneOpinion
from analyzer.crosscheck.view import Seen
from analyzer.explanation import EndView, Explanation, end_of
from analyzer.terminal import units
from analyzer.terminal.connections import Connection
from analyzer.terminal.overview import LABEL_WIDTH, date_text
from analyzer.terminal.screen import QUIET, WARNING, Part, Screen
from analyzer.terminal.table import Field, print_table
from analyzer.terminal.units import NOTHING
from reconstruct.segment import OPTION_TIMESTAMPS
from reconstruct.seq import UNKNOWN
from reconstruct.states import State
from reconstruct.vocabulary import Limit, Name, Phase, SegmentKind, Sender, Vantage

_INDENT = LABEL_WIDTH + 2
_EPISODES = "is in"
_ALWAYS = frozenset({"state", "SND.UNA", "SND.NXT", "flight", "peer's window", "smoothed RTT", "RCV.NXT, as told"})
_PLACES: dict[int, str] = {
    Vantage.CLIENT: "as seen at the client",
    Vantage.SERVER: "as seen at the server",
    Vantage.PATH: "as seen between the ends",
}


def print_explanation(
    screen: Screen, name: str, told: Explanation, connection: Connection | None, theirs: OneOpinion
) -> None:
    """Print a frame of the capture `name`; `connection` is there for a segment."""
    where = printable(name)
    if connection is not None:
        flow = connection.flow
        where += f" · flow {flow['flow']}, {connection.end('client')} → {connection.end('server')}"
    screen.title(f"Frame {told.frame}", where)
    if told.row is None or connection is None:
        screen.paragraph(not_a_segment(told.fate.skip))
        screen.paragraph(f"{date_text(told.fate.time_ns)} UTC", QUIET)
    else:
        screen.paragraph(plain_words.sentence(told.row), "bold")
        _print_facts(screen, "Segment", _segment_facts(told, told.row, connection))
        _print_ends(screen, told, connection)
        _print_facts(screen, "What came of it", _later_facts(told, told.row))
    _print_wireshark(screen, told, theirs)


def not_a_segment(skip: Skip) -> str:
    """Return why a frame is no segment of a connection."""
    if skip is Skip.NONE:
        return "A TCP segment that belongs to none of the connections: it is in no table."
    if skip is Skip.LATE:
        return "A TCP segment of a connection that was finished already, and forgotten: it is in no table."
    return f"No TCP segment: {skip.text}. It takes no part in any connection; `tcpscope analyze` counts it as skipped."


def _print_facts(screen: Screen, title: str, facts: Iterator[tuple[str, str]]) -> None:
    """Print names and texts below a heading."""
    screen.heading(title)
    for label, text in facts:
        screen.paragraph(text, "", _INDENT, f"  {label}")


def _segment_facts(told: Explanation, row: dict[str, int], connection: Connection) -> Iterator[tuple[str, str]]:
    """Yield what the segment is and holds."""
    yield "Kind", SegmentKind(row["kind"]).text
    yield "Rule", plain_words.reason(row)
    since = units.clock(row["time_ns"] - connection.flow["first_time_ns"])
    yield "Time", f"{date_text(row['time_ns'])} UTC, {since} s after the first segment of its connection"
    ack = "" if row["ack"] == UNKNOWN else f" · ack {row['ack']}"
    window = "of unknown scale" if row["window"] == UNKNOWN else units.size(row["window"])
    yield "Header", f"{rows.flags_text(row['flags'])} · seq {row['seq']}{ack} · {row['len']} B · window {window}"
    options = ", ".join(_options(told))
    if options:
        yield "Options", options
    if row["rtt_ns"] != UNKNOWN:
        yield "Round trip", f"{units.span(row['rtt_ns'])}, which it completes"


def _options(told: Explanation) -> Iterator[str]:
    """Yield the options that say something here."""
    segment = told.fate.segment
    if segment is not None and segment.options & OPTION_TIMESTAMPS:
        yield f"TSval {segment.tsval}, TSecr {segment.tsecr}"
    if told.sack:
        yield f"SACK {', '.join(f'{start} to {stop - 1}' for start, stop in told.sack)}"


def _print_ends(screen: Screen, told: Explanation, connection: Connection) -> None:
    """Print what each end knew."""
    vantage = connection.flow["vantage"]
    known = vantage != UNKNOWN
    screen.heading("What each end knew before it", _PLACES.get(vantage, "as captured"))
    facts = [dict(_end_facts(end)) for end in told.ends]
    shown = [name for name in facts[0] if name in _ALWAYS or any(each[name] != NOTHING for each in facts)]
    print_table(screen, [
        Field("", [(name, "") for name in shown], least=10),
        *(Field(Sender(sender).text, [_part(name, each[name]) for name in shown], least=14)
          for sender, each in enumerate(facts)),
    ])  # fmt: skip
    if known and vantage != Vantage.PATH and Sender(told.row["sender"] if told.row else 0) != vantage:
        screen.paragraph("Taken at the other end: its sender knew less of what the peer had answered by then.", QUIET)


def _end_facts(end: EndView) -> Iterator[tuple[str, str]]:
    """Yield what one end knew, name and text, `NOTHING` for what cannot be seen."""
    state = _state(end.state)
    if end.state_after not in (end.state, UNKNOWN):
        state = f"{state} → {_state(end.state_after)}"
    yield "state", state
    yield "SND.UNA", _number(end.snd_una)
    yield "SND.NXT", _number(end.snd_nxt)
    yield "flight", units.size(end.estimate("flight"))
    yield "peer's window", units.size(end.estimate("rwnd"))
    yield "cwnd, estimated", units.size(end.estimate("cwnd"))
    yield "ssthresh, estimated", units.size(end.estimate("ssthresh"))
    yield "phase", _text(Phase, end.estimate("phase"))
    yield "held back by", _text(Limit, end.estimate("limit"))
    yield "smoothed RTT", units.span(end.estimate("srtt_ns"))
    yield "RCV.NXT, as told", _number(end.rcv_nxt)
    yield "own window", units.size(end.window)
    yield (
        _EPISODES,
        ", ".join(f"{name} since frame {event['frame']}" for name, event in end.episodes.items()) or NOTHING,
    )


def _part(name: str, text: str) -> Part:
    """Return a fact in its style."""
    return text, QUIET if text == NOTHING else WARNING if name == _EPISODES else ""


def _text(names: type[Name], number: int) -> str:
    """Return a name of a closed list."""
    return NOTHING if number == UNKNOWN else names(number).text


def _state(state: int) -> str:
    """Return the name of a state."""
    return NOTHING if state == UNKNOWN else State(state).text


def _number(offset: int) -> str:
    """Return a sequence number."""
    return NOTHING if offset == UNKNOWN else str(offset)


def _later_facts(told: Explanation, row: dict[str, int]) -> Iterator[tuple[str, str]]:
    """Yield what the frame did, and what was learned after it."""
    for event in told.events:
        yield "Event", plain_words.event_words(event)
    for ruling in told.rulings:
        yield "Rules out", f"{ruling.name}: it {contradiction_words(ruling)}"
    if told.copies:
        listed = [f"{each['frame']} ({SegmentKind(each['kind']).text})" for each in told.copies]
        yield "Same bytes", f"in {'frame' if len(listed) == 1 else 'frames'} {', '.join(listed)}"
    if row["spurious"] == 1:
        yield "Spurious", "it was proven later that this was not needed: the bytes had arrived, or were on their way"
    elif row["spurious"] == 0:
        yield "Spurious", "nothing proves that it was not needed"
    if told.acked_by is not None:
        waited = units.span(told.acked_by["time_ns"] - row["time_ns"])
        yield "Answered", f"acknowledged as a whole in frame {told.acked_by['frame']}, {waited} later"
    elif end_of(row) > row["seq"]:
        yield "Answered", "never acknowledged in this capture"
    elif not told.events and not told.rulings:
        yield "Nothing", "no event, and nothing to acknowledge"


def view_words(seen: Seen) -> Iterator[str]:
    """Yield what Wireshark's rules look at, in words."""
    if seen.highest != UNKNOWN:
        yield f"the next expected number {seen.highest}, since {units.span(seen.since_highest_ns)}"
    if seen.peer_ack != UNKNOWN:
        yield f"the peer's last ack {seen.peer_ack}, {units.span(seen.since_peer_ns)} before"
    if seen.peer_dup_acks:
        yield units.counted(seen.peer_dup_acks, "duplicate") + " of it"
    if seen.first_rtt_ns != UNKNOWN:
        yield f"the handshake's round trip {units.span(seen.first_rtt_ns)}"


def _print_wireshark(screen: Screen, told: Explanation, theirs: OneOpinion) -> None:
    """Print what Wireshark calls it."""
    if theirs.missing:
        screen.heading("Wireshark")
        screen.paragraph(theirs.missing, QUIET)
        return
    screen.heading("Wireshark", f"tshark {printable(theirs.version)}")
    opinion = theirs.opinion
    if opinion is None:
        screen.paragraph("tshark does not come to this frame")
        return
    if not opinion.streams:
        screen.paragraph("finds no TCP in it")
        return
    noted = [mark.text for mark in sorted(opinion.marks)]
    label = "none of its labels" if opinion.label is Label.NONE else opinion.label.text
    screen.paragraph(", ".join([label, *noted]), "", _INDENT, "  Says")
    if theirs.seen is not None:
        screen.paragraph(", ".join(view_words(theirs.seen)), "", _INDENT, "  It knew")
    if told.is_segment and not theirs.differences:
        screen.paragraph("the same, in the words that it has", QUIET, _INDENT, "  Differs")
    for difference in theirs.differences:
        screen.paragraph(difference.name, WARNING, _INDENT, "  Differs")
        screen.paragraph(f"Wireshark {difference.wireshark}", "", _INDENT)
        screen.paragraph(f"tcpscope {difference.tcpscope}", "", _INDENT)

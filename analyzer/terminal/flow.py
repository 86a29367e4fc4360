"""The screen of `tcpscope flow`: one connection told in full."""

from collections.abc import Iterator, Mapping
from itertools import groupby, islice
from typing import Any

from analyzer import rows, schema
from analyzer.capture.reader import printable
from analyzer.columns import Column, Form
from analyzer.congestion.story import stories_of
from analyzer.rows import Value
from analyzer.selection import rows_of_flow
from analyzer.terminal import units
from analyzer.terminal.congestion import print_congestion
from analyzer.terminal.connections import Connection, connection_of
from analyzer.terminal.findings import print_findings
from analyzer.terminal.flow_control import print_flow_control
from analyzer.terminal.limits import print_limits
from analyzer.terminal.overview import LABEL_WIDTH, date_text
from analyzer.terminal.screen import QUIET, WARNING, Part, Screen
from analyzer.terminal.table import Field, needed, print_table
from analyzer.terminal.units import NOTHING
from reconstruct.recorder import RowStore
from reconstruct.segment import FIN, RST, SYN
from reconstruct.seq import UNKNOWN
from reconstruct.states import State
from reconstruct.vocabulary import Closing, EventKind, Opening, Sender, Vantage

EVENTS_SHOWN = 200  # of one connection; a bulk transfer may have thousands
HANDSHAKE_SEGMENTS = 8  # that are looked at: three, and some sent again
_NEVER_DIFFERENT = frozenset({"flow", "sender"})
_ALWAYS_TOLD = frozenset({"segments", "data_segments", "bytes", "unique_bytes", "retransmissions"})
_TROUBLE = frozenset({"retransmissions", "zero_window_episodes", "out_of_order", "missing_bytes", "invalid_segments"})


def print_flow(screen: Screen, name: str, analysis: Any, number: int) -> None:
    """Print everything about the connection `number` of an analysis; `name` is the capture's."""
    connection = connection_of(analysis.flow_rows, analysis.direction_rows, number)
    title = f"Flow {number} · {connection.end('client')} → {connection.end('server')}"
    screen.title(title, printable(name))
    for label, text in _facts(connection):
        screen.paragraph(text, "", LABEL_WIDTH + 2, f"  {label}")
    _print_handshake(screen, connection, analysis.segment_rows(number))
    events = rows_of_flow(analysis.event_rows, number)
    states = [row for row in rows.raw_rows(events) if row["event"] == EventKind.STATE]
    _print_states(screen, states)
    _print_directions(screen, connection, analysis.direction_rows)
    print_flow_control(screen, connection)
    print_limits(screen, connection)
    print_congestion(screen, stories_of(analysis, number))
    others = (row for row in rows.raw_rows(events) if row["event"] != EventKind.STATE)
    _print_events(screen, connection, list(islice(others, EVENTS_SHOWN)), events.count - len(states))
    found = [finding for finding in analysis.finding_list if finding.flow == number]
    screen.heading("Findings", "" if found else "none about this connection")
    print_findings(screen, found)


def _facts(connection: Connection) -> Iterator[tuple[str, str]]:
    """Yield the connection in a few words: name and text of each fact."""
    flow = connection.flow
    times = f"{date_text(flow['first_time_ns'])} to {date_text(flow['last_time_ns'])} UTC"
    yield "Time", f"{times} ({units.span(connection.duration_ns)})"
    yield "Frames", f"{flow['first_frame']} to {flow['last_frame']} · {units.counted(flow['segments'], 'segment')}"
    yield "Bytes", f"{units.size(flow['bytes'])} of payload, each byte counted once"
    yield "Opening", Opening(flow["opening"]).text
    yield (
        "Closing",
        f"{Closing(flow['closing']).text} · client {_state(flow, 'client')}, server {_state(flow, 'server')}",
    )
    yield "Round trip", connection.round_trip
    if flow["vantage"] != UNKNOWN:
        yield "Taken at", f"the {Vantage(flow['vantage']).text}"
    for side, end in (("Client side", connection.client), ("Server side", connection.server)):
        if end["sender_rtt_min_ns"] != UNKNOWN:
            yield side, _half(end)
    vlan = None if flow["vlan"] == UNKNOWN else rows.vlan_text(flow["vlan"])
    tunnel = rows.tunnel_number(flow["domain"])
    if vlan or tunnel:
        yield "Inside", ", ".join([*([f"VLAN {vlan}"] if vlan else []), *([f"tunnel {tunnel}"] if tunnel else [])])
    if not flow["role_known"]:
        yield "Note", "no SYN was captured: which end is the client was judged"
    if flow["one_sided"]:
        yield "Note", "the capture shows one end only: what the other did cannot be known"


def _half(end: Mapping[str, int]) -> str:
    """Return the part of the round trip between the capture and one end in words."""
    told = [
        ("min", end["sender_rtt_min_ns"]),
        ("median", end["sender_rtt_median_ns"]),
        ("p95", end["sender_rtt_p95_ns"]),
    ]
    figures = ", ".join(f"{name} {units.span(figure)}" for name, figure in told if figure != UNKNOWN)
    return f"{figures} of the round trip"


def _state(flow: Mapping[str, int], side: str) -> str:
    """Return the printed name of an end's last state."""
    state = flow[f"{side}_state"]
    return "unknown" if state == UNKNOWN else State(state).text


def _print_handshake(screen: Screen, connection: Connection, store: RowStore) -> None:
    """Print the segments of the handshake with their times, and the options that each end offered."""
    segments = [
        dict(zip(store.names, store.row(at), strict=True)) for at in range(min(store.count, HANDSHAKE_SEGMENTS))
    ]
    shown = _handshake(segments)
    screen.heading("Handshake", "" if shown else "not in the capture")
    if not shown:
        return
    before = [shown[0], *shown[:-1]]
    since = [now["time_ns"] - then["time_ns"] for now, then in zip(shown, before, strict=True)]
    print_table(screen, [
        Field("frame", [(str(row["frame"]), "") for row in shown], right=True),
        Field("time", [(date_text(row["time_ns"]).split(" ")[1], "") for row in shown], rank=1),
        Field("after", [("" if at == 0 else f"+{units.span(gap)}", "") for at, gap in enumerate(since)], right=True),
        Field("", [("client → server" if row["sender"] == Sender.CLIENT else "client ← server", "") for row in shown]),
        Field("flags", [(rows.flags_text(row["flags"]), "bold") for row in shown]),
        Field("offers", [(_offers(connection, row), "") for row in shown], least=12),
    ])  # fmt: skip
    flow = connection.flow
    halves = (("SYN to SYN-ACK", flow["syn_rtt_ns"]), ("SYN-ACK to ACK", flow["ack_rtt_ns"]))
    screen.paragraph(" · ".join(f"{name}: {units.span(half)}" for name, half in halves), QUIET)


def _handshake(segments: list[dict[str, int]]) -> list[dict[str, int]]:
    """Return the segments with SYN and the first plain one after the last of them; none where there was no SYN."""
    last = max((at for at, row in enumerate(segments) if row["flags"] & SYN), default=-1)
    opening = [row for row in segments[: last + 1] if row["flags"] & (SYN | RST)]
    after = [row for row in segments[last + 1 :] if not row["flags"] & FIN]
    return opening + after[:1] if opening else []


def _offers(connection: Connection, segment: Mapping[str, int]) -> str:
    """Return the options of a SYN in words; other segments carry none that matter here."""
    length = f"{segment['len']} bytes of data" if segment["len"] else ""
    if not segment["flags"] & SYN:
        return length
    sent = connection.client if segment["sender"] == Sender.CLIENT else connection.server
    told = []
    for name, words in (("mss", "MSS {} B"), ("window_scale", "scale {}")):
        told.append("no " + words.split(" {")[0] if sent[name] == UNKNOWN else words.format(sent[name]))
    for name, words in (("sack_permitted", "SACK"), ("timestamps", "timestamps"), ("ecn", "ECN"),
                        ("fast_open", "Fast Open")):  # fmt: skip
        told += [words] if sent[name] not in (0, UNKNOWN) else []
    return ", ".join([*told, *([length] if length else [])])


def _print_states(screen: Screen, events: list[dict[str, int]]) -> None:
    """Print each end's path through the states, with the frame of each step."""
    screen.heading("States", "" if events else "no change in the capture")
    for sender, steps in groupby(sorted(events, key=lambda row: row["sender"]), key=lambda row: row["sender"]):
        listed = list(steps)
        start = rows.event_detail(EventKind.STATE, *(listed[0][cell] for cell in "abc"))["from"]
        path = [str(start)] if start else []
        for row in listed:
            detail = rows.event_detail(EventKind.STATE, *(row[cell] for cell in "abc"))
            on = f"{detail['on']}, " if detail["on"] else ""
            path.append(f"{detail['to']} ({on}frame {row['frame']})")
        screen.paragraph(" → ".join(path), "", LABEL_WIDTH + 2, f"  {Sender(sender).text}")


def _print_directions(screen: Screen, connection: Connection, store: RowStore) -> None:
    """Print both directions' figures side by side; figures that nobody measured are left out."""
    made = dict(rows.makers_of(store.names, schema.DIRECTIONS))
    both = [[each[name] for name in store.names] for each in (connection.client, connection.server)]
    lines, zeros = [], []
    for column in schema.DIRECTIONS.columns:
        values = [made[column.name](cells) for cells in both]
        told_elsewhere = column.name in _NEVER_DIFFERENT or column.form is Form.SHARE
        if told_elsewhere or not column.cells or values == [None, None]:
            continue
        counts = column.form is not Form.MILLISECONDS and None not in values
        if column.name not in _ALWAYS_TOLD and counts and not any(values):
            zeros.append(_title(column))
        else:
            lines.append((column, values))
    screen.heading("Directions")
    print_table(screen, [
        Field("", [(_title(column), "") for column, _ in lines], least=14),
        *(Field(title, [_figure(column, values[at]) for column, values in lines], right=True)
          for at, title in enumerate(("client → server", "server → client"))),
    ])  # fmt: skip
    if zeros:
        screen.paragraph(f"none in either direction: {', '.join(zeros)}", QUIET)


def _title(column: Column) -> str:
    """Return a figure's name in words."""
    return column.name.removesuffix("_ms").removesuffix("_s").replace("_", " ")


def _figure(column: Column, value: Value) -> tuple[str, str]:
    """Return a figure with its unit."""
    if value is None:
        return NOTHING, QUIET
    if isinstance(value, bool):
        return ("yes" if value else "no"), ""
    if isinstance(value, str):
        return value, ""
    if column.form is Form.MILLIONTHS and isinstance(value, float):
        return f"{100 * value:.1f} %", ""
    if column.form in (Form.MILLISECONDS, Form.SECONDS) and isinstance(value, float):
        unit_ns = units.NS_PER_MS if column.form is Form.MILLISECONDS else units.NS_PER_S
        return units.span(round(value * unit_ns)), ""
    assert isinstance(value, int)  # every other column of this table is
    sized = column.unit == "bytes" and column.name != "mss"
    text = units.size(value) if sized else units.counted(value, column.unit.removesuffix("s"))
    return text, WARNING if value and column.name in _TROUBLE else ""


def _print_events(screen: Screen, connection: Connection, shown: list[dict[str, int]], count: int) -> None:
    """Print what else happened, in order; `count` is how much there is."""
    screen.heading("Events", "" if shown else "none")
    start_ns = connection.flow["first_time_ns"]
    fields = [
        Field("frame", [(str(row["frame"]), "") for row in shown], right=True),
        Field("time", [(units.clock(row["time_ns"] - start_ns) + " s", "") for row in shown], right=True),
        Field("end", [(Sender(row["sender"]).text, "") for row in shown]),
        Field("event", [(EventKind(row["event"]).text, "bold") for row in shown]),
    ]
    details: list[Part | None] = [(_detail(row), QUIET) if _detail(row) else None for row in shown]
    beside = Field("detail", [detail or ("", "") for detail in details])
    if needed([*fields, beside]) <= screen.width:
        print_table(screen, [*fields, beside])
    else:
        print_table(screen, fields, details)
    if count > len(shown):
        screen.paragraph(f"and {units.counted(count - len(shown), 'more event')}: --json shows all", QUIET)


def _detail(event: Mapping[str, int]) -> str:
    """Return the details of an event in words."""
    detail = rows.event_detail(event["event"], event["a"], event["b"], event["c"])
    held, waited = detail.pop("held_ms", None), detail.pop("waited_ms", None)
    words = [f"{key.replace('_', ' ')}: {value}" for key, value in detail.items()]
    words += [f"held for {units.span(round(held * units.NS_PER_MS))}"] if isinstance(held, float) else []
    words += [f"after {units.span(round(waited * units.NS_PER_MS))}"] if isinstance(waited, float) else []
    return ", ".join(words)

"""The public tables: every column's name, type, unit and meaning, once.

`rows`, `frames`, `export`, `tcpscope schema` and docs/tables.md are made from this. A column tells from which cells of
the core's rows (`reconstruct/recorder.py`) it is made; one without cells is not measured by this release and is null.
"""

from analyzer.columns import Column, Form, Table
from analyzer.columns import column as _column
from analyzer.columns import count as _count
from reconstruct.states import State
from reconstruct.vocabulary import (
    Closing,
    CongestionControl,
    EventKind,
    Limit,
    Opening,
    Phase,
    SegmentKind,
    Sender,
    Vantage,
)

SEVERITIES = ("info", "warning", "error")  # from the least to the worst


def _share(name: str, of: str) -> Column:
    """Return a share of the sending time."""
    meaning = f"share of the sending time in which {of} held this sender back"
    cells = (f"held_by_{name.removeprefix('limited_by_')}_ns", "sending_ns")
    return _column(name, Form.SHARE, meaning, "0..1", cells, nullable=True)


_FLOW = _column("flow", Form.INTEGER, "number of the connection in order of first appearance (Wireshark's tcp.stream)")
_FRAME = _column("frame", Form.INTEGER, "number of the packet in the capture, from 1 (Wireshark's frame.number)")
_TIME = _column("time", Form.TIME, "when the capture saw the packet")


def _trip(name: str, meaning: str) -> Column:
    """Return a figure of round trips, which a capture need not show."""
    return _column(name, Form.MILLISECONDS, meaning, nullable=True)


def _sender(meaning: str) -> Column:
    """Return the column that tells the end a row is about."""
    return _column("sender", Form.NAME, meaning, names=Sender)


def _state(end: str, when: str) -> Column:
    """Return the column of one end's state."""
    meaning = f"state of the {end} {when}, as RFC 9293 names it"
    return _column(f"{end}_state", Form.NAME, meaning, names=State, nullable=True)


def _address(end: str) -> Column:
    """Return the column of one end's address."""
    cells = ("ip_version", f"{end}_hi", f"{end}_lo")
    return _column(f"{end}_ip", Form.ADDRESS, f"IPv4 or IPv6 address of the {end}", cells=cells)


FLOWS = Table(
    "flows",
    "one row per connection",
    (
        _FLOW,
        _address("client"),
        _column("client_port", Form.INTEGER, "TCP port of the client, the end that sent the first SYN"),
        _address("server"),
        _column("server_port", Form.INTEGER, "TCP port of the server"),
        _column("role_known", Form.BOOLEAN, "a SYN shows which end is the client; false where it was judged"),
        _column("first_frame", Form.INTEGER, "frame of the first segment"),
        _column("last_frame", Form.INTEGER, "frame of the last segment"),
        _column("first_time", Form.TIME, "time of the first segment"),
        _column("last_time", Form.TIME, "time of the last segment"),
        _column("duration_s", Form.SPAN, "from the first to the last segment", cells=("first_time_ns", "last_time_ns")),
        _count("segments", "TCP segments, both directions"),
        _count("bytes", "payload of both directions, each byte once", "bytes"),
        _column("opening", Form.NAME, "how the connection began, as far as the capture shows it", names=Opening),
        _column("closing", Form.NAME, "how the connection ended, as far as the capture shows it", names=Closing),
        _state("client", "at the end"),
        _state("server", "at the end"),
        _column(
            "syn_rtt_ms", Form.MILLISECONDS, "from the SYN to the SYN-ACK, where the capture was taken", nullable=True
        ),
        _column("ack_rtt_ms", Form.MILLISECONDS, "from the SYN-ACK to its ACK, where it was taken", nullable=True),
        _column("vantage", Form.NAME, "where on the path the capture was taken", names=Vantage, nullable=True),
        _column(
            "syn_cookie",
            Form.MILLIONTHS,
            "probability that the SYN-ACK is a SYN cookie; null without a SYN-ACK",
            "0..1",
            nullable=True,
        ),
        _column("one_sided", Form.BOOLEAN, "the capture shows segments of one end only"),
        _column("vlan", Form.VLAN, "VLAN ids, outermost first, joined by dots", nullable=True),
        _column("tunnel", Form.TUNNEL, "id of the innermost tunnel", cells=("domain",), nullable=True),
    ),
)

# What the peer's window did to a sender; the last four are about the sender's own windows.
WINDOW_COLUMNS = (
    _column("zero_window_longest_s", Form.SECONDS, "the longest time that this sender was stopped by a closed window"),
    _count(
        "window_updates_lost",
        "times that the peer opened its closed window and this sender learned it only from the answer to a probe",
        "times",
    ),
    _count(
        "window_full_episodes",
        "times that this sender filled its peer's window: the next full segment did not fit; once for as long as it "
        "kept it filled",
        "episodes",
    ),
    _count("window_shrinks", "times that the peer took back room that it had offered (RFC 9293 3.8.6)", "times"),
    _count("window_shrunk_bytes", "how far the right edge moved left, together", "bytes"),
    _count(
        "silly_openings",
        "times that the peer opened a filled window by less than a segment or half its largest window "
        "(RFC 9293 3.8.6.2.2)",
        "times",
    ),
    _count("silly_segments", "segments of this sender that its peer's window cut short"),
    _column(
        "window_scale_unanswered",
        Form.BOOLEAN,
        "the sender's SYN offers window scaling and its peer's does not: no use of it, or somebody removed it",
        nullable=True,
    ),
    _count("window_scale_denied", "segments that the scaling told by the SYNs does not explain"),
    _column(
        "window_scale_least",
        Form.INTEGER,
        "least scale that the windows leave possible, where the SYNs do not tell it or are denied",
        "bits",
        nullable=True,
    ),
    _column(
        "window_scale_most", Form.INTEGER, "largest such scale; proven where both are equal", "bits", nullable=True
    ),
)

DIRECTIONS = Table(
    "directions",
    "one row per connection and sender",
    (
        _FLOW,
        _sender("the end that sent what this row counts"),
        _count("segments", "segments sent"),
        _count("data_segments", "segments sent with payload"),
        _count("bytes", "payload sent, every copy of a byte", "bytes"),
        _count("unique_bytes", "payload sent, each byte once", "bytes"),
        _column("mss", Form.INTEGER, "MSS option of the sender's SYN", "bytes", nullable=True),
        _column("window_scale", Form.INTEGER, "window scale option of the sender's SYN", "bits", nullable=True),
        _column(
            "isn",
            Form.INTEGER,
            "sequence number on the wire that `seq` counts from: the SYN's, or one before the first byte captured",
            nullable=True,
        ),
        _column("sack_permitted", Form.BOOLEAN, "the sender's SYN permits SACK", nullable=True),
        _column("timestamps", Form.BOOLEAN, "the sender's SYN carries timestamps", nullable=True),
        _column("ecn", Form.BOOLEAN, "the sender's SYN asks for ECN or grants it", nullable=True),
        _column("fast_open", Form.BOOLEAN, "the sender's SYN carries the Fast Open option", nullable=True),
        _column("initial_window", Form.INTEGER, "data segments of the first flight", "segments", nullable=True),
        _count("retransmissions", "segments sent again; the sum of the next seven"),
        _count("fast_retransmissions", "sent again after duplicate acknowledgments or SACK, at the head of recovery"),
        _count("recovery_retransmissions", "sent again later in fast recovery"),
        _count("rto_retransmissions", "sent again by the retransmission timer"),
        _count("slow_start_retransmissions", "sent again after a timeout, in slow start"),
        _count("tail_loss_probes", "sent again as tail loss probes"),
        _count("syn_retransmissions", "SYN or SYN-ACK sent again"),
        _count("other_retransmissions", "sent again, cause not observable"),
        _count("spurious_retransmissions", "of those above, proven unneeded"),
        _count("out_of_order", "segments that the network brought out of order"),
        _count("network_duplicates", "segments that the network, or the capture, duplicated"),
        _count("dup_acks", "duplicate acknowledgments sent"),
        _count("zero_window_episodes", "times that this sender was stopped by a closed window of its peer", "episodes"),
        _column("zero_window_s", Form.SECONDS, "how long it was stopped, together"),
        _count("window_probes", "zero-window probes sent"),
        _count("keep_alives", "keep-alives sent"),
        _count("rtt_samples", "round trips measured on this sender's segments", "samples"),
        _trip("rtt_min_ms", "least round trip of this sender, both parts of it; null where one was not seen"),
        _trip("rtt_median_ms", "median of its round trips"),
        _trip("rtt_p95_ms", "95th percentile of its round trips"),
        _trip("srtt_ms", "its smoothed round trip at the end (RFC 6298)"),
        _column("flight_max", Form.INTEGER, "largest flight: bytes sent and not acknowledged", "bytes", nullable=True),
        _column("cwnd_max", Form.INTEGER, "largest congestion window, estimated", "bytes", nullable=True),
        _column(
            "congestion_control", Form.NAME, "the congestion control that the sending fits", names=CongestionControl
        ),
        _column(
            "congestion_control_confidence",
            Form.MILLIONTHS,
            "how sure that is, null where it is unknown",
            "0..1",
            nullable=True,
        ),
        _share("limited_by_cwnd", "the congestion window"),
        _share("limited_by_rwnd", "the receiver's window"),
        _share("limited_by_application", "the application"),
        _share("limited_by_recovery", "loss recovery"),
        _share("limited_by_nagle", "Nagle's algorithm"),
        _share("limited_by_pacing", "its own clock"),
        _share("limited_by_send_buffer", "its own send buffer, which leaves the application waiting,"),
        _column("sending_s", Form.SECONDS, "time with data unacknowledged, or waiting for a window", nullable=True),
        _column(
            "idle_s", Form.SECONDS, "time with nothing outstanding and nothing to send, before more", nullable=True
        ),
        _column(
            "missing_bytes",
            Form.INTEGER,
            "payload that was acknowledged and that the capture never saw",
            "bytes",
            nullable=True,
        ),
        _count("invalid_segments", "segments that no RFC 9293 receiver would accept"),
        *WINDOW_COLUMNS,
        _trip("peer_rtt_min_ms", "least part of the round trips between the capture and the peer, by acknowledgments"),
        _trip("peer_rtt_median_ms", "median of that part"),
        _trip("peer_rtt_p95_ms", "95th percentile of that part"),
        _trip("sender_rtt_min_ms", "least part between the capture and this sender, by acknowledgments and timestamps"),
        _trip("sender_rtt_median_ms", "median of that part, which includes what the sender took to answer"),
        _trip("sender_rtt_p95_ms", "95th percentile of that part"),
    ),
)

SEGMENTS = Table(
    "segments",
    "one row per TCP segment",
    (
        _FRAME,
        _TIME,
        _FLOW,
        _sender("the end that sent the segment"),
        _column(
            "seq", Form.INTEGER, "sequence number from the sender's ISN, unwrapped to 64 bits: the SYN is 0", "bytes"
        ),
        _column("ack", Form.INTEGER, "acknowledgment number from the peer's ISN, unwrapped", "bytes", nullable=True),
        _column("len", Form.INTEGER, "payload by the IP header, also where the snap length cut it", "bytes"),
        _column("flags", Form.FLAGS, "F S R P A U E C N for FIN SYN RST PSH ACK URG ECE CWR AE; none for no flag"),
        _column("window", Form.INTEGER, "window that the segment offers, scaled", "bytes", nullable=True),
        _column("kind", Form.NAME, "what the segment was for its sender", names=SegmentKind),
        _column("spurious", Form.BOOLEAN, "a retransmission that was proven unneeded", nullable=True),
        _state("client", "after this segment"),
        _state("server", "after this segment"),
        _column("rtt_ms", Form.MILLISECONDS, "round trip that this segment completes", nullable=True),
        _column(
            "reason",
            Form.REASON,
            "the rule that gave the kind, with its figures",
            cells=("rule", "figure_a", "figure_b"),
        ),
    ),
)

WINDOWS = Table(
    "windows",
    "one row per frame at which a sender's windows changed; a row holds until the next one",
    (
        _FLOW,
        _FRAME,
        _TIME,
        _sender("the end whose windows these are"),
        _column("flight", Form.INTEGER, "sent and not acknowledged after this frame", "bytes", nullable=True),
        _column("rwnd", Form.INTEGER, "from SND.UNA to the right edge that the peer offered", "bytes", nullable=True),
        _column("cwnd", Form.INTEGER, "congestion window, estimated", "bytes", nullable=True),
        _column("cwnd_low", Form.INTEGER, "lower end of its 90 % interval", "bytes", nullable=True),
        _column("cwnd_high", Form.INTEGER, "upper end of its 90 % interval", "bytes", nullable=True),
        _column("ssthresh", Form.INTEGER, "slow start threshold, estimated", "bytes", nullable=True),
        _column("phase", Form.NAME, "congestion phase of the sender", names=Phase, nullable=True),
        _trip("srtt_ms", "smoothed round trip of the sender (RFC 6298), both parts; null where one was not seen"),
        _column("limit", Form.NAME, "what held the sender back since its last row", names=Limit, nullable=True),
        _trip("rttvar_ms", "mean deviation of the round trip, as Linux has it"),
        _trip("rto_ms", "retransmission timeout in force, as Linux has it"),
    ),
)

EVENTS = Table(
    "events",
    "one row per thing that happened",
    (
        _FLOW,
        _FRAME,
        _TIME,
        _sender("the end that it happened to"),
        _column("event", Form.NAME, "what happened", names=EventKind),
        _column(
            "detail",
            Form.DETAIL,
            "state: from, to, on; recovery.enter: until_seq; rto: backoff, waited_ms; tail-loss-probe: waited_ms; "
            "zero-window: probes, waited_ms, update_lost_frame, held_ms, ended_by, update_lost; window-full: "
            "window_bytes, room_bytes, flight_bytes; nagle-stall: held_ms, small_frame, ack_frame; "
            "capture-gap: missing_bytes; rule-violation: rule, about",
            cells=("event", "a", "b", "c"),
        ),
    ),
)

FINDINGS = Table(
    "findings",
    "one row per diagnosis",
    (
        Column("finding", Form.TEXT, "name of the diagnosis"),
        Column("severity", Form.NAME, "how bad it is", names=SEVERITIES),
        Column("flow", Form.INTEGER, "the connection, null where it is about the whole capture", nullable=True),
        Column("first_frame", Form.INTEGER, "first frame that shows it", nullable=True),
        Column("last_frame", Form.INTEGER, "last frame that shows it", nullable=True),
        Column("frames", Form.FRAMES, "up to 20 frames, as evidence"),
        Column("confidence", Form.NUMBER, "how sure the diagnosis is", "0..1"),
        Column("summary", Form.TEXT, "one sentence with the figures"),
        Column("advice", Form.TEXT, "what to change"),
        Column("filter", Form.TEXT, "Wireshark display filter that shows the evidence"),
    ),
)

TABLES = (FLOWS, DIRECTIONS, SEGMENTS, WINDOWS, EVENTS, FINDINGS)


def as_json() -> list[dict[str, object]]:
    """Return the schema as plain values: tables with their columns, in order."""
    return [
        {"table": table.name, "meaning": table.meaning, "columns": [_column_json(column) for column in table.columns]}
        for table in TABLES
    ]


def as_markdown() -> str:
    """Return the schema as Markdown: a section and a table of columns for each table."""
    return "\n".join(line for table in TABLES for line in _markdown(table)).rstrip() + "\n"


def _markdown(table: Table) -> list[str]:
    """Return the lines of one table's section."""
    heads = [f"## {table.name}", "", f"{table.meaning[0].upper()}{table.meaning[1:]}.", ""]
    titles = ["| column | type | unit | meaning |", "| --- | --- | --- | --- |"]
    lines = [f"| `{each.name}` | {each.type_text} | {each.unit} | {each.full_meaning} |" for each in table.columns]
    return [*heads, *titles, *lines, ""]


def _column_json(column: Column) -> dict[str, object]:
    """Return one column's description as plain values."""
    return {
        "name": column.name,
        "type": column.type,
        "unit": column.unit or None,
        "nullable": column.nullable,
        "values": list(column.names) or None,
        "meaning": column.meaning,
    }

"""One analysis of one or several captures: what goes in, what comes out, and what is left tidy behind it."""

import gc
import io
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer import schema
from analyzer.analysis import Analysis, analyze, summarize
from analyzer.capture.ledger import Skip
from analyzer.capture.open import open_capture
from analyzer.capture.reader import CaptureReader
from analyzer.errors import CaptureError, UsageError
from reconstruct.recorder import EVENT_COLUMNS, FLOW_COLUMNS, SEGMENT_COLUMNS, WINDOW_COLUMNS, RowStore
from reconstruct.seq import UNKNOWN
from reconstruct.settings import ReplaySettings
from reconstruct.vocabulary import EventKind
from tests.analyzer.capture.reading import Packet, read
from tests.analyzer.running import FIXTURES
from tests.captures import interface, pcap_file, pcap_header, pcap_record, section, statistics
from tests.packets import CLIENT, SERVER, UDP, ethernet, ipv4, tcp, udp

CAPTURE = FIXTURES / "opening" / "accept-queue-full.pcap"  # 69 packets, 6 connections (capinfos; tshark -z conv,tcp)
PACKETS = read(CAPTURE).packets
SYN, RST_ACK = 0x002, 0x014

Rows = list[tuple[int, ...]]
Tables = dict[str, Rows]


def rows(store: RowStore) -> Rows:
    """Return a table of the core, row by row."""
    return [store.row(index) for index in range(store.count)]


def tables(analysis: Analysis) -> Tables:
    """Return every table of the core."""
    stores = (analysis.flow_rows, analysis.direction_rows, analysis.event_rows)
    recorded = (analysis.segment_rows(), analysis.window_rows(), analysis.sack_rows())
    names = ("flows", "directions", "events", "segments", "windows", "sacks")
    return {name: rows(store) for name, store in zip(names, (*stores, *recorded), strict=True)}


def pcap_of(packets: Sequence[Packet]) -> bytes:
    """Return a nanosecond pcap of these packets, cut as they were."""
    records = (pcap_record(packet.data, packet.time_ns, nano=True, wire=packet.wire) for packet in packets)
    return pcap_header(nano=True, link_type=PACKETS[0].link) + b"".join(records)


def column(table: Rows, names: tuple[str, ...], name: str) -> list[int]:
    """Return one column of a table."""
    return [row[names.index(name)] for row in table]


WHOLE = tables(analyze(CAPTURE))


# What may be analyzed


@pytest.mark.parametrize(
    "named",
    [str, Path, Path.read_bytes, lambda path: bytearray(path.read_bytes()), lambda path: io.BytesIO(path.read_bytes())],
    ids=["text", "path", "bytes", "bytearray", "BytesIO"],
)
def test_a_capture_is_a_path_bytes_or_a_file_object(named: Callable[[Path], Any]) -> None:
    assert tables(analyze(named(CAPTURE))) == WHOLE


def test_an_open_file_is_read_and_left_open() -> None:
    with CAPTURE.open("rb") as file:
        assert tables(analyze(file)) == WHOLE
        assert not file.closed


@pytest.mark.parametrize("listed", [list, tuple])
def test_one_list_of_captures_is_those_captures(listed: Callable[[list[bytes]], Any]) -> None:
    parts = [pcap_of(PACKETS[:30]), pcap_of(PACKETS[30:])]
    assert tables(analyze(listed(parts))) == tables(analyze(*parts)) == WHOLE


@pytest.mark.parametrize("captures", [(), ([],)])
def test_no_capture_is_wrong_usage(captures: tuple[Any, ...]) -> None:
    with pytest.raises(UsageError, match="no capture was named"):
        analyze(*captures)


def test_a_file_object_is_read_from_where_it_stands_each_time() -> None:
    file = io.BytesIO(b"something else" + CAPTURE.read_bytes())
    file.seek(len(b"something else"))
    assert tables(analyze(file)) == WHOLE


def test_a_pipe_is_analyzed_and_cannot_be_asked_for_segments() -> None:
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as pipe:
        with os.fdopen(writing, "wb") as end:
            end.write(pcap_of(PACKETS[:30]))  # 30 packets of at most 96 bytes: a pipe holds 4 KiB at least
        analysis = analyze(pipe)
    assert analysis.capture.packets == 30
    with pytest.raises(UsageError, match="cannot be read twice"):
        analysis.segment_rows(0)


# Several captures are one, in order of time


@given(st.lists(st.integers(0, 2), min_size=len(PACKETS), max_size=len(PACKETS)))
def test_a_capture_dealt_out_to_files_is_the_same_capture(file_of: list[int]) -> None:
    parts = [[packet for packet, file in zip(PACKETS, file_of, strict=True) if file == number] for number in range(3)]
    merged = analyze([pcap_of(part) for part in parts])
    assert (rows(merged.flow_rows), rows(merged.event_rows)) == (WHOLE["flows"], WHOLE["events"])


def test_segments_and_windows_of_several_files_are_those_of_one() -> None:
    assert tables(analyze(pcap_of(PACKETS[::2]), pcap_of(PACKETS[1::2]))) == WHOLE


def test_the_order_in_which_files_are_named_does_not_matter() -> None:
    assert tables(analyze(pcap_of(PACKETS[30:]), pcap_of(PACKETS[:30]))) == WHOLE


def test_facts_list_what_each_file_is() -> None:
    pcapng, zipped = FIXTURES / "formats" / "pcapng.pcapng", FIXTURES / "formats" / "pcap-gzip.pcap.gz"
    facts = analyze(pcapng, zipped, CAPTURE).capture
    assert facts.names == [str(pcapng), str(zipped), str(CAPTURE)]
    assert (facts.formats, facts.compressions) == (["pcapng", "pcap", "pcap"], [None, "gzip", None])
    assert (facts.link_types, len(facts.interfaces)) == (["Ethernet", "raw IP"], 3)
    each = [analyze(path).capture for path in (pcapng, zipped, CAPTURE)]
    assert facts.packets == sum(fact.packets for fact in each)
    assert facts.first_time_ns == min(fact.first_time_ns for fact in each)
    assert facts.last_time_ns == max(fact.last_time_ns for fact in each)


def test_progress_of_several_files_is_their_sum() -> None:
    told: list[tuple[int, int | None]] = []
    parts = [pcap_of(PACKETS[::2]), pcap_of(PACKETS[1::2])]
    analyze(*parts, progress=lambda done, size: told.append((done, size)))
    whole = sum(map(len, parts))
    assert told[-1] == (whole, whole)
    assert [done for done, _ in told] == sorted(done for done, _ in told)


def test_progress_of_a_file_object_does_not_know_an_end() -> None:
    told: list[tuple[int, int | None]] = []
    data = CAPTURE.read_bytes()
    analyze(io.BytesIO(data), progress=lambda done, size: told.append((done, size)))
    assert told[-1] == (len(data), None)


# What the capture is


def test_a_capture_without_packets_has_no_times() -> None:
    facts = analyze(pcap_header()).capture
    assert (facts.packets, facts.connections, facts.first_time_ns, facts.last_time_ns) == (0, 0, UNKNOWN, UNKNOWN)


def test_the_snap_length_is_the_largest_and_none_where_an_interface_has_no_limit() -> None:
    assert analyze(section() + interface(snaplen=96) + interface(snaplen=128)).capture.snaplen == 128
    assert analyze(section() + interface(snaplen=96) + interface(snaplen=0)).capture.snaplen is None
    assert analyze(section()).capture.snaplen is None


def test_drops_are_added_up_and_unknown_where_no_interface_tells_them() -> None:
    two = section() + interface() + interface()
    assert analyze(two).capture.dropped is None
    assert analyze(two + statistics(number=0, dropped=2)).capture.dropped == 2
    assert analyze(two + statistics(number=0, dropped=2) + statistics(number=1, dropped=5)).capture.dropped == 7


def test_packets_are_segments_and_skipped_ones() -> None:
    frames = [ethernet(ipv4(tcp(flags=SYN, ack=0))), ethernet(ipv4(udp(b"x"), UDP)), b"short"]
    analysis = analyze(pcap_file(frames))
    assert (analysis.capture.packets, analysis.capture.segments) == (3, 1)
    assert sum(skipped.count for skipped in analysis.skipped) == 2


def test_what_comes_after_a_connection_was_finished_is_in_the_ledger() -> None:
    # Nothing lingers: once both ends are over, the next connection turns the first one into a record.
    def connection(port: int) -> list[bytes]:
        syn = tcp(sport=port, flags=SYN, seq=99, ack=0)
        reset = tcp(sport=80, dport=port, flags=RST_ACK, seq=0, ack=100)
        return [ethernet(ipv4(syn)), ethernet(ipv4(reset, src=SERVER, dst=CLIENT))]

    first, second, third = connection(1001), connection(1002), connection(1003)
    late = ethernet(ipv4(tcp(sport=1001, seq=100, ack=1)))
    hasty = ReplaySettings(max_live_connections=1, linger_ns=0)
    analysis = analyze(pcap_file([*first, *second, *third, late]), assumptions=hasty)
    assert [(row.reason, row.count, row.first_frame) for row in analysis.skipped] == [(Skip.LATE.text, 1, 7)]
    assert analyze(pcap_file([*first, *second, *third, late])).skipped == []


# Damage and interruption


def test_a_damaged_capture_is_partial_and_gives_what_stands_before() -> None:
    data = pcap_of(PACKETS)
    analysis = analyze(data[:-10])
    assert analysis.partial
    assert (analysis.capture.packets, analysis.capture.damages[0].packet) == (68, 68)
    assert rows(analysis.flow_rows) == rows(analyze(pcap_of(PACKETS[:-1])).flow_rows)
    assert not analyze(data).partial


def test_damage_in_one_of_several_files_leaves_the_others_whole() -> None:
    early, late = pcap_of(PACKETS[:30]), pcap_of(PACKETS[30:])
    analysis = analyze(early[:-10], late)
    assert (analysis.partial, analysis.capture.packets) == (True, 68)


class Interrupted(io.BytesIO):
    """A file at whose end Ctrl-C is pressed, from the `calm`-th time of reading it on (0: at once)."""

    calm = 0

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """Begin again."""
        self.calm -= 1
        return super().seek(offset, whence)

    def readinto1(self, buffer: Any, /) -> int:
        """Read, and at the end be interrupted."""
        count = super().readinto1(buffer)
        if count == 0 and self.calm <= 0:
            raise KeyboardInterrupt
        return count


def test_an_interruption_leaves_what_was_read() -> None:
    analysis = analyze(Interrupted(pcap_of(PACKETS[:30])))
    assert analysis.interrupted
    assert rows(analysis.flow_rows) == rows(analyze(pcap_of(PACKETS[:30])).flow_rows)
    assert summarize([Interrupted(pcap_of(PACKETS[:30]))]).interrupted
    assert not analyze(CAPTURE).interrupted


def test_an_interruption_of_the_second_reading_is_not_half_a_table() -> None:
    file = Interrupted(pcap_of(PACKETS[:30]))
    file.calm = 1
    analysis = analyze(file)
    assert not analysis.interrupted
    with pytest.raises(KeyboardInterrupt):
        analysis.segment_rows(0)


# Tidiness


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list["Watched"]:
    """Every reader that is opened."""
    readers: list[Watched] = []

    def watched(source: str | os.PathLike[str] | bytes | BinaryIO) -> Any:
        readers.append(Watched(open_capture(source)))
        return readers[-1]

    monkeypatch.setattr("analyzer.run.open_capture", watched)
    return readers


class Watched:
    """A reader that remembers whether it was closed."""

    def __init__(self, reader: CaptureReader) -> None:
        self.reader = reader
        self.closed = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self.reader, name)

    def close(self) -> None:
        """Close it."""
        self.closed = True
        self.reader.close()


def test_every_reader_is_closed_after_every_reading(opened: list[Watched]) -> None:
    analyze(CAPTURE, CAPTURE).segment_rows(0)
    assert [reader.closed for reader in opened] == [True] * 4


def test_a_capture_that_cannot_be_opened_closes_those_before_it(opened: list[Watched], tmp_path: Path) -> None:
    with pytest.raises(CaptureError, match="no such file"):
        analyze(CAPTURE, tmp_path / "nowhere")
    assert [reader.closed for reader in opened] == [True]


class Stopped(Exception):
    """What a caller's progress raises."""


def stop(done: int, size: int | None) -> None:
    """Raise in the middle of reading."""
    raise Stopped


def test_an_error_of_the_caller_passes_and_closes_the_readers(opened: list[Watched]) -> None:
    with pytest.raises(Stopped):
        analyze(CAPTURE, CAPTURE, progress=stop)
    assert [reader.closed for reader in opened] == [True, True]


def test_garbage_is_collected_again_after_reading() -> None:
    collecting: list[bool] = []
    analyze(CAPTURE, progress=lambda done, size: collecting.append(gc.isenabled()))
    assert (set(collecting), gc.isenabled()) == ({False}, True)
    with pytest.raises(Stopped):
        analyze(CAPTURE, progress=stop)
    assert gc.isenabled()
    analyze(Interrupted(CAPTURE.read_bytes()))
    assert gc.isenabled()


def test_a_caller_without_garbage_collection_keeps_it_off() -> None:
    gc.disable()
    try:
        analyze(CAPTURE)
        assert not gc.isenabled()
    finally:
        gc.enable()


# Rows that are asked for


@pytest.mark.parametrize("flow", range(6))
def test_segments_and_windows_of_a_flow_are_its_part_of_all(flow: int) -> None:
    analysis = analyze(CAPTURE)
    segments = [row for row in WHOLE["segments"] if row[SEGMENT_COLUMNS.index("flow")] == flow]
    windows = [row for row in WHOLE["windows"] if row[WINDOW_COLUMNS.index("flow")] == flow]
    assert segments
    assert (rows(analysis.segment_rows(flow)), rows(analysis.window_rows(flow))) == (segments, windows)


def test_segments_of_a_flow_that_is_not_there_are_none() -> None:
    assert analyze(CAPTURE).segment_rows(6).count == 0


def test_the_capture_is_read_once_for_the_segments_and_windows_of_a_flow(opened: list[Watched]) -> None:
    analysis = analyze(CAPTURE)
    analysis.segment_rows(3)
    analysis.window_rows(3)
    assert len(opened) == 2
    analysis.segment_rows(4)
    assert len(opened) == 3


def test_what_is_recorded_in_the_first_reading_is_what_a_second_one_gives(opened: list[Watched]) -> None:
    recorded = analyze(CAPTURE, record=True)
    recorded.segment_rows(), recorded.window_rows(), recorded.sack_rows()
    assert len(opened) == 1
    assert tables(recorded) == tables(analyze(CAPTURE))


def test_an_end_that_was_never_heard_has_no_states() -> None:
    analysis = analyze(FIXTURES / "vantage" / "one-sided.pcap")
    (flow,), segments, events = rows(analysis.flow_rows), rows(analysis.segment_rows()), rows(analysis.event_rows)
    heard, silent = [("client", "server"), ("server", "client")][flow[FLOW_COLUMNS.index("client_heard")] == 0]
    assert set(column(segments, SEGMENT_COLUMNS, f"{silent}_state")) == {UNKNOWN}
    assert UNKNOWN not in column(segments, SEGMENT_COLUMNS, f"{heard}_state")
    moved = [row for row in events if row[EVENT_COLUMNS.index("event")] == EventKind.STATE]
    assert set(column(moved, EVENT_COLUMNS, "sender")) == {int(heard == "server")}


def test_the_data_frames_are_the_public_tables() -> None:
    analysis = analyze(CAPTURE)
    frames = [analysis.flows, analysis.directions, analysis.segments(), analysis.windows(), analysis.events]
    for frame, table in zip([*frames, analysis.findings], schema.TABLES, strict=True):
        assert tuple(frame.columns) == table.column_names
    names = ("flows", "directions", "segments", "windows", "events")
    assert [len(frame) for frame in frames] == [len(WHOLE[name]) for name in names]
    assert len(analysis.segments(flow=2)) == column(WHOLE["flows"], FLOW_COLUMNS, "segments")[2]

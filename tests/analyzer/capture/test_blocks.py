"""The walk block by block: the window holds what has arrived, and no file of any format breaks it."""

import io
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer.capture.blocks import Window
from analyzer.capture.stored import Stored
from analyzer.errors import CaptureError
from tests.analyzer.capture.reading import Reading, Trickle, read
from tests.captures import (
    block,
    custom_block,
    enhanced_packet,
    interface,
    obsolete_packet,
    pcap_file,
    pcap_header,
    pcap_record,
    section,
    simple_packet,
    snoop_header,
    snoop_record,
    statistics,
)
from tests.packets import ethernet, ipv4, tcp

FRAME = ethernet(ipv4(tcp(payload=b"a few bytes")))
BIG = section(">", comments=["note"]) + interface(">", name="eth0", tsresol=9, tsoffset_s=3)
LITTLE = section("<") + interface("<", link_type=101, tsresol=0x8A)
CAPTURES = {
    "pcap": pcap_file([FRAME, FRAME]),
    "pcap, big-endian": pcap_file([FRAME, FRAME], order=">", nano=True),
    "pcapng": BIG
    + enhanced_packet(FRAME, order=">", comments=["seen"])
    + obsolete_packet(FRAME, order=">")
    + statistics(">", received=2, dropped=1)
    + LITTLE
    + simple_packet(FRAME)
    + custom_block(b"anything")
    + enhanced_packet(FRAME),
    "snoop": snoop_header() + snoop_record(FRAME) + snoop_record(FRAME),
}


def window_on(data: bytes, step: int = 1 << 20, capacity: int = 16) -> Window:
    """Return a small window on bytes that come `step` at a time."""
    return Window(Stored(Trickle(data, step), owned=False), capacity=capacity)  # type: ignore[arg-type] # no file


def test_a_window_grows_as_bytes_arrive_and_knows_where_it_is() -> None:
    data = bytes(range(200))
    window = window_on(data, step=3)
    assert window.hold(100)
    assert window.held >= 100
    assert (window.take(60), window.offset) == (data[:60], 60)
    assert window.hold(140)
    assert (window.take(140), window.offset, window.held) == (data[60:], 200, 0)
    assert not window.more()


def test_a_window_that_the_stream_cannot_fill_says_so_and_keeps_what_came() -> None:
    window = window_on(b"seven b")
    assert not window.hold(8)
    assert window.take(7) == b"seven b"


def test_a_window_starts_with_the_bytes_that_were_read_already() -> None:
    window = Window(Stored(io.BytesIO(b" and the rest"), owned=False), b"the head", capacity=4)
    assert window.hold(21)
    assert window.take(21) == b"the head and the rest"


@given(st.binary(max_size=400), st.lists(st.integers(1, 60), max_size=30), st.integers(1, 50))
def test_a_window_gives_every_byte_once_and_in_order(data: bytes, sizes: list[int], step: int) -> None:
    window, taken = window_on(data, step), b""
    for size in sizes:
        if not window.hold(size):
            break
        assert window.offset == len(taken)
        taken += window.take(size)
    assert data.startswith(taken)


@pytest.mark.parametrize(
    "hostile",
    [
        pcap_header() + pcap_record(b"", captured=0xFFFFFFFF),
        pcap_header() + pcap_record(b"", captured=0x00FFFFFF, wire=0x00FFFFFF),
        BIG + block(6, bytes(20), ">", length=0xFFFFFFFC),
        BIG + block(6, bytes(20), ">", length=0x03FFFFFC),
        BIG + enhanced_packet(b"", order=">", captured=0xFFFFFFF0),
        BIG + block(0xBAD, bytes(4), ">", length=0x7FFFFFFC),
        snoop_header() + b"\xff" * 24,
    ],
)
def test_a_length_that_a_file_claims_allocates_nothing(hostile: bytes) -> None:
    tracemalloc.start()
    try:
        reading = read(hostile)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert reading.damage.reason
    assert peak < 4 << 20  # bytes: a batch's columns and the first window, twice over


@given(st.sampled_from(sorted(CAPTURES)), st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 255)), max_size=6))
@settings(max_examples=300)
def test_a_changed_capture_ends_cleanly(name: str, changes: list[tuple[int, int]]) -> None:
    data = bytearray(CAPTURES[name])
    for at, value in changes:
        data[at % len(data)] = value
    ends_cleanly(bytes(data))


@given(st.sampled_from(sorted(CAPTURES)), st.integers(0, 2000), st.integers(0, 200), st.binary(max_size=40))
@settings(max_examples=300)
def test_a_capture_with_bytes_taken_out_and_others_put_in_ends_cleanly(
    name: str, at: int, gone: int, new: bytes
) -> None:
    data = CAPTURES[name]
    at %= len(data)
    ends_cleanly(data[:at] + new + data[at + gone :])


@given(st.sampled_from([BIG, LITTLE, pcap_header(), snoop_header()]), st.binary(max_size=300))
def test_anything_behind_a_header_ends_cleanly(head: bytes, rest: bytes) -> None:
    ends_cleanly(head + rest)


def read_or_refuse(source: object) -> Reading | None:
    """Read a capture; None where it is refused in words."""
    try:
        return read(source)
    except CaptureError:
        return None


def ends_cleanly(data: bytes) -> None:
    """Read a capture that is refused, or read up to damage, or whole: at once and little by little alike."""
    whole, slowly = read_or_refuse(data), read_or_refuse(Trickle(data, 7))
    if whole is None or slowly is None:
        assert whole is slowly
        return
    assert slowly.packets == whole.packets
    assert slowly.reader.damage == whole.reader.damage
    assert all(len(packet.data) <= len(data) for packet in whole.packets)

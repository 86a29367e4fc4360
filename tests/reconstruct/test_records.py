"""Small records: every field of a SYN comes back, freed ones are used again, and late segments find theirs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconstruct.connection import Connection
from reconstruct.recorder import Recorder
from reconstruct.records import FINISHED, FREE, HALF_OPEN, LARGEST_TAG, Records
from reconstruct.scoreboard import SegmentPool
from reconstruct.segment import ACK, RST, SYN, Segment
from reconstruct.settings import ReplaySettings
from tests.reconstruct.replaying import HANDSHAKE, Replayed

WORD = st.integers(-(2**63), 2**63 - 1)
FIELDS = {
    "src_hi": WORD, "src_lo": WORD, "dst_hi": WORD, "dst_lo": WORD, "ip_version": st.sampled_from([4, 6]),
    "sport": st.integers(0, 2**16 - 1), "dport": st.integers(0, 2**16 - 1), "time_ns": st.integers(0, 2**62),
    "frame": st.integers(1, 2**40 - 1), "ttl": st.integers(0, 255), "fast_open_len": st.integers(0, 38),
    "wire_seq": st.integers(0, 2**32 - 1), "window": st.integers(0, 2**16 - 1),
    "flags": st.integers(0, 2**9 - 1), "options": st.integers(0, 2**12 - 1), "mss": st.integers(0, 2**16 - 1),
    "window_scale": st.integers(0, 2**8 - 1), "vlan": st.integers(-1, LARGEST_TAG),
}  # fmt: skip
SYNS = st.fixed_dictionaries(FIELDS)
FLOWS = st.integers(0, 2**31 - 1)


def syn(**fields: int) -> Segment:
    """Return a SYN with these fields."""
    segment = Segment()
    segment.flags = SYN
    for name, value in fields.items():
        setattr(segment, name, value)
    return segment


def between(ports: tuple[int, int], **fields: int) -> Segment:
    """Return a segment of 192.0.2.1 to 198.51.100.2, the ends of a segment script."""
    return syn(src_lo=0xC0000201, dst_lo=0xC6336402, sport=ports[0], dport=ports[1], **fields)


def answer(**fields: int) -> Segment:
    """Return a segment the other way."""
    return syn(src_lo=0xC6336402, dst_lo=0xC0000201, sport=80, dport=40000, **fields)


# Half-open


@given(SYNS, FLOWS, WORD)
def test_every_field_of_a_syn_comes_back(fields: dict[str, int], flow: int, domain: int) -> None:
    records = Records()
    record = records.put_syn(syn(**fields), flow, domain)
    loaded = syn(wire_ack=9, payload_len=9, captured_len=9, sack_blocks=2)
    records.load_syn(record, loaded)
    assert {name: getattr(loaded, name) for name in fields} == fields
    assert (loaded.wire_ack, loaded.payload_len, loaded.captured_len, loaded.sack_blocks) == (0, 0, 0, 0)


@given(SYNS, FLOWS, WORD)
def test_a_record_tells_its_flow_its_time_and_its_domain(fields: dict[str, int], flow: int, domain: int) -> None:
    records = Records()
    record = records.put_syn(syn(**fields), flow, domain)
    assert (records.kind(record), records.flow(record), records.domain(record)) == (HALF_OPEN, flow, domain)
    assert records.time_ns(record) == fields["time_ns"]


# Room


@given(st.lists(st.booleans(), max_size=200))
def test_freed_records_are_used_before_new_ones_are_made(steps: list[bool]) -> None:
    records, held, peak, flow = Records(), dict[int, int](), 0, 0
    for take in steps:
        if take or not held:
            record = records.put_syn(syn(), flow, 0)
            assert record not in held
            held[record] = flow
            flow += 1
        else:
            record = sorted(held)[len(held) // 2]
            del held[record]
            records.give_back(record)
            assert records.kind(record) == FREE
        peak = max(peak, len(held))
        assert {record: records.flow(record) for record in held} == held
    assert records.used == peak


def test_records_that_grow_keep_what_they_hold() -> None:
    records = Records()
    for flow in range(1000):
        assert records.put_syn(syn(wire_seq=7 * flow), flow, -flow) == flow
    loaded = Segment()
    for flow in range(1000):
        records.load_syn(flow, loaded)
        assert (loaded.wire_seq, records.flow(flow), records.domain(flow)) == (7 * flow, flow, -flow)
    assert records.room == 1220  # a quarter more each time: 256, 320, 400, 500, 625, 781, 976, 1220
    assert len(records.buffer) == 10 * records.room


# Finding


@pytest.mark.parametrize("version", [4, 6])
def test_a_record_is_found_from_both_ends(version: int) -> None:
    records = Records()
    record = records.put_syn(between((40000, 80), ip_version=version), 0, 5)
    assert records.matches(record, between((40000, 80), ip_version=version), 5) == 1
    assert records.matches(record, answer(ip_version=version), 5) == 2


OTHERS = [
    {"src_lo": 1}, {"src_hi": 1}, {"dst_lo": 1}, {"dst_hi": 1}, {"sport": 1}, {"dport": 1}, {"ip_version": 6},
]  # fmt: skip


@pytest.mark.parametrize("change", OTHERS)
def test_a_segment_with_another_key_is_not_of_a_record(change: dict[str, int]) -> None:
    records = Records()
    record = records.put_syn(between((40000, 80)), 0, 0)
    for segment in (between((40000, 80)), answer()):
        for name, value in change.items():
            setattr(segment, name, value)
        assert records.matches(record, segment, 0) == 0


def test_a_segment_of_another_domain_is_not_of_a_record() -> None:
    records = Records()
    record = records.put_syn(between((40000, 80)), 0, 5)
    assert records.matches(record, between((40000, 80)), 0) == 0


def test_swapped_ports_between_the_same_addresses_are_another_connection() -> None:
    records = Records()
    record = records.put_syn(between((40000, 80)), 0, 0)
    assert records.matches(record, between((80, 40000)), 0) == 0


# Finished


@pytest.fixture(params=[4, 6])
def finished(request: pytest.FixtureRequest) -> tuple[Records, int, int]:
    """Return the record of a finished connection, and the version of its addresses; ISNs 1000 and 2000."""
    replayed = Replayed("client 192.0.2.1:40000 isn 1000\nserver 198.51.100.2:80 isn 2000\n" + HANDSHAKE)
    replayed.connection.ip_version = request.param
    records = Records()
    return records, records.put_finished(replayed.connection), request.param


def test_a_finished_connection_is_kept_with_its_number_time_and_ends(finished: tuple[Records, int, int]) -> None:
    records, record, version = finished
    assert (records.kind(record), records.flow(record), records.domain(record)) == (FINISHED, 0, 0)
    key = Segment()
    records.load_key(record, key)
    assert (key.src_lo, key.sport, key.dst_lo, key.dport) == (0xC0000201, 40000, 0xC6336402, 80)
    assert records.matches(record, answer(ip_version=version), 0) == 2
    assert records.matches(record, answer(ip_version=10 - version), 0) == 0


def test_a_syn_with_the_number_of_its_end_is_of_the_finished_connection(finished: tuple[Records, int, int]) -> None:
    records, record, _ = finished
    assert records.reopens(record, between((40000, 80), wire_seq=1000), 1) == 0
    assert records.reopens(record, answer(wire_seq=2000), 2) == 0


def test_a_syn_with_another_number_begins_anew(finished: tuple[Records, int, int]) -> None:
    records, record, _ = finished
    assert records.reopens(record, between((40000, 80), wire_seq=2000), 1) == 1
    assert records.reopens(record, answer(wire_seq=1000), 2) == 1


@pytest.mark.parametrize(
    ("flags", "number", "client", "server"),
    [
        (SYN, 7, None, 7),
        (SYN | ACK, 0, 2**32 - 1, 0),  # acknowledges 0: the byte before is the last number there is
        (ACK, 0, 2**32 - 1, 2**32 - 1),
        (RST, 7, None, 6),
    ],
)
def test_a_late_segment_tells_what_an_end_that_was_not_heard_of_begins_with(
    flags: int, number: int, client: int | None, server: int
) -> None:
    records, connection = Records(), Connection(0, Recorder(False, False), SegmentPool(), ReplaySettings())
    connection.begin(between((40000, 80)))
    record = records.put_finished(connection)
    assert records.reopens(record, answer(wire_seq=9), 2) == 0
    late = answer(wire_seq=number)
    late.flags, late.wire_ack = flags, 0
    records.hear(record, late, 2)
    for side, known in ((1, client), (2, server)):
        for wire_seq in (0, 6, 7, 9, 2**32 - 1):
            expected = 0 if known is None else int(known != wire_seq)
            assert records.reopens(record, syn(wire_seq=wire_seq), side) == expected


def test_a_late_segment_does_not_change_what_is_known(finished: tuple[Records, int, int]) -> None:
    records, record, _ = finished
    late = answer(wire_seq=77)
    late.flags, late.wire_ack = ACK, 99
    records.hear(record, late, 2)
    assert records.reopens(record, syn(wire_seq=1000), 1) == records.reopens(record, syn(wire_seq=2000), 2) == 0


def test_the_time_of_a_finished_connection_is_that_of_its_last_segment() -> None:
    replayed = Replayed("start 1000\n" + HANDSHAKE + "5.0 > . 1:1(0) ack 1 win 9\n")
    records = Records()
    assert records.time_ns(records.put_finished(replayed.connection)) == 1_005_000_000_000

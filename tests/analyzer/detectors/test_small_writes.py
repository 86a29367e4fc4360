"""Small writes: stalls that delayed acknowledgments cost, and packets for every few bytes."""

import pytest

from analyzer.detectors.small_writes import nagle_delayed_ack, tinygrams
from analyzer.findings import Detector, Severity
from reconstruct.vocabulary import Sign
from tests.analyzer.detectors.finding import flow_of, found_by, found_in

MS = 1_000_000  # ns


@pytest.mark.parametrize(
    ("detector", "name"),
    [
        (nagle_delayed_ack, "small-writes/nagle-meets-delayed-ack.pcap"),
        (tinygrams, "small-writes/keystrokes-nodelay.pcap"),
    ],
)
def test_each_is_found_once_in_the_fixture_that_shows_it(detector: Detector, name: str) -> None:
    assert len(found_in(name, detector)) == 1


@pytest.mark.parametrize(
    "name", ["nodelay.pcap", "one-write.pcap", "keystrokes.pcap", "cork.pcap", "delayed-acks.pcap", "idle-restart.pcap"]
)
def test_neither_is_found_in_writes_that_do_not_wait_and_are_not_many(name: str) -> None:
    assert found_in(f"small-writes/{name}", nagle_delayed_ack) == []
    assert found_in(f"small-writes/{name}", tinygrams) == []


def test_a_stall_costs_what_the_acknowledgment_was_late() -> None:
    signs = [(Sign.NAGLE_STALL, 0, frame, 40 * MS) for frame in (12, 17, 22)]
    (found,) = found_by(nagle_delayed_ack, flow_of(signs=signs))
    assert found.summary == (
        "3 times a small write of the client waited for an acknowledgment that the server delayed: 40 ms each, 120 ms "
        "in all"
    )
    assert (found.severity, found.cost_s, found.frames) == (Severity.WARNING, 0.12, (12, 17, 22))
    assert found_by(nagle_delayed_ack, flow_of(signs=signs[:2])) == []


@pytest.mark.parametrize(("data", "size", "count"), [(20, 10, 1), (21, 10, 0), (20, 201, 0)])
def test_tinygrams_are_most_of_the_segments_and_really_small(data: int, size: int, count: int) -> None:
    signs = [(Sign.TINYGRAM, 1, frame, size) for frame in range(10, 20)]
    assert len(found_by(tinygrams, flow_of(server={"data_segments": data}, signs=signs))) == count

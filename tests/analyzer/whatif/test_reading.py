"""What the captures of real kernels tell of the path, the losses and the writes."""

import pytest

import analyzer
from analyzer.congestion.windows import busier
from analyzer.errors import UsageError
from analyzer.whatif.circumstances import Circumstances
from analyzer.whatif.reading import circumstances_of, completion_ns
from reconstruct.vocabulary import Sender
from tests.drill import capture_of, read_script
from tests.sources import ROOT

TRUTH = ROOT / "fixtures" / "truth"
MS = 1_000_000  # ns
CLIENT = Sender.CLIENT


def read(run: str, tap: str = "sender") -> Circumstances:
    """Return what the sender of a run of real kernels met."""
    analysis = analyzer.analyze(TRUTH / run / f"{tap}.pcap.xz")
    return circumstances_of(analysis, 0, busier(analysis, 0))


@pytest.mark.parametrize("tap", ["sender", "receiver"])
def test_rate_and_round_trip_are_those_of_the_path(tap: str) -> None:
    found = read("bulk-cubic-rtt40-rate20-droptail", tap)
    # 20 Mbit/s of packets of 1500 bytes with 1448 of payload are 2,413,333 bytes a second.
    assert found.rate == pytest.approx(2_413_333, rel=0.03)
    assert found.base_ns == pytest.approx(40 * MS, rel=0.03)
    assert found.mss == 1448


def test_what_a_full_queue_lost_is_not_lost_by_chance() -> None:
    found = read("bulk-reno-rtt10-rate20-droptail")
    assert found.queue_bytes is not None
    assert sum(found.lost.values()) < 5


def test_losses_by_chance_are_kept_with_their_bytes() -> None:
    analysis = analyzer.analyze(TRUTH / "bulk-reno-rtt40-rate20-random0.01" / "sender.pcap.xz")
    found = circumstances_of(analysis, 0, CLIENT)
    row = analysis.directions.iloc[0]
    assert found.queue_bytes is None
    assert sum(found.lost.values()) == row["retransmissions"] - row["spurious_retransmissions"]


def test_pauses_of_the_application_are_its_writes() -> None:
    found = read("idle-restart-1")
    assert len(found.writes) == 2
    assert [at for at, _ in found.writes] == sorted(at for at, _ in found.writes)
    assert all(found.first < offset < found.end for _, offset in found.writes)


def test_the_time_is_from_the_first_byte_to_the_acknowledgment_of_the_last() -> None:
    script = """
    0.000  > S  0:0(0) win 64240 <mss 1000>
    +0.010 < S. 0:0(0) ack 1 win 65160 <mss 1000>
    +0.001 > .  1:1(0) ack 1 win 64240
    +0.005 > P. 1:501(500) ack 1 win 64240
    +0.012 < .  1:1(0) ack 501 win 65160
    """
    # 12 ms at the tap, and the millisecond that lies between the tap and the client.
    assert completion_ns(analyzer.analyze(capture_of(read_script(script))), 0, CLIENT) == 13 * MS


def test_what_is_never_acknowledged_has_no_time() -> None:
    script = """
    0.000  > S  0:0(0) win 64240 <mss 1000>
    +0.010 < S. 0:0(0) ack 1 win 65160 <mss 1000>
    +0.001 > P. 1:501(500) ack 1 win 64240
    """
    with pytest.raises(UsageError, match="shows no data of this end that was acknowledged"):
        circumstances_of(analyzer.analyze(capture_of(read_script(script))), 0, CLIENT)


def test_a_capture_that_ends_early_is_told_as_far_as_it_goes() -> None:
    script = """
    0.000  > S  0:0(0) win 64240 <mss 1000>
    +0.010 < S. 0:0(0) ack 1 win 65160 <mss 1000>
    +0.001 > P. 1:501(500) ack 1 win 64240
    +0.012 < .  1:1(0) ack 501 win 65160
    +0.001 > P. 501:1001(500) ack 1 win 64240
    """
    analysis = analyzer.analyze(capture_of(read_script(script)))
    assert circumstances_of(analysis, 0, CLIENT).end == 501
    assert completion_ns(analysis, 0, CLIENT) == 13 * MS

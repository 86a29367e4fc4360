"""Ports in TIME-WAIT, in use, and used again: told from the thresholds on."""

import pytest

from analyzer.detectors.ports import ephemeral_port_exhaustion, port_reuse, time_wait_pressure
from analyzer.findings import Finding, Seen, Severity
from analyzer.pairs import pairs_seen
from analyzer.settings import Settings
from tests.analyzer.detectors.finding import found_in
from tests.reconstruct.tap import Pair, Tap, pairs

CHURN, S = 30, 1_000_000_000  # connections; ns


def seen(tap: Tap, **settings: float) -> Seen:
    """Return what detectors read of a finished table."""
    tap.finish()
    return Seen(pairs=pairs_seen(tap.table.pairs, tap.now_ns), settings=Settings(**settings))


def churned() -> Tap:
    """Return a table with thirty connections that the client closed, one after the other within 180 ms."""
    tap = Tap()
    for ends in pairs(CHURN):
        tap.whole(ends)
    return tap


def test_time_wait_is_told_with_its_holder_and_its_peak() -> None:
    (found,) = time_wait_pressure(seen(churned(), time_wait_sockets=CHURN))
    assert found.summary.startswith(
        "the client held up to 30 connections in TIME-WAIT (30 at the end), from 0.0.0.1 to"
    )
    assert found.severity is Severity.INFO


def test_time_wait_of_a_client_near_its_range_is_a_warning() -> None:
    (found,) = time_wait_pressure(seen(churned(), time_wait_sockets=CHURN, ephemeral_ports=40))
    assert found.severity is Severity.WARNING


def test_below_the_thresholds_nothing_is_told() -> None:
    assert time_wait_pressure(seen(churned(), time_wait_sockets=CHURN + 1)) == []
    assert ephemeral_port_exhaustion(seen(churned())) == []


@pytest.mark.parametrize(("room", "found"), [(30, 1), (42, 1), (43, 0)])
def test_exhaustion_begins_at_its_share_of_the_ports(room: int, found: int) -> None:
    # 30 of 42 are 71 %, 30 of 43 less than 70 %.
    assert len(ephemeral_port_exhaustion(seen(churned(), ephemeral_ports=room))) == found


def test_exhaustion_tells_how_long_the_ports_last_at_this_rate() -> None:
    (found,) = ephemeral_port_exhaustion(seen(churned(), ephemeral_ports=40))
    assert "up to 30 of 40 client ports (75 %)" in found.summary
    assert "at 30 new ones a second none is left after 1 s" in found.summary


def legal(name: str) -> Finding:
    """Return the one finding of reuse in a capture of the fixtures."""
    (found,) = found_in(name, port_reuse)
    return found


def test_real_reuse_is_legal_and_information() -> None:
    found = legal("closing/time-wait-reused.pcap")
    assert "2 legal by sequence number" in found.summary
    assert (found.severity, found.frames) == (Severity.INFO, (16, 26))
    # 30 connections on twelve ports in turn, in random order.
    assert legal("ports/ephemeral-range-used-up.pcap").severity is Severity.INFO


def test_a_reuse_with_an_older_number_that_is_not_accepted_is_a_warning() -> None:
    tap = Tap()
    tap.whole(Pair(isn=70_000))
    tap.syn(Pair(isn=60_000))
    (found,) = port_reuse(seen(tap))
    assert found.summary.endswith("1 with neither beyond that of the last, 1 not accepted")
    assert found.severity is Severity.WARNING


def test_after_a_reset_nobody_holds_the_ports() -> None:
    assert found_in("ports/reused-after-reset.pcap", port_reuse) == []

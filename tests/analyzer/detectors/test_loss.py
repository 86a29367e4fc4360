"""Losses and timeouts: told with their figures, their frames and their cost, and only where there were some."""

import pytest

from analyzer.detectors.loss import loss, retransmission_timeout
from analyzer.findings import Severity
from reconstruct.vocabulary import Sign
from tests.analyzer.detectors.finding import flow_of, found_by, found_in

MS = 1_000_000  # ns


def test_a_loss_is_told_with_its_share_and_the_ways_it_was_repaired() -> None:
    client = {"data_segments": 200, "fast_retransmissions": 1, "recovery_retransmissions": 2}
    signs = [(Sign.FAST_RETRANSMISSION, 0, 20, 1460), (Sign.RECOVERY_RETRANSMISSION, 0, 22, 1460)]
    (found,) = found_by(loss, flow_of(client=client, signs=signs))
    # 3 of 200 are 1.5 %, above the threshold of 1 %.
    assert found.summary == ("the client sent 3 segments again, 1.5 % of those with data: 1 fast and 2 in recovery")
    assert (found.severity, found.flow, found.frames) == (Severity.WARNING, 3, (20, 22))
    assert found.filter == "tcp.stream == 3 && frame.number in {20, 22}"


def test_a_small_share_of_losses_is_no_warning() -> None:
    (found,) = found_by(loss, flow_of(server={"data_segments": 10_000, "fast_retransmissions": 3}))
    assert found.severity is Severity.INFO


def test_what_was_proven_unneeded_was_not_lost() -> None:
    client = {"data_segments": 100, "fast_retransmissions": 2, "spurious_retransmissions": 2}
    (found,) = found_by(loss, flow_of(client=client))
    assert found.severity is Severity.INFO
    assert found.summary == "the client sent 2 segments again, though all of that had arrived: 2 fast"
    (found,) = found_by(loss, flow_of(client=client | {"spurious_retransmissions": 1}))
    assert "1 % of those with data, not counting what had arrived" in found.summary


def test_a_timeout_costs_the_time_that_the_timer_ran() -> None:
    signs = [(Sign.RTO_RETRANSMISSION, 1, 9, 250 * MS), (Sign.RTO_RETRANSMISSION, 1, 11, 500 * MS)]
    (found,) = found_by(retransmission_timeout, flow_of(server={"rto_retransmissions": 2}, signs=signs))
    assert found.summary == (
        "the server's retransmission timer ran out twice; it waited 750 ms in all, 500 ms at the longest"
    )
    assert (found.cost_s, found.frames) == (0.75, (9, 11))


@pytest.mark.parametrize("name", ["loss/timeout.pcap", "loss/timeout-then-loss-state.pcap"])
def test_a_real_timeout_is_found_with_the_loss_behind_it(name: str) -> None:
    assert len(found_in(name, loss)) == 1
    assert len(found_in(name, retransmission_timeout)) == 1


@pytest.mark.parametrize("name", ["handshake/orderly.pcap", "closing/abort.pcap", "loss/duplication.pcap"])
def test_real_connections_without_losses_are_left_alone(name: str) -> None:
    assert found_in(name, loss) == []
    assert found_in(name, retransmission_timeout) == []

"""What congestion and the path do beside plain loss: told with its extent, and only where it happened."""

import pytest

from analyzer.detectors.congestion import (
    blackhole,
    bufferbloat,
    congestion_marks,
    idle_restart,
    packet_duplication,
    reordering,
    spurious_retransmission,
    tail_loss,
)
from analyzer.detectors.loss import loss, retransmission_timeout
from analyzer.findings import Detector, Severity
from reconstruct.vocabulary import Sign
from tests.analyzer.detectors.finding import flow_of, found_by, found_in

MS = 1_000_000  # ns
FIRING = [
    (tail_loss, "loss/tail-loss-probe.pcap"),
    (tail_loss, "loss/timeout.pcap"),
    (spurious_retransmission, "loss/reordering.pcap"),
    (reordering, "loss/reordering.pcap"),
    (packet_duplication, "loss/duplication.pcap"),
    (blackhole, "closing/idle-then-silence.pcap"),
    (bufferbloat, "loss/bufferbloat.pcap.gz"),
    (congestion_marks, "ecn/marks.pcap"),
    (idle_restart, "small-writes/idle-restart.pcap"),
]
DETECTORS = list({detector.name: detector for detector, _ in FIRING}.values())


@pytest.mark.parametrize(("detector", "name"), FIRING, ids=lambda each: getattr(each, "name", each))
def test_each_is_found_once_in_the_fixture_that_shows_it(detector: Detector, name: str) -> None:
    assert len(found_in(name, detector)) == 1


@pytest.mark.parametrize(
    "name", ["handshake/orderly.pcap", "loss/fast-retransmission.pcap", "small-writes/nodelay.pcap"]
)
@pytest.mark.parametrize("detector", DETECTORS, ids=lambda detector: detector.name)
def test_none_is_found_where_the_path_did_nothing_of_it(detector: Detector, name: str) -> None:
    assert found_in(name, detector) == []


def test_a_probe_that_was_not_needed_repaired_no_tail() -> None:
    assert found_by(tail_loss, flow_of(client={"tail_loss_probes": 2, "needless_probes": 2})) == []
    (found,) = found_by(tail_loss, flow_of(client={"tail_loss_probes": 2, "needless_probes": 1}))
    assert (found.severity, "only a probe sent them again" in found.summary) == (Severity.INFO, True)


def test_several_repairs_are_told_with_their_counts() -> None:
    signs = [(Sign.TAIL_LOSS, 1, 12, 230 * MS), (Sign.TAIL_LOSS, 1, 14, 270 * MS)]
    (found,) = found_by(tail_loss, flow_of(server={"tail_loss_probes": 1}, signs=signs))
    assert "only 2 timeouts and 1 probe sent them again, 500 ms of waiting in all" in found.summary


def test_a_tail_that_had_arrived_was_not_lost() -> None:
    row = {"rto_retransmissions": 1, "spurious_retransmissions": 1}
    assert found_by(tail_loss, flow_of(server=row, signs=[(Sign.TAIL_LOSS, 1, 12, 230 * MS)])) == []


BLACK = [(Sign.RTO_RETRANSMISSION, 0, 9 + n, 2**n * 250 * MS) for n in range(4)]
BLACK += [(Sign.REPEATED_TIMEOUT, 0, 9 + n, n + 1) for n in range(1, 4)]
RESENT = {"rto_retransmissions": 4, "data_segments": 10, "spurious_retransmissions": 1, "segments": 12}


def test_a_blackhole_leads_what_it_explains() -> None:
    flow = flow_of(client=RESENT, server={"segments": 5}, signs=[*BLACK, (Sign.TAIL_LOSS, 0, 9, 250 * MS)])
    (hole,) = found_by(blackhole, flow)
    assert (hole.severity, "nothing that the client sent arrived" in hole.summary) == (Severity.WARNING, True)
    for detector in (loss, retransmission_timeout, tail_loss):
        (found,) = found_by(detector, flow)
        assert (found.severity, found.summary.endswith("; a blackhole explains it")) == (Severity.INFO, True)
    assert found_by(spurious_retransmission, flow) == []


@pytest.mark.parametrize(("more", "told"), [([], True), ([Sign.SIZE_PASSED], False), ([Sign.SIZE_CUT] * 2, True)])
def test_a_size_is_to_blame_unless_it_arrived_whole(more: list[Sign], told: bool) -> None:
    signs = [*BLACK, (Sign.SIZE_REFUSED, 0, 11, 1448), *((sign, 0, 20, 500) for sign in more)]
    (hole,) = found_by(blackhole, flow_of(client=RESENT, server={"segments": 5}, signs=signs))
    assert ("segments of 1,448 bytes" in hole.summary) is told
    assert (hole.severity is Severity.ERROR) is told


def test_a_tail_that_only_the_timer_repaired_is_a_warning() -> None:
    (found,) = found_by(
        tail_loss, flow_of(server={"rto_retransmissions": 1}, signs=[(Sign.TAIL_LOSS, 1, 12, 230 * MS)])
    )
    assert (found.severity, found.cost_s, found.frames) == (Severity.WARNING, 0.23, (12,))


def test_retransmissions_without_data_are_no_spurious_ones() -> None:
    assert found_by(spurious_retransmission, flow_of(server={"spurious_retransmissions": 1})) == []


def test_reordering_matters_where_it_looks_like_a_loss() -> None:
    signs = [(Sign.OUT_OF_ORDER, 0, 20, 4 * MS), (Sign.OVERTAKEN, 0, 20, 3)]
    (found,) = found_by(reordering, flow_of(client={"data_segments": 100}, signs=signs))
    assert "overtaken by up to 3 segments, up to 4 ms late" in found.summary
    assert found.severity is Severity.WARNING
    signs[1] = (Sign.OVERTAKEN, 0, 20, 2)
    (mild,) = found_by(reordering, flow_of(client={"data_segments": 100}, signs=signs))
    assert mild.severity is Severity.INFO


def test_copies_of_nearly_all_segments_are_not_the_network() -> None:
    signs = [(Sign.NETWORK_DUPLICATE, 0, frame, 1460) for frame in range(2, 22, 2)]
    assert found_by(packet_duplication, flow_of(client={"data_segments": 20}, signs=signs)) == []
    assert len(found_by(packet_duplication, flow_of(client={"data_segments": 200}, signs=signs))) == 1


def test_two_timeouts_in_a_row_are_no_black_hole_and_three_are() -> None:
    signs = [(Sign.REPEATED_TIMEOUT, 0, 10, 2)]
    assert found_by(blackhole, flow_of(signs=signs)) == []
    (found,) = found_by(blackhole, flow_of(signs=[*signs, (Sign.REPEATED_TIMEOUT, 0, 11, 3)]))
    assert found.summary == "nothing that the client sent arrived through 3 timeouts in a row"


def test_full_segments_that_vanish_while_small_ones_pass_are_told_as_a_matter_of_size() -> None:
    signs = [(Sign.REPEATED_TIMEOUT, 1, 11, 4), (Sign.SIZE_REFUSED, 1, 11, 1460)]
    (found,) = found_by(blackhole, flow_of(client={"segments": 5}, signs=signs))
    assert "segments of 1,460 bytes from the server never arrive" in found.summary
    assert "tcp_mtu_probing" in found.advice
    assert found.severity is Severity.ERROR


@pytest.mark.parametrize(
    ("changed", "count"),
    [({}, 1), ({"rtt_p95_ns": 199 * MS}, 0), ({"rtt_min_ns": 51 * MS}, 0), ({"flight_max": 8 * 1460 - 1}, 0),
     ({"rtt_samples": 19}, 0)],
)  # fmt: skip
def test_a_queue_shows_in_round_trips_four_times_the_least_under_load(changed: dict[str, int], count: int) -> None:
    row = {"rtt_min_ns": 50 * MS, "rtt_p95_ns": 200 * MS, "rtt_samples": 20, "mss": 1460, "flight_max": 8 * 1460}
    assert len(found_by(bufferbloat, flow_of(client=row | changed))) == count


def test_marks_behind_the_tap_show_in_what_the_receiver_tells() -> None:
    signs = [(Sign.ECN_ECHO, 0, 5, 0), (Sign.WINDOW_REDUCED, 0, 6, 1460)]
    (found,) = found_by(congestion_marks, flow_of(signs=signs))
    assert found.summary == (
        "the path marked segments of the client as congested, behind this tap; 1 acknowledgment of the server told of "
        "it, and it reduced its window 1 time"
    )


def test_a_restart_costs_the_round_trips_until_the_window_is_there_again() -> None:
    signs = [(Sign.IDLE_RESTART, 0, 40, 3), (Sign.IDLE_RESTART, 0, 90, 2)]
    (found,) = found_by(idle_restart, flow_of(client={"rtt_median_ns": 40 * MS}, signs=signs))
    assert found.cost_s == pytest.approx(0.2)  # five round trips of 40 ms
    assert found.frames == (40, 90)

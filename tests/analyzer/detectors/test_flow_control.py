"""What the receiver's window does: told where it cost something, and only there."""

import pytest

from analyzer.detectors import flow_control
from analyzer.detectors.flow_control import (
    receive_window_limited,
    silly_window,
    window_shrunk,
    window_update_lost,
    zero_window,
)
from analyzer.findings import Detector, Severity
from reconstruct.vocabulary import Sign
from tests.analyzer.detectors.finding import flow_of, found_by, found_in

MS = 1_000_000  # ns
FIRING = [
    (zero_window, "window/zero-window.pcap"),
    (zero_window, "window/zero-window-mid-path.pcap"),
    (window_update_lost, "window/update-lost.pcap"),
    (receive_window_limited, "window/receiver-limited.pcap"),
    (silly_window, "window/tiny-window.pcap"),
    (window_shrunk, "window/shrunk.pcap"),
]
DETECTORS = [zero_window, window_update_lost, receive_window_limited, silly_window, window_shrunk]


@pytest.mark.parametrize(("detector", "name"), FIRING, ids=lambda each: getattr(each, "name", each))
def test_each_is_found_once_in_the_fixture_that_shows_it(detector: Detector, name: str) -> None:
    (found,) = found_in(name, detector)
    assert found.frames


@pytest.mark.parametrize("name", ["handshake/orderly.pcap", "loss/timeout.pcap", "small-writes/one-write.pcap"])
@pytest.mark.parametrize("detector", DETECTORS, ids=lambda detector: detector.name)
def test_none_is_found_where_the_window_was_wide(detector: Detector, name: str) -> None:
    assert found_in(name, detector) == []


def test_a_few_silly_openings_around_a_closed_window_are_normal() -> None:
    assert found_in("window/zero-window.pcap", flow_control.silly_window) == []
    few = {"silly_openings": 9, "silly_segments": 9, "data_segments": 10}
    assert found_by(silly_window, flow_of(client=few)) == []
    assert len(found_by(silly_window, flow_of(client=few | {"silly_openings": 10}))) == 1


def test_a_closed_window_costs_the_time_for_which_it_held_the_sender() -> None:
    row = {
        "zero_window_episodes": 2, "zero_window_ns": 450 * MS, "zero_window_longest_ns": 300 * MS, "window_probes": 1,
    }  # fmt: skip
    signs = [(Sign.WINDOW_PROBE, 0, 7, 1), (Sign.ZERO_WINDOW, 0, 9, 300 * MS)]
    (found,) = found_by(zero_window, flow_of(client=row, signs=signs))
    assert found.summary == (
        "the server closed its window 2 times: the client was held 450 ms, 300 ms at the longest, and sent 1 probe"
    )
    assert (found.severity, found.cost_s, found.frames) == (Severity.WARNING, 0.45, (7, 9))
    (short,) = found_by(zero_window, flow_of(client=row | {"zero_window_ns": 199 * MS}))
    assert short.severity is Severity.INFO


def test_a_full_window_is_told_from_a_quarter_of_the_sending_time_on() -> None:
    row = {"sending_ns": 1000 * MS, "held_by_rwnd_ns": 250 * MS, "flight_max": 65_535, "rtt_median_ns": 100 * MS}
    (found,) = found_by(receive_window_limited, flow_of(server=row))
    # 65,535 bytes in 100 ms are 65,535 * 8 / 0.1 s = 5.24 Mbit/s.
    assert "in 25 % of its sending time, 250 ms: 65,535 bytes a round trip of 100 ms are at most 5.24 Mbit/s" in (
        found.summary
    )
    assert found.severity is Severity.INFO
    (half,) = found_by(receive_window_limited, flow_of(server=row | {"held_by_rwnd_ns": 500 * MS}))
    assert half.severity is Severity.WARNING
    assert found_by(receive_window_limited, flow_of(server=row | {"held_by_rwnd_ns": 249 * MS})) == []
    assert found_by(receive_window_limited, flow_of(server={"sending_ns": 499 * MS, "held_by_rwnd_ns": 499 * MS})) == []


def test_a_lost_update_costs_the_wait_for_the_probe() -> None:
    signs = [(Sign.WINDOW_UPDATE_LOST, 0, 30, 210 * MS)]
    (found,) = found_by(window_update_lost, flow_of(client={"window_updates_lost": 1}, signs=signs))
    assert (found.cost_s, found.frames, found.severity) == (0.21, (30,), Severity.WARNING)


def test_window_that_was_taken_back_is_told_with_its_bytes() -> None:
    (found,) = found_by(window_shrunk, flow_of(client={"window_shrinks": 1, "window_shrunk_bytes": 4096}))
    assert "left 1 time, by 4,096 bytes in all" in found.summary

"""Limits at home: an application with nothing to send, a send buffer that is too small."""

import pytest

from analyzer.detectors.application_limits import application_limited, send_buffer_limited
from analyzer.findings import Severity
from reconstruct.vocabulary import Sign
from tests.analyzer.detectors.finding import flow_of, found_by, found_in

MS = 1_000_000  # ns


def test_each_is_found_once_in_the_fixture_that_shows_it() -> None:
    assert len(found_in("small-writes/idle-restart.pcap", application_limited)) == 1
    assert len(found_in("window/send-buffer-limited.pcap", send_buffer_limited)) == 1


@pytest.mark.parametrize(
    "name", ["loss/reordering.pcap", "window/receiver-limited.pcap", "loss/fast-retransmission.pcap"]
)
def test_neither_is_found_where_the_path_or_the_receiver_is_the_limit(name: str) -> None:
    assert found_in(name, application_limited) == []
    assert found_in(name, send_buffer_limited) == []


@pytest.mark.parametrize(
    ("changed", "count"),
    [({}, 1), ({"held_by_application_ns": 99 * MS}, 0), ({"unique_bytes": 9_999}, 0), ({"idle_ns": 0}, 0)],
)
def test_pauses_of_half_the_time_are_told(changed: dict[str, int], count: int) -> None:
    # 100 ms with something outstanding and 400 ms of rest are half of 600 ms + 400 ms.
    row = {"unique_bytes": 10_000, "held_by_application_ns": 100 * MS, "idle_ns": 400 * MS, "sending_ns": 600 * MS}
    found = found_by(application_limited, flow_of(client=row | changed))
    assert [each.severity for each in found] == [Severity.INFO] * count


def test_a_send_buffer_shows_its_frames_and_its_cost() -> None:
    row = {"sending_ns": 1000 * MS, "held_by_send_buffer_ns": 400 * MS, "flight_max": 32_768}
    signs = [(Sign.SEND_BUFFER_LIMITED, 0, 8, 300 * MS), (Sign.SEND_BUFFER_LIMITED, 0, 20, 100 * MS)]
    (found,) = found_by(send_buffer_limited, flow_of(client=row, signs=signs))
    assert (found.cost_s, found.frames, found.severity) == (0.4, (8, 20), Severity.WARNING)
    assert "32,768 bytes" in found.summary
    assert found_by(send_buffer_limited, flow_of(client=row | {"spurious_retransmissions": 1})) == []

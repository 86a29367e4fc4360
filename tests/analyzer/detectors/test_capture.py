"""What the capture itself cannot show: each detector speaks where it should, and only there."""

import pytest

from analyzer.analysis import analyze
from analyzer.detectors import DETECTORS, capture
from analyzer.detectors.capture import (
    capture_loss,
    clock_step,
    duplicate_frames,
    one_sided_capture,
    protocol_violation,
    segmentation_offload,
    truncated_capture,
)
from analyzer.findings import Detector, Finding, Seen, Severity
from analyzer.ingest import CLOCK_STEP_NS
from reconstruct.vocabulary import Sign
from tests.analyzer.detectors.finding import flow_of, found_by
from tests.analyzer.running import FIXTURES
from tests.captures import START_NS, pcap_file
from tests.packets import ethernet, ipv4, tcp

# A capture of the fixtures in which each is found; the clock of real captures of ours never steps.
FIRING = {
    "truncated-capture": "formats/cut-off.pcap",
    "capture-loss": "loss/capture-gap.pcap",
    "one-sided-capture": "vantage/one-sided.pcap",
    "segmentation-offload": "formats/segmentation-offload.pcap",
    "protocol-violation": "invalid/text-beyond-the-window.pcap",
}
# Real connections that come close: losses, resets, a reader that stops, duplicates.
SILENT = [
    "handshake/orderly.pcap",
    "loss/timeout.pcap",
    "closing/abort.pcap",
    "window/zero-window.pcap",
    "loss/duplication.pcap",
]
ABOUT_CAPTURES = {detector.name for detector in DETECTORS if hasattr(capture, detector.name.replace("-", "_"))}


def found_in(name: str) -> list[Finding]:
    """Return the findings of a fixture."""
    return analyze(FIXTURES / name).finding_list


def only(detector: Detector, **seen: object) -> Finding:
    """Return the one finding of a detector."""
    (found,) = detector(Seen(**seen))  # type: ignore[arg-type] # the names and types are those of Seen
    return found


@pytest.mark.parametrize(("finding", "name"), FIRING.items())
def test_each_is_found_alone_in_the_fixture_that_shows_it(finding: str, name: str) -> None:
    assert [found.finding for found in found_in(name) if found.finding in ABOUT_CAPTURES] == [finding]


@pytest.mark.parametrize("name", SILENT)
def test_nothing_is_found_in_a_whole_capture_of_what_hosts_did(name: str) -> None:
    assert [found for found in found_in(name) if found.finding in ABOUT_CAPTURES] == []


@pytest.mark.parametrize("detector", DETECTORS, ids=lambda detector: detector.name)
def test_a_detector_is_silent_where_nothing_was_seen(detector: Detector) -> None:
    assert list(detector(Seen(packets=10, segments=10, connections=2))) == []


# Damage


def test_a_damaged_file_is_named_with_offset_packet_and_reason() -> None:
    found = only(truncated_capture, damages=[("b.pcap", 12_345, 1_002, "cut short")])
    assert found.summary == "b.pcap cannot be read beyond byte 12,345, after packet 1,002: cut short"
    assert (found.severity, found.frames) == (Severity.WARNING, (1_002,))


def test_every_damaged_file_is_a_finding_of_its_own() -> None:
    damages = [("a.pcap", 100, 3, "x"), ("b.pcap", 24, 0, "y")]
    first, second = truncated_capture(Seen(damages=damages))
    assert (first.frames, second.frames) == ((3,), ())  # before the first packet no frame shows it
    assert second.summary.startswith("b.pcap")


# Frames that were captured twice


def test_a_copy_of_most_segments_is_the_captures() -> None:
    signs = [(Sign.NETWORK_DUPLICATE, 0, frame, 1460) for frame in range(2, 14, 2)]
    (found,) = found_by(duplicate_frames, flow_of(client={"data_segments": 12}, signs=signs))
    assert found.summary == "6 copies among 12 data segments of 1 direction: the capture holds most frames twice"
    assert found.frames == (2, 4, 6, 8, 10, 12)


def test_a_few_copies_are_the_networks() -> None:
    signs = [(Sign.NETWORK_DUPLICATE, 0, frame, 1460) for frame in range(2, 14, 2)]
    assert found_by(duplicate_frames, flow_of(client={"data_segments": 100}, signs=signs)) == []


# Loss in the capture


def test_missing_bytes_and_reported_drops_are_one_finding() -> None:
    found = only(capture_loss, missing_bytes=1_460, missing_connections=1, missing_frames=[5], dropped=2)
    assert found.summary == (
        "1,460 bytes in 1 direction were acknowledged but never captured; the capture program reports 2 packets dropped"
    )
    assert found.frames == (5,)


@pytest.mark.parametrize(
    ("seen", "summary"),
    [
        ({"dropped": 1}, "the capture program reports 1 packet dropped"),
        (
            {"missing_bytes": 1, "missing_connections": 3, "dropped": 0},
            "1 byte in 3 directions were acknowledged but never captured",
        ),
    ],
)
def test_loss_tells_what_there_is(seen: dict[str, int], summary: str) -> None:
    assert only(capture_loss, **seen).summary == summary


@pytest.mark.parametrize("dropped", [None, 0])
def test_no_drops_are_no_loss(dropped: int | None) -> None:
    assert list(capture_loss(Seen(dropped=dropped))) == []


def test_drops_that_a_capture_reports_are_found() -> None:
    # pcapng.pcapng: `dropped 3` in the script beside it.
    (found,) = found_in("formats/pcapng.pcapng")
    assert (found.finding, found.summary) == ("capture-loss", "the capture program reports 3 packets dropped")


# One direction, large segments, the clock, violations


def test_one_sided_connections_are_set_beside_all() -> None:
    found = only(one_sided_capture, one_sided=2, one_sided_frames=[1, 9], connections=1_000)
    assert found.summary == "of 2 of 1,000 connections only one direction was captured"
    assert (found.severity, found.frames) == (Severity.WARNING, (1, 9))


def test_large_segments_are_information() -> None:
    found = only(segmentation_offload, oversized=3, oversized_frames=[4])
    assert (found.severity, found.summary) == (
        Severity.INFO,
        "3 segments larger than the MSS that the peer announced",
    )


def test_violations_are_counted_with_their_directions() -> None:
    found = only(protocol_violation, invalid=12, invalid_connections=2, invalid_frames=[3, 4])
    assert found.summary == "12 segments in 2 directions that no RFC 9293 receiver would accept"


def test_clock_steps_are_counted() -> None:
    assert only(clock_step, clock_steps=1, clock_step_frames=[7]).summary.startswith("the time went back 1 time by")
    assert only(clock_step, clock_steps=2).summary.startswith("the time went back 2 times by")


@pytest.mark.parametrize(("back_ns", "findings"), [(CLOCK_STEP_NS, ["clock-step"]), (CLOCK_STEP_NS - 1, [])])
def test_a_clock_that_goes_back_far_enough_is_found(back_ns: int, findings: list[str]) -> None:
    frame = ethernet(ipv4(tcp()))
    capture = pcap_file([frame] * 2, [START_NS, START_NS - back_ns], nano=True)
    assert [
        found.finding for found in analyze(capture).finding_list if found.finding != "one-sided-capture"
    ] == findings


def test_two_files_that_overlap_are_no_step_of_the_clock() -> None:
    frame = ethernet(ipv4(tcp()))
    late = pcap_file([frame] * 2, [START_NS + 5 * CLOCK_STEP_NS, START_NS + 7 * CLOCK_STEP_NS], nano=True)
    early = pcap_file([frame] * 2, [START_NS, START_NS + 6 * CLOCK_STEP_NS], nano=True)
    assert "clock-step" not in [found.finding for found in analyze(late, early).finding_list]

"""Detectors: pure functions from the finished account of a capture to findings."""

from analyzer.detectors import capture
from analyzer.findings import Detector, Finding, Seen

DETECTORS: tuple[Detector, ...] = (
    capture.truncated_capture,
    capture.capture_loss,
    capture.one_sided_capture,
    capture.segmentation_offload,
    capture.clock_step,
    capture.protocol_violation,
)


def find_all(seen: Seen) -> list[Finding]:
    """Return what all detectors find, errors first."""
    found = [finding for detector in DETECTORS for finding in detector(seen)]
    order = {"error": 0, "warning": 1, "info": 2}
    return sorted(found, key=lambda each: order[each.severity])

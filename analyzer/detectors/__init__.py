"""Detectors: pure functions from the finished account of a capture to findings."""

from analyzer.detectors import (
    application,
    application_limits,
    capture,
    congestion,
    fast_open,
    flood,
    flow_control,
    loss,
    opening,
    options,
    pools,
    ports,
    small_writes,
)
from analyzer.findings import MAX_OF_A_KIND, Detector, Finding, Seen, Severity

DETECTORS: tuple[Detector, ...] = (
    opening.slow_connect,
    opening.syn_ack_loss,
    opening.connection_refused,
    opening.connection_unanswered,
    opening.half_open,
    flood.syn_flood,
    flood.syn_cookies,
    opening.accept_queue_full,
    opening.simultaneous_open,
    fast_open.fast_open,
    fast_open.fast_open_ignored,
    fast_open.fast_open_blackhole,
    options.window_scale_stripped,
    options.options_stripped,
    loss.loss,
    loss.retransmission_timeout,
    flow_control.zero_window,
    flow_control.window_update_lost,
    flow_control.receive_window_limited,
    flow_control.silly_window,
    flow_control.window_shrunk,
    congestion.tail_loss,
    congestion.spurious_retransmission,
    congestion.reordering,
    congestion.packet_duplication,
    congestion.blackhole,
    congestion.bufferbloat,
    congestion.congestion_marks,
    congestion.idle_restart,
    small_writes.nagle_delayed_ack,
    small_writes.tinygrams,
    application_limits.application_limited,
    application_limits.send_buffer_limited,
    application.close_wait_leak,
    application.half_closed,
    application.aborted,
    application.reset_by_middlebox,
    application.keep_alive,
    ports.time_wait_pressure,
    ports.ephemeral_port_exhaustion,
    ports.port_reuse,
    pools.connection_churn,
    pools.stale_pooled_connection,
    capture.truncated_capture,
    capture.capture_loss,
    capture.duplicate_frames,
    capture.one_sided_capture,
    capture.segmentation_offload,
    capture.clock_step,
    capture.protocol_violation,
)

_RANKS = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}


def find_all(seen: Seen) -> list[Finding]:
    """Return what all detectors find, the worst first: by severity, then by the time that it cost.

    Of each name at most `MAX_OF_A_KIND` are kept.
    """
    found = [finding for detector in DETECTORS for finding in sorted(detector(seen), key=_badness)[:MAX_OF_A_KIND]]
    return sorted(found, key=_badness)


def _badness(finding: Finding) -> tuple[int, float]:
    return _RANKS[finding.severity], -finding.cost_s

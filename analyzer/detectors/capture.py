"""What the capture itself cannot show, so that no other finding overclaims."""

from collections.abc import Iterator

from analyzer.detectors.congestion import is_captured_twice
from analyzer.detectors.words import several
from analyzer.findings import Finding, Seen, Severity, about_capture, about_captures
from reconstruct.vocabulary import Sign


@about_captures
def truncated_capture(seen: Seen) -> Iterator[Finding]:
    """Find files whose end is missing or cannot be read."""
    for name, offset, packet, reason in seen.damages:
        yield about_capture(
            "truncated-capture",
            Severity.WARNING,
            [packet] if packet else [],
            f"{name} cannot be read beyond byte {offset:,}, after packet {packet:,}: {reason}",
            "Copy the file again, or stop the capture program with SIGINT so that it writes its last block; what "
            "connections did afterwards is not known.",
        )


@about_captures
def capture_loss(seen: Seen) -> Iterator[Finding]:
    """Find segments that were on the wire but not written: acknowledged and never seen, or counted as dropped."""
    if not seen.missing_bytes and not seen.dropped:
        return
    parts = []
    if seen.missing_bytes:
        where = several(seen.missing_connections, "direction")
        parts.append(f"{several(seen.missing_bytes, 'byte')} in {where} were acknowledged but never captured")
    if seen.dropped:
        parts.append(f"the capture program reports {several(seen.dropped, 'packet')} dropped")
    yield about_capture(
        "capture-loss",
        Severity.WARNING,
        seen.missing_frames,
        "; ".join(parts),
        "Capture with a larger buffer (tcpdump -B 65536), a smaller snap length (-s 128) or a filter; segments that "
        "look lost may only be missing here.",
    )


@about_captures
def duplicate_frames(seen: Seen) -> Iterator[Finding]:
    """Find captures that hold most frames twice."""
    ends = [end for flow in seen.flows for end in (flow.client, flow.server) if is_captured_twice(end, seen)]
    if ends:
        copies = sum(end.count(Sign.NETWORK_DUPLICATE) for end in ends)
        data = sum(end.number("data_segments") for end in ends)
        yield about_capture(
            "duplicate-frames",
            Severity.WARNING,
            sorted(frame for end in ends for frame in end.frames(Sign.NETWORK_DUPLICATE)),
            f"{several(copies, 'copy', 'copies')} among {several(data, 'data segment')} of "
            f"{several(len(ends), 'direction')}: the capture holds most frames twice",
            "Mirror each frame once (one port or one direction of it, not ingress and egress), capture on one "
            "interface instead of `any`, or drop the copies with editcap -d; copies inflate counts and rates.",
        )


@about_captures
def one_sided_capture(seen: Seen) -> Iterator[Finding]:
    """Find connections of which only one direction was captured."""
    if seen.one_sided:
        yield about_capture(
            "one-sided-capture",
            Severity.WARNING,
            seen.one_sided_frames,
            f"of {seen.one_sided:,} of {several(seen.connections, 'connection')} only one direction was captured",
            "Capture where both directions pass (both members of a bond, both SPAN directions); states, windows and "
            "losses of the silent end are unknown.",
        )


@about_captures
def segmentation_offload(seen: Seen) -> Iterator[Finding]:
    """Find segments larger than the peer's MSS: the network card cuts or joins them on the other side of the tap."""
    if seen.oversized:
        yield about_capture(
            "segmentation-offload",
            Severity.INFO,
            seen.oversized_frames,
            f"{several(seen.oversized, 'segment')} larger than the MSS that the peer announced",
            "These are not the packets of the wire: switch offloading off while capturing (ethtool -K IFACE tso off "
            "gso off gro off) if packet counts matter.",
        )


@about_captures
def clock_step(seen: Seen) -> Iterator[Finding]:
    """Find places where the capture's clock went back."""
    if seen.clock_steps:
        yield about_capture(
            "clock-step",
            Severity.WARNING,
            seen.clock_step_frames,
            f"the time went back {several(seen.clock_steps, 'time')} by 10 ms or more",
            "Times across these frames are unreliable; sort the file (reordercap) if several interfaces were merged "
            "unsorted, else look at the clock of the capturing host.",
        )


@about_captures
def protocol_violation(seen: Seen) -> Iterator[Finding]:
    """Find segments that no receiver accepts."""
    if seen.invalid:
        where = several(seen.invalid_connections, "direction")
        yield about_capture(
            "protocol-violation",
            Severity.WARNING,
            seen.invalid_frames,
            f"{several(seen.invalid, 'segment')} in {where} that no RFC 9293 receiver would accept",
            "Look at the frames with `tcpscope replay`: their rule says what is wrong; injected or late segments, a "
            "broken middlebox and a restarted host make such.",
        )

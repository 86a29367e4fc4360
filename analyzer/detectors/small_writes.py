"""What small writes cost: a wait for a delayed acknowledgment, or a packet for every few bytes."""

from collections.abc import Iterator

from analyzer.detectors.words import duration, percent, several
from analyzer.findings import Finding, FlowSeen, Seen, Severity, about_flow, about_flows
from reconstruct.vocabulary import Sign

SECOND_NS = 1_000_000_000


@about_flows
def nagle_delayed_ack(flow: FlowSeen, seen: Seen) -> Iterator[Finding]:
    """Find small segments that waited for an acknowledgment that the peer delayed."""
    for end, peer in flow.ends():
        stalls = end.count(Sign.NAGLE_STALL)
        if stalls < seen.settings.nagle_least:
            continue
        lost_ns = end.total(Sign.NAGLE_STALL)
        yield about_flow(
            "nagle-delayed-ack",
            Severity.WARNING,
            flow,
            end.frames(Sign.NAGLE_STALL),
            f"{several(stalls, 'time')} a small write of the {end.sender.text} waited for an acknowledgment that the "
            f"{peer.sender.text} delayed: {duration(lost_ns // stalls)} each, {duration(lost_ns)} in all",
            f"Write header and body with one call on the {end.sender.text} (writev, sendmsg, MSG_MORE, a buffered "
            "writer); where that cannot be, TCP_NODELAY. Not TCP_NODELAY with many tiny writes: each becomes a packet.",
            cost_s=lost_ns / SECOND_NS,
        )


@about_flows
def tinygrams(flow: FlowSeen, seen: Seen) -> Iterator[Finding]:
    """Find senders that send many small segments without waiting: Nagle's algorithm is off, and nothing gathers."""
    settings = seen.settings
    for end, _ in flow.ends():
        small, data = end.count(Sign.TINYGRAM), max(end.number("data_segments"), 1)
        if small < settings.tinygrams_least or small < settings.tinygrams_share * data:
            continue
        mean = end.total(Sign.TINYGRAM) / small
        if mean > settings.tinygrams_bytes:
            continue
        yield about_flow(
            "tinygrams",
            Severity.INFO,
            flow,
            end.frames(Sign.TINYGRAM),
            f"the {end.sender.text} sent {several(small, 'small segment')}, {percent(small / data)} of its data "
            f"segments, {mean:.3g} bytes each on average, without waiting for the acknowledgment of the one before",
            "Gather what belongs together in one write (writev, a buffered writer that is flushed at the end of a "
            "message) or use TCP_CORK; leave it where each write must arrive at once: keystrokes, games, telemetry.",
        )

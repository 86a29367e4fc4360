"""What held a sender back at home: its application had nothing to send, or its send buffer was too small."""

from collections.abc import Iterator

from analyzer.detectors.words import duration, percent
from analyzer.findings import Finding, FlowSeen, Seen, Severity, about_flow, about_flows
from reconstruct.vocabulary import Sign

SECOND_NS = 1_000_000_000


@about_flows
def application_limited(flow: FlowSeen, seen: Seen) -> Iterator[Finding]:
    """Find senders whose application had nothing to send for much of the time."""
    settings = seen.settings
    for end, _ in flow.ends():
        if end.number("unique_bytes") < settings.application_limited_bytes:
            continue
        paused_ns = end.number("held_by_application_ns") + end.number("idle_ns")
        whole_ns = end.number("sending_ns") + end.number("idle_ns")
        if whole_ns < settings.limited_least_s * SECOND_NS or not whole_ns:
            continue
        share = paused_ns / whole_ns
        if share >= settings.application_limited_share:
            yield about_flow(
                "application-limited",
                Severity.INFO,
                flow,
                end.frames(Sign.APPLICATION_LIMITED),
                f"the application of the {end.sender.text} had nothing to send in {percent(share)} of the time, "
                f"{duration(paused_ns)}, of which nothing was outstanding for {duration(end.number('idle_ns'))}",
                f"The network is not what limits this: look at what the {end.sender.text} waits for (disk, database, "
                "the next request, CPU), or send more at a time (pipelining, read-ahead).",
                cost_s=paused_ns / SECOND_NS,
            )


@about_flows
def send_buffer_limited(flow: FlowSeen, seen: Seen) -> Iterator[Finding]:
    """Find senders whose own buffer was smaller than what the path holds."""
    settings = seen.settings
    for end, _ in flow.ends():
        sending_ns, held_ns = end.number("sending_ns"), end.number("held_by_send_buffer_ns")
        if sending_ns < settings.limited_least_s * SECOND_NS or not sending_ns:
            continue
        if end.number("spurious_retransmissions"):  # windows that were cut and restored cannot be told from a buffer
            continue
        share = held_ns / sending_ns
        if share >= settings.send_buffer_limited_share:
            yield about_flow(
                "send-buffer-limited",
                Severity.WARNING,
                flow,
                end.frames(Sign.SEND_BUFFER_LIMITED),
                f"the send buffer of the {end.sender.text} held it back in {percent(share)} of its sending time, "
                f"{duration(held_ns)}: no more than {end.number('flight_max'):,} bytes were in flight",
                f"Do not set SO_SNDBUF on the {end.sender.text} (it switches auto-tuning off), or set at least the "
                "bandwidth-delay product; raise the third value of net.ipv4.tcp_wmem. Not for many idle "
                "connections: buffers are memory.",
                confidence=0.8,
                cost_s=held_ns / SECOND_NS,
            )

"""What the receiver's window did to the sender: it closed, stayed too small, opened in crumbs, or was taken back."""

from collections.abc import Iterator

from analyzer.detectors.words import duration, percent, several
from analyzer.findings import EndSeen, Finding, FlowSeen, Seen, Severity, about_flow, about_flows
from reconstruct.vocabulary import Sign

SECOND_NS = 1_000_000_000


@about_flows
def zero_window(flow: FlowSeen, seen: Seen) -> Iterator[Finding]:
    """Find senders that a closed window stopped."""
    for end, peer in flow.ends():
        episodes = end.number("zero_window_episodes")
        if not episodes:
            continue
        held_ns = end.number("zero_window_ns")
        probes = end.number("window_probes")
        yield about_flow(
            "zero-window",
            Severity.WARNING if held_ns >= seen.settings.zero_window_warning_s * SECOND_NS else Severity.INFO,
            flow,
            end.frames(Sign.ZERO_WINDOW, Sign.WINDOW_PROBE),
            f"the {peer.sender.text} closed its window {several(episodes, 'time')}: the {end.sender.text} was held "
            f"{duration(held_ns)}, {duration(end.number('zero_window_longest_ns'))} at the longest, and sent "
            f"{several(probes, 'probe')}",
            f"The application on the {peer.sender.text} does not read fast enough: look at what it waits for (CPU, "
            "disk, a lock). A larger receive buffer (SO_RCVBUF, net.ipv4.tcp_rmem) bridges bursts only.",
            cost_s=held_ns / SECOND_NS,
        )


@about_flows
def window_update_lost(flow: FlowSeen, seen: Seen) -> Iterator[Finding]:
    """Find senders that learned from a probe, late, that the window had been opened again."""
    for end, peer in flow.ends():
        lost = end.number("window_updates_lost")
        if lost:
            waited_ns = end.total(Sign.WINDOW_UPDATE_LOST)
            yield about_flow(
                "window-update-lost",
                Severity.WARNING,
                flow,
                end.frames(Sign.WINDOW_UPDATE_LOST),
                f"the {peer.sender.text} opened its closed window again, and {several(lost, 'time')} the "
                f"{end.sender.text} learned it only from a probe, after {duration(waited_ns)} in all",
                "Nobody sends a lost window update again: keep the window from closing (read faster, larger SO_RCVBUF) "
                "and find where the way back loses pure acknowledgments.",
                cost_s=waited_ns / SECOND_NS,
            )


@about_flows
def receive_window_limited(flow: FlowSeen, seen: Seen) -> Iterator[Finding]:
    """Find senders that had filled the peer's window for much of their sending time."""
    settings = seen.settings
    for end, peer in flow.ends():
        sending_ns, held_ns = end.number("sending_ns"), end.number("held_by_rwnd_ns")
        if sending_ns < settings.limited_least_s * SECOND_NS or not sending_ns:
            continue
        share = held_ns / sending_ns
        if share >= settings.receive_window_limited_share:
            yield about_flow(
                "receive-window-limited",
                Severity.WARNING if share >= settings.receive_window_warning_share else Severity.INFO,
                flow,
                end.frames(Sign.RWND_LIMITED),
                f"the {peer.sender.text}'s window held the {end.sender.text} back in {percent(share)} of its sending "
                f"time, {duration(held_ns)}{_throughput_limit(end)}",
                f"Let the window of the {peer.sender.text} grow: do not set SO_RCVBUF (it switches auto-tuning off), "
                "raise the third value of net.ipv4.tcp_rmem to the bandwidth-delay product, keep "
                "net.ipv4.tcp_moderate_rcvbuf=1; not if the application is what reads too slowly.",
                cost_s=held_ns / SECOND_NS,
            )


def _throughput_limit(end: EndSeen) -> str:
    """Say what a window that is full all the time lets through, where both are known."""
    flight, rtt_ns = end.known("flight_max"), end.known("rtt_median_ns")
    if not flight or not rtt_ns:
        return ""
    return f": {flight:,} bytes a round trip of {duration(rtt_ns)} are at most {8e3 * flight / rtt_ns:,.3g} Mbit/s"


@about_flows
def silly_window(flow: FlowSeen, seen: Seen) -> Iterator[Finding]:
    """Find windows that are opened by crumbs, again and again, and senders that fill them with tiny segments."""
    for end, peer in flow.ends():
        openings, tiny = end.number("silly_openings"), end.number("silly_segments")
        data = max(end.number("data_segments"), 1)
        if openings < seen.settings.silly_least or tiny < seen.settings.silly_share * data:
            continue
        # Where the two disagree about the scale, the offers only look like crumbs to one of them.
        disagreed = peer.number("window_scale_denied") > 0
        yield about_flow(
            "silly-window",
            Severity.INFO if disagreed else Severity.WARNING,
            flow,
            end.frames(Sign.SILLY_OPENING, Sign.SILLY_SEGMENT),
            f"the {peer.sender.text} opened its window {several(openings, 'time')} by less than a segment, and the "
            f"{end.sender.text} filled it with {several(tiny, 'tiny segment')}, {percent(tiny / data)} of its data "
            "segments" + "; window scaling that was lost on the way explains it" * disagreed,
            f"The {peer.sender.text} does not avoid silly windows (RFC 9293 3.8.6.2.2): give it a receive buffer of "
            "several segments, and look for a middlebox that rewrites windows.",
        )


@about_flows
def window_shrunk(flow: FlowSeen, seen: Seen) -> Iterator[Finding]:
    """Find receivers that took back window which they had offered."""
    for end, peer in flow.ends():
        shrinks = end.number("window_shrinks")
        if shrinks:
            yield about_flow(
                "window-shrunk",
                Severity.INFO,
                flow,
                end.frames(Sign.WINDOW_SHRUNK),
                f"the {peer.sender.text} moved the right edge of its window left {several(shrinks, 'time')}, by "
                f"{end.number('window_shrunk_bytes'):,} bytes in all",
                "What is in flight then may be dropped: do not lower SO_RCVBUF on an open connection; on Linux see "
                "net.ipv4.tcp_shrink_window; a middlebox may rewrite the window.",
            )

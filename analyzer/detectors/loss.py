"""What was lost, and how it was found out."""

from collections.abc import Iterator

from analyzer.detectors.words import duration, percent, phrase, several, times
from analyzer.findings import EndSeen, Finding, FlowSeen, Seen, Severity, about_flow, about_flows
from reconstruct.vocabulary import Sign

RESENT = (
    Sign.FAST_RETRANSMISSION, Sign.RECOVERY_RETRANSMISSION, Sign.RTO_RETRANSMISSION, Sign.SLOW_START_RETRANSMISSION,
    Sign.TAIL_LOSS_PROBE, Sign.OTHER_RETRANSMISSION,
)  # fmt: skip
KINDS = {
    "fast_retransmissions": "fast",
    "recovery_retransmissions": "in recovery",
    "rto_retransmissions": "by the timer",
    "slow_start_retransmissions": "after the timer",
    "tail_loss_probes": "to probe for a lost tail",
    "other_retransmissions": "for a reason that the capture does not show",
}


AS_TOLD = "; a blackhole explains it"  # in sentences of findings that are only what another one does


def is_blackhole(end: EndSeen, peer: EndSeen, seen: Seen) -> bool:
    """Return whether nothing of an end arrived for several timeouts in a row.

    A peer that sends its SYN-ACK again is there: what it does not take then is told as a matter of the opening.
    """
    return not peer.count(Sign.SYN_RETRANSMISSION) and (
        end.most(Sign.REPEATED_TIMEOUT) >= seen.settings.blackhole_timeouts
    )


def needed_retransmissions(end: EndSeen) -> int:
    """Return how many segments with data or a FIN were sent again and not proven unneeded."""
    return max(0, sum(end.number(column) for column in KINDS) - end.number("spurious_retransmissions"))


def _needed(end: EndSeen, resent: int) -> str:
    """Say how many of what was sent again had been lost, as far as is known."""
    needed = needed_retransmissions(end)
    if needed == 0:
        return "though all of that had arrived"
    share = percent(min(1.0, needed / max(end.number("data_segments"), 1)))
    return f"{share} of those with data" + (", not counting what had arrived" if needed < resent else "")


@about_flows
def loss(flow: FlowSeen, seen: Seen) -> Iterator[Finding]:
    """Find connections whose segments were lost."""
    for end, peer in flow.ends():
        resent = sum(end.number(column) for column in KINDS)
        if resent == 0:
            continue
        share = min(1.0, needed_retransmissions(end) / max(end.number("data_segments"), 1))
        swallowed = is_blackhole(end, peer, seen)
        explained = swallowed and resent < 2 * end.count(Sign.RTO_RETRANSMISSION)
        kinds = [f"{end.number(column):,} {words}" for column, words in KINDS.items() if end.number(column)]
        yield about_flow(
            "loss",
            Severity.WARNING if share >= seen.settings.loss_warning_share and not explained else Severity.INFO,
            flow,
            end.frames(*RESENT),
            f"the {end.sender.text} sent {several(resent, 'segment')} again"
            + ("" if swallowed else f", {_needed(end, resent)}")
            + f": {phrase(kinds)}"
            + AS_TOLD * explained,
            "Look for drops at the narrowest link and at both interfaces (tc -s qdisc, ip -s link, ethtool -S).",
            cost_s=end.total(Sign.RTO_RETRANSMISSION) / 1e9,
        )


def _longest(end: EndSeen, count: int) -> str:
    """Say how long the longest of several waits was."""
    return f" in all, {duration(end.most(Sign.RTO_RETRANSMISSION))} at the longest" if count > 1 else ""


@about_flows
def retransmission_timeout(flow: FlowSeen, seen: Seen) -> Iterator[Finding]:
    """Find connections whose retransmission timer ran out."""
    for end, peer in flow.ends():
        count = end.count(Sign.RTO_RETRANSMISSION)
        if count:
            waited_ns = end.total(Sign.RTO_RETRANSMISSION)
            explained = is_blackhole(end, peer, seen)
            yield about_flow(
                "retransmission-timeout",
                Severity.INFO if explained else Severity.WARNING,
                flow,
                end.frames(Sign.RTO_RETRANSMISSION),
                f"the {end.sender.text}'s retransmission timer ran out {times(count)}; it waited "
                f"{duration(waited_ns)}{_longest(end, count)}" + AS_TOLD * explained,
                "Keep SACK on (net.ipv4.tcp_sack=1) and the path from losing whole bursts: pace with fq, shorten "
                "bursts; check for middleboxes that drop small segments at the end of a transfer.",
                cost_s=waited_ns / 1e9,
            )

"""Connections that a pool keeps or should keep: churn, and connections that died while they were idle."""

from collections.abc import Iterator

from analyzer.detectors.words import duration, percent, several
from analyzer.findings import (
    Finding,
    FlowSeen,
    Seen,
    Severity,
    about_capture,
    about_captures,
    about_flow,
    about_flows,
)  # fmt: skip
from analyzer.pairs import churn_of, ends_text
from reconstruct.vocabulary import Sign

NS_PER_S = 1_000_000_000
STALE = {
    Sign.STALE_RESET: (0.9, "a request after {idle} of idleness was answered with a reset"),
    Sign.STALE_FIN: (0.95, "a request met a connection that the server had closed after {idle} of idleness"),
    Sign.STALE_SILENCE: (0.8, "a request after {idle} of idleness was sent again and again and never answered"),
    Sign.IDLE_RESET: (
        0.6,
        "the server reset an idle connection after {idle}, which its client kept for requests",
    ),
}


@about_flows
def stale_pooled_connection(flow: FlowSeen, seen: Seen) -> Iterator[Finding]:
    """Find connections that served requests, were idle, and failed when they were used again."""
    for sign, (confidence, words) in STALE.items():
        idle_ns = flow.client.most(sign)
        if idle_ns >= seen.settings.stale_idle_s * NS_PER_S:
            yield about_flow(
                "stale-pooled-connection",
                Severity.WARNING,
                flow,
                flow.client.frames(sign),
                words.format(idle=duration(idle_ns)),
                f"Let the client's pool close connections before they were idle for {duration(idle_ns)} (max idle time "
                "below the keep-alive timeout of the server and of every NAT and load balancer on the way), or "
                "test a connection before use.",
                confidence=confidence,
            )
            return


@about_captures
def connection_churn(seen: Seen) -> Iterator[Finding]:
    """Find ends between which many short connections could have been a few long ones."""
    for pair in seen.pairs.pairs:
        churn = churn_of(pair)
        if churn.saved < seen.settings.churn_connections:
            continue
        part = churn.saved / pair.short
        busy = churn.rate >= seen.settings.churn_rate and churn.share >= seen.settings.churn_share
        costly = pair.short_cost_ns >= seen.settings.churn_cost_s * NS_PER_S
        tls = f" and {several(pair.setup_turns, 'round trip')} of TLS" if pair.setup_turns else ""
        grown = f", and {several(pair.rounds, 'round trip')} while windows grew again" if pair.rounds else ""
        yield about_capture(
            "connection-churn",
            Severity.WARNING if busy and costly else Severity.INFO,
            pair.short_frames,
            f"{several(pair.short, 'short connection')} ({churn.rate:.3g} a second) from {ends_text(pair)}: their "
            f"openings took {several(pair.short, 'round trip')} of TCP{tls}, {duration(pair.short_cost_ns)} together, "
            f"{percent(churn.share)} of their lives{grown}; a pool of {churn.pool:,} would do",
            "Keep connections open and use them again: HTTP keep-alive, a connection pool with a limit and a max idle "
            "time below the server's; it also spares ports and TIME-WAIT.",
            cost_s=pair.short_cost_ns * part / NS_PER_S,
        )

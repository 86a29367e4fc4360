"""Floods of SYNs, and what a listener does against them."""

from collections.abc import Iterator

from analyzer.detectors.words import duration, phrase, several
from analyzer.findings import Finding, Seen, Severity, about_captures, about_listener
from analyzer.listeners import ListenerSeen, MetSeen
from reconstruct.listener import NEVER
from reconstruct.seq import UNKNOWN
from reconstruct.vocabulary import Met

BACKSCATTER = 0.9  # share of the connections of which only the SYN-ACK was captured


def is_flooded(listener: ListenerSeen, seen: Seen) -> bool:
    """Return whether connections that nobody means to complete arrive at a listener far faster than others."""
    settings = seen.settings
    return (
        listener.never >= settings.syn_flood_connections
        and listener.never >= settings.syn_flood_ratio * listener.completed
        and listener.resent < settings.syn_flood_resent_share * listener.never
        and listener.peak_per_s(NEVER) >= settings.syn_flood_rate_per_s
    )


def is_backscatter(listener: ListenerSeen) -> bool:
    """Return whether only the answers to a flood were captured."""
    return listener.alone >= BACKSCATTER * listener.connections


@about_captures
def syn_flood(seen: Seen) -> Iterator[Finding]:
    """Find listeners at which connections arrive that nobody means to complete."""
    for listener in seen.listeners:
        if is_flooded(listener, seen):
            yield _backscatter(listener) if is_backscatter(listener) else _flood(listener)


def _flood(listener: ListenerSeen) -> Finding:
    met = _unfinished(listener)
    unanswered = listener.met(Met.UNANSWERED).count
    dropped = f"; {unanswered:,} got no answer at all" if unanswered else ""
    return about_listener(
        "syn-flood",
        Severity.WARNING,
        listener,
        met,
        f"{listener.never:,} of {several(listener.connections, 'connection')} to {listener.text} were never completed, "
        f"up to {listener.peak_per_s(NEVER):,.0f} a second, from about "
        f"{several(listener.clients, 'address', 'addresses')}{_forged(listener)}"
        f"; {listener.completed:,} were completed{dropped}",
        "Let SYN cookies answer (net.ipv4.tcp_syncookies=1), raise net.ipv4.tcp_max_syn_backlog and the backlog of "
        "listen(), and have the flood filtered upstream: forged addresses cannot be blocked one by one.",
        confidence=0.95,
    )


def _backscatter(listener: ListenerSeen) -> Finding:
    met = _unfinished(listener)
    return about_listener(
        "syn-flood",
        Severity.INFO,
        listener,
        met,
        f"{listener.text} answered {several(listener.alone, 'SYN')} that this capture does not have, to about "
        f"{several(listener.clients, 'address', 'addresses')}: backscatter of a flood with forged addresses",
        "The flood is at the host that answers, the addresses here were forged: nothing to mend here, tell its owner.",
        confidence=0.8,
    )


def _unfinished(listener: ListenerSeen) -> MetSeen:
    """Return what tells most of the connections that were never completed."""
    kinds = (Met.STATELESS, Met.HALF_OPEN, Met.UNANSWERED)
    most = max((listener.met(kind) for kind in kinds), key=lambda met: met.count)
    frames = most.frames
    return MetSeen(listener.never, most.total, most.most, listener.first_flow, frames)


def _forged(listener: ListenerSeen) -> str:
    """Return what speaks for forged addresses."""
    signs = []
    if listener.clients >= 0.5 * listener.never:
        signs.append("nearly each address tried once")
    if listener.ttl_low == listener.ttl_high and listener.clients > 100:
        signs.append(f"all SYNs have the TTL {listener.ttl_low}")
    return f" (forged: {phrase(signs)})" if signs else f" ({', '.join(listener.sources)} among them)"


@about_captures
def syn_cookies(seen: Seen) -> Iterator[Finding]:
    """Find listeners that answer SYNs without remembering them."""
    for listener in seen.listeners:
        cookies = listener.cookies
        if cookies.probability >= seen.settings.syn_cookies_probability:
            silent = listener.met(Met.STATELESS)
            met = silent if silent.count else listener.met(Met.LAGGING)
            yield about_listener(
                "syn-cookies",
                Severity.WARNING,
                listener,
                met,
                f"{listener.text} answers with SYN cookies ({cookies.text}): {phrase(list(cookies.reasons))}"
                f"{_onset(listener)}",
                "Cookies keep the server reachable; without timestamps they cost window scaling and SACK. Raise "
                "net.ipv4.tcp_max_syn_backlog and the backlog of listen() if no flood explains them; "
                "net.ipv4.tcp_syncookies=2 sends them always.",
                confidence=cookies.probability,
            )


def _onset(listener: ListenerSeen) -> str:
    """Return when cookies set in, and what that tells of the backlog."""
    if listener.stateless_ns == UNKNOWN:
        return ""
    remembered = listener.remembered_before(listener.stateless_ns)
    if remembered == 0:
        return "; it remembered no connection before: cookies are sent always, or their beginning was not captured"
    after = duration(listener.stateless_ns - listener.first_ns)
    return (
        f"; they set in {after} after the first SYN, with {several(remembered, 'connection')} half open: the backlog "
        f"is about {remembered - 1:,}"
    )

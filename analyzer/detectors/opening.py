"""Connections that opened late, or not at all, per listener."""

from collections.abc import Iterator

from analyzer.detectors.flood import is_flooded
from analyzer.detectors.scans import told_scans, unscanned
from analyzer.detectors.words import duration, several
from analyzer.findings import Finding, Seen, Severity, about_captures, about_listener
from analyzer.listeners import ListenerSeen, MetSeen
from reconstruct.vocabulary import Met


def of_all(met: MetSeen, listener: ListenerSeen) -> str:
    """Return how many of the listener's connections met something."""
    if listener.connections == 1:
        return f"the connection to {listener.text}"
    return f"{met.count:,} of {several(listener.connections, 'connection')} to {listener.text}"


def is_queue_full(listener: ListenerSeen, seen: Seen) -> bool:
    """Return whether a listener that completes connections ignores ACKs or SYNs that reached it."""
    acks, syns = listener.met(Met.ACK_UNHEEDED), listener.met(Met.SYN_UNHEEDED)
    ignored = syns.count >= 2 and syns.total >= seen.settings.accept_queue_syns
    return not is_flooded(listener, seen) and listener.completed > 0 and (acks.count > 0 or ignored)


@about_captures
def slow_connect(seen: Seen) -> Iterator[Finding]:
    """Find connections that opened only after the SYN was sent again."""
    for listener in seen.listeners:
        met = listener.met(Met.SLOW)
        if met.count and not is_queue_full(listener, seen):
            yield about_listener(
                "slow-connect",
                Severity.WARNING,
                listener,
                met,
                f"{of_all(met, listener)} opened only after the SYN was sent again: {duration(met.total)} lost in all, "
                f"{duration(met.most)} at the longest",
                "Find where the SYN or its SYN-ACK is lost (capture at both ends at once); if the SYN reaches the "
                "server and nothing answers, look at its queues (nstat -az TcpExtListenDrops TcpExtListenOverflows).",
                cost_s=met.total / 1e9,
            )


@about_captures
def syn_ack_loss(seen: Seen) -> Iterator[Finding]:
    """Find connections that opened only after the SYN-ACK was sent again."""
    for listener in seen.listeners:
        met = listener.met(Met.ANSWER_RESENT)
        if met.count and not is_queue_full(listener, seen):
            yield about_listener(
                "syn-ack-loss",
                Severity.WARNING,
                listener,
                met,
                f"{of_all(met, listener)} opened only after the SYN-ACK was sent again, {duration(met.most)} later at "
                "the longest: it was lost, or the ACK that answers it",
                "Find where packets from the server to its clients are lost: asymmetric routes, a firewall that did "
                "not see the SYN, a full link on the way back.",
                cost_s=met.total / 1e9,
            )


@about_captures
def accept_queue_full(seen: Seen) -> Iterator[Finding]:
    """Find listeners that complete connections, but for a while ignore SYNs and ACKs that reached them."""
    for listener in seen.listeners:
        if is_queue_full(listener, seen):
            acks, syns = listener.met(Met.ACK_UNHEEDED), listener.met(Met.SYN_UNHEEDED)
            told = [f"sent its SYN-ACK again to {several(acks.count, 'client')} that had acknowledged it"] * bool(
                acks.count
            )
            told += [f"ignored {several(syns.total, 'SYN')} of {several(syns.count, 'connection')}"] * bool(syns.count)
            frames = tuple(sorted({*acks.frames, *syns.frames}))
            yield about_listener(
                "accept-queue-full",
                Severity.WARNING,
                listener,
                acks if acks.count else syns,
                f"{listener.text} {' and '.join(told)}, and completed {several(listener.completed, 'connection')}: its "
                "accept queue was full",
                "Accept faster (an event loop that does not block, more workers), and raise both the backlog of "
                "listen() and net.core.somaxconn; ss -ltn shows the queue, nstat -az TcpExtListenOverflows counts.",
                confidence=0.95 if acks.count else 0.7,
                cost_s=listener.met(Met.SLOW).total / 1e9,
                frames=frames,
            )


@about_captures
def connection_refused(seen: Seen) -> Iterator[Finding]:
    """Find SYNs that were answered with a reset."""
    yield from told_scans("connection-refused", seen)
    for listener in unscanned(Met.REFUSED, seen):
        met = listener.met(Met.REFUSED)
        others = f"; {listener.completed:,} others were accepted" if listener.completed else ""
        yield about_listener(
            "connection-refused",
            Severity.WARNING,
            listener,
            met,
            f"{of_all(met, listener)} {'was' if met.count == 1 else 'were'} refused with a reset, after "
            f"{duration(met.total // met.count)}{' on average' if met.count > 1 else ''}{others}",
            "Nobody listens at this address and port, or a firewall rejects: check that the service runs and "
            "listens there (ss -ltn), and which address the client was given.",
        )


@about_captures
def connection_unanswered(seen: Seen) -> Iterator[Finding]:
    """Find SYNs to which nothing came back."""
    yield from told_scans("connection-unanswered", seen)
    for listener in unscanned(Met.UNANSWERED, seen):
        met = listener.met(Met.UNANSWERED)
        insisted = listener.resent > 0
        yield about_listener(
            "connection-unanswered",
            Severity.WARNING if insisted else Severity.INFO,
            listener,
            met,
            f"nothing answered {of_all(met, listener)}"
            + (", although the SYN was sent again" if insisted else "; the SYN was not sent again"),
            "The host is down, the address is wrong, or a firewall drops the SYN or its answer: capture at the "
            "server; if the SYN arrives there, look at its firewall and its routes back.",
            confidence=0.95 if insisted else 0.7,
            cost_s=met.most / 1e9 if insisted else 0.0,
        )


@about_captures
def half_open(seen: Seen) -> Iterator[Finding]:
    """Find SYN-ACKs that nobody acknowledged."""
    yield from told_scans("half-open", seen)
    for listener in unscanned(Met.HALF_OPEN, seen):
        met = listener.met(Met.HALF_OPEN)
        yield about_listener(
            "half-open",
            Severity.INFO,
            listener,
            met,
            f"{of_all(met, listener)} stayed half open: the SYN-ACK was never acknowledged, up to "
            f"{duration(met.most)} long",
            "A client that is gone, a scan, a forged address, or a way back that loses everything; "
            "net.ipv4.tcp_synack_retries says how long the server waits (5: 63 s).",
            confidence=0.9,
        )


@about_captures
def simultaneous_open(seen: Seen) -> Iterator[Finding]:
    """Find connections whose two ends both sent a SYN (RFC 9293 3.5)."""
    for listener in seen.listeners:
        met = listener.met(Met.SIMULTANEOUS)
        if met.count:
            yield about_listener(
                "simultaneous-open",
                Severity.INFO,
                listener,
                met,
                f"the SYNs of both ends crossed: {of_all(met, listener)} has no client and no server",
                "Legal (RFC 9293 3.5) and meant, where peers punch holes into NATs; else two programs connect to each "
                "other from fixed ports: let one of them listen.",
            )

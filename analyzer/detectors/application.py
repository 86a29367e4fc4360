"""How applications left their connections: half-closed, forgotten, aborted, reset by others, found dead."""

from collections import defaultdict
from collections.abc import Iterator

from analyzer.addresses import address_text, end_text
from analyzer.detectors.words import duration, phrase, several
from analyzer.findings import (
    EndSeen,
    Finding,
    FlowSeen,
    Seen,
    Severity,
    about_capture,
    about_captures,
    about_flow,
    about_flows,
)  # fmt: skip
from reconstruct.vocabulary import Sign

NS_PER_S = 1_000_000_000
MOST_NAMED = 3  # servers that a sentence names
LEAST_IDLE_NS = 500_000_000  # nobody can ask for sooner than 1 s (TCP_KEEPIDLE); else an old ACK was overtaken
MISFITS = (Sign.RESET_TTL, Sign.RESET_TOO_SOON, Sign.RESET_DISOWNED, Sign.RESET_UNASKED)


def _host(flow: FlowSeen, end: EndSeen) -> str:
    """Return the address of an end, and the port where it is the server: a client's says nothing."""
    side = end.sender.text
    address = address_text(*(flow.number(name) for name in ("ip_version", f"{side}_hi", f"{side}_lo")))
    if side == "client":
        return f"client {address}"
    return end_text(address, flow.number("server_port"))


@about_captures
def close_wait_leak(seen: Seen) -> Iterator[Finding]:
    """Find hosts that acknowledge a FIN and then neither close nor send, ranked by server and port."""
    leaks: dict[str, list[tuple[int, list[int]]]] = defaultdict(list)
    for flow in seen.flows:
        for end, _ in flow.ends():
            silent_ns = end.most(Sign.CLOSE_WAIT)
            if silent_ns >= seen.settings.close_wait_s * NS_PER_S:
                leaks[_host(flow, end)].append((silent_ns, end.frames(Sign.CLOSE_WAIT)))
    if not leaks:
        return
    ranked = sorted(leaks.items(), key=lambda leak: (-len(leak[1]), leak[0]))
    total = sum(len(each) for each in leaks.values())
    longest_ns = max(silent_ns for each in leaks.values() for silent_ns, _ in each)
    named = [f"{len(each):,} at {where}" for where, each in ranked[:MOST_NAMED]]
    if len(ranked) > MOST_NAMED:
        named.append(f"{sum(len(each) for _, each in ranked[MOST_NAMED:]):,} elsewhere")
    yield about_capture(
        "close-wait-leak",
        Severity.WARNING,
        sorted(frame for each in leaks.values() for _, frames in each for frame in frames),
        f"{several(total, 'connection')} stayed in CLOSE-WAIT: the peer had closed, the host acknowledged it and "
        f"neither closed nor sent anything, for {duration(longest_ns)} at the longest: {phrase(named)}",
        "The application never calls close(): look for connections that error paths or an exhausted thread pool leave "
        "behind (ss -tnp state close-wait names the process); no sysctl ends a CLOSE-WAIT.",
    )


@about_flows
def half_closed(flow: FlowSeen, seen: Seen) -> Iterator[Finding]:
    """Find ends that went on sending after their peer had closed its direction."""
    for end, peer in flow.ends():
        sent = end.total(Sign.HALF_CLOSED)
        if sent:
            yield about_flow(
                "half-closed",
                Severity.INFO,
                flow,
                end.frames(Sign.HALF_CLOSED),
                f"the {end.sender.text} sent {several(sent, 'byte')} after the {peer.sender.text} had closed its "
                "direction",
                "This is legal (shutdown(SHUT_WR)) and how some protocols end a request; make sure that proxies and "
                "NATs on the way keep half-closed connections long enough.",
            )


@about_flows
def aborted(flow: FlowSeen, seen: Seen) -> Iterator[Finding]:
    """Find resets that threw data away."""
    for end, _ in flow.ends():
        lost, unread = end.total(Sign.RESET), end.total(Sign.RESET_UNREAD)
        if lost:
            yield about_flow(
                "aborted",
                Severity.WARNING,
                flow,
                end.frames(Sign.RESET),
                f"the {end.sender.text} reset the connection while {several(lost, 'byte')} were sent and not "
                "acknowledged: they are lost",
                "Close in order: shutdown(SHUT_WR), read until the peer's FIN, then close(); do not set SO_LINGER with "
                "a timeout of 0, and look for a process that was killed.",
            )
        elif end.count(Sign.RESET_LATE):
            yield about_flow(
                "aborted",
                Severity.INFO,
                flow,
                end.frames(Sign.RESET_LATE),
                f"{several(end.total(Sign.RESET_LATE), 'byte')} came for the {end.sender.text} after it had closed: it "
                "reset the connection, and they are lost",
                "Often the last words of TLS (close_notify), which nobody misses; else let the end that closes first "
                "read until the peer's FIN: shutdown(SHUT_WR) instead of close().",
            )
        elif unread:
            yield about_flow(
                "aborted",
                Severity.INFO,
                flow,
                end.frames(Sign.RESET_UNREAD),
                f"the {end.sender.text} reset the connection after {several(unread, 'byte')} that it had acknowledged "
                "and not answered: perhaps nobody read them",
                "Read everything before close(): Linux sends a reset instead of a FIN when data is left unread "
                "(RFC 1122 4.2.2.13), and then the peer may lose what was sent to it as well.",
                confidence=0.5,
            )


@about_flows
def reset_by_middlebox(flow: FlowSeen, seen: Seen) -> Iterator[Finding]:
    """Find resets that do not come from the end in whose name they were sent."""
    for end, _ in flow.ends():
        shown = _misfits(end)
        if shown:
            yield about_flow(
                "reset-by-middlebox",
                Severity.WARNING,
                flow,
                end.frames(*MISFITS),
                f"a reset in the name of the {end.sender.text} is hardly its own: {phrase(shown)}",
                "Look at firewalls, load balancers, NATs and inspection devices on the way: session table, idle "
                "timeout, policy; keep-alives below the idle timeout keep an entry alive.",
                confidence=0.8 if len(shown) == 1 else 0.95,
            )


def _misfits(end: EndSeen) -> list[str]:
    """Return in words what of a reset does not fit its sender."""
    shown = []
    if end.count(Sign.RESET_TTL):
        shown.append(f"by its TTL it came over {several(end.most(Sign.RESET_TTL), 'router')} more or less")
    if end.count(Sign.RESET_TOO_SOON):
        shown.append(f"it came {duration(end.most(Sign.RESET_TOO_SOON))} sooner than an answer of that host can")
    if end.count(Sign.RESET_DISOWNED):
        shown.append(f"that host sent {several(end.total(Sign.RESET_DISOWNED), 'byte')} of new data afterwards")
    if end.count(Sign.RESET_UNASKED):
        shown.append(
            f"it answers a segment that never passed here: nothing came for {duration(end.most(Sign.RESET_UNASKED))}"
        )
    return shown


@about_flows
def keep_alive(flow: FlowSeen, seen: Seen) -> Iterator[Finding]:
    """Find connections that were probed while idle, and peers that did not answer."""
    for end, peer in flow.ends():
        probes = end.count(Sign.KEEP_ALIVE)
        if end.most(Sign.KEEP_ALIVE) < LEAST_IDLE_NS:
            continue
        answers = min(peer.count(Sign.KEEP_ALIVE_ANSWER), probes)
        idle = f"the {end.sender.text} sent {several(probes, 'keep-alive')}"
        if end.count(Sign.FOUND_DEAD):
            yield about_flow(
                "keep-alive",
                Severity.WARNING,
                flow,
                end.frames(Sign.KEEP_ALIVE, Sign.FOUND_DEAD),
                f"{idle}, {answers:,} answered, and gave the peer up as dead after "
                f"{duration(end.most(Sign.FOUND_DEAD))} without a sign of it",
                "Find out what became of the peer: a crash, a lost route, or a NAT or firewall that dropped the idle "
                "connection (then probe sooner: TCP_KEEPIDLE below its timeout).",
                cost_s=end.most(Sign.FOUND_DEAD) / NS_PER_S,
            )
        else:
            yield about_flow(
                "keep-alive",
                Severity.INFO,
                flow,
                end.frames(Sign.KEEP_ALIVE),
                f"{idle}, {answers:,} answered",
                "Nothing to do: the connection was idle and somebody wanted to know that it lives (SO_KEEPALIVE, "
                "net.ipv4.tcp_keepalive_time).",
            )

"""Options of the SYN that do not come back, per listener."""

from collections.abc import Iterator

from analyzer.detectors.opening import of_all
from analyzer.detectors.words import phrase
from analyzer.findings import Finding, Seen, Severity, about_captures, about_listener
from analyzer.listeners import ListenerSeen
from reconstruct.vocabulary import Met

COOKIES_EXPLAIN = 0.5  # probability of SYN cookies, which have no room for options, that explains missing ones


@about_captures
def options_stripped(seen: Seen) -> Iterator[Finding]:
    """Find SYN-ACKs that do not answer the SYN's offer of SACK or timestamps."""
    for listener in seen.listeners:
        sack, timestamps = listener.met(Met.SACK_WITHHELD), listener.met(Met.TIMESTAMPS_WITHHELD)
        if (sack.count or timestamps.count) and not _are_cookies(listener):
            others = (listener.sack if sack.count else 0) + (listener.timestamps if timestamps.count else 0)
            names = ["SACK-permitted"] * bool(sack.count) + ["timestamps"] * bool(timestamps.count)
            more = max(sack, timestamps, key=lambda met: met.count)
            yield about_listener(
                "options-stripped",
                Severity.INFO,
                listener,
                more,
                f"the SYN-ACK of {of_all(more, listener)} does not answer {phrase(names)} that the SYN offers"
                + (", while other connections get it: the path removes it" if others else
                   ": the server has it off, or something on the path removes it"),
                "Check net.ipv4.tcp_sack and net.ipv4.tcp_timestamps at the server; if they are 1, a firewall or "
                "accelerator normalizes options: let it pass kinds 4, 5 and 8 (compare captures at both ends).",
                confidence=0.9 if others else 0.6,
            )  # fmt: skip


@about_captures
def window_scale_stripped(seen: Seen) -> Iterator[Finding]:
    """Find connections that lost window scaling on the way, or in one direction only."""
    for listener in seen.listeners:
        denied, withheld = listener.met(Met.SCALE_DENIED), listener.met(Met.SCALE_WITHHELD)
        if denied.count:
            yield about_listener(
                "window-scale-stripped",
                Severity.WARNING,
                listener,
                denied,
                f"the windows of {of_all(denied, listener)} are not scaled as the SYNs say: something on the path "
                "changed the option, and the two ends disagree about each other's windows",
                "Find the firewall or accelerator that removes option kind 3 from one of the SYNs and let it pass; "
                "until then net.ipv4.tcp_window_scaling=0 at one end keeps both of one mind.",
                confidence=0.95,
            )
        elif withheld.count and not _are_cookies(listener):
            others = ": the path removes it, as other connections get it" if listener.scale else ""
            yield about_listener(
                "window-scale-stripped",
                Severity.INFO,
                listener,
                withheld,
                f"the SYN offers window scaling, the SYN-ACK of {of_all(withheld, listener)} does not answer it{others}"
                ": no window can be larger than 65,535 bytes, which caps the rate at that for each round trip",
                "Check net.ipv4.tcp_window_scaling at the server; if it is 1, a firewall or accelerator removes option "
                "kind 3: let it pass.",
                confidence=0.9 if listener.scale else 0.7,
            )


def _are_cookies(listener: ListenerSeen) -> bool:
    return listener.cookies.probability >= COOKIES_EXPLAIN

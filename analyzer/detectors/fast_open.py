"""The life of TCP Fast Open (RFC 7413), per listener."""

from collections.abc import Iterator

from analyzer.detectors.opening import of_all
from analyzer.detectors.words import duration, several
from analyzer.findings import Finding, Seen, Severity, about_captures, about_listener
from reconstruct.vocabulary import Met


@about_captures
def fast_open(seen: Seen) -> Iterator[Finding]:
    """Find listeners that grant Fast Open cookies or take data in the SYN."""
    for listener in seen.listeners:
        granted, used = listener.met(Met.FAST_OPEN_GRANTED), listener.met(Met.FAST_OPEN_USED)
        if granted.count or used.count:
            saved = f", which saved {duration(used.total)} of round trips" if used.total else ""
            yield about_listener(
                "fast-open",
                Severity.INFO,
                listener,
                used if used.count else granted,
                f"{listener.text} granted {several(granted.count, 'Fast Open cookie')} and took data in the SYN of "
                f"{several(used.count, 'connection')}{saved}",
                "Nothing to mend: net.ipv4.tcp_fastopen is on at both ends. The first request of a client may arrive "
                "twice; let only those go into the SYN that do no harm then.",
                frames=tuple(sorted({*granted.frames, *used.frames})),
            )


@about_captures
def fast_open_ignored(seen: Seen) -> Iterator[Finding]:
    """Find Fast Open that was asked for, or data in SYNs, without effect."""
    for listener in seen.listeners:
        met = listener.met(Met.FAST_OPEN_IGNORED)
        if met.count:
            data = f", {met.total:,} bytes in SYNs had to be sent again" if met.total else ""
            yield about_listener(
                "fast-open-ignored",
                Severity.INFO,
                listener,
                met,
                f"{of_all(met, listener)} asked for Fast Open in vain{data}",
                "Switch it on at the server (net.ipv4.tcp_fastopen=3, TCP_FASTOPEN on the listening socket), keep one "
                "net.ipv4.tcp_fastopen_key on all servers behind a load balancer, or look for a middlebox that "
                "removes the option.",
                confidence=0.9,
            )


@about_captures
def fast_open_blackhole(seen: Seen) -> Iterator[Finding]:
    """Find SYNs with data that vanished where a plain SYN was answered."""
    for listener in seen.listeners:
        met = listener.met(Met.FAST_OPEN_LOST)
        if met.count:
            yield about_listener(
                "fast-open-blackhole",
                Severity.WARNING,
                listener,
                met,
                f"the SYN with data of {of_all(met, listener)} got no answer, the plain one after it did: "
                f"{duration(met.total)} lost",
                "A middlebox drops SYNs with data or with the option: switch Fast Open off for this path "
                "(net.ipv4.tcp_fastopen=0 at the client) or mend the middlebox; Linux stops by itself after such a "
                "loss (net.ipv4.tcp_fastopen_blackhole_timeout_sec).",
                confidence=0.9 if met.count > 1 else 0.8,
                cost_s=met.total / 1e9,
            )

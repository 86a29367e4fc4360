"""Scans: one client that tries many addresses and ports in vain is told once, not port by port."""

from collections import defaultdict
from collections.abc import Iterator

from analyzer.detectors.flood import is_flooded
from analyzer.detectors.words import phrase, several
from analyzer.findings import Finding, Seen, Severity, about_capture
from analyzer.listeners import ListenerSeen
from reconstruct.vocabulary import Met

# What became of tries, the findings that tell of it where there is no scan, and the words for it.
OUTCOMES = {
    Met.UNANSWERED: ("connection-unanswered", "without an answer"),
    Met.REFUSED: ("connection-refused", "refused"),
    Met.HALF_OPEN: ("half-open", "answered and left half open"),
}


def scans_of(seen: Seen) -> dict[str, list[ListenerSeen]]:
    """Return the listeners that one client alone tried and completed nothing with, by client, where they are many."""
    tried: dict[str, list[ListenerSeen]] = defaultdict(list)
    for listener in seen.listeners:
        in_vain = any(listener.met(kind).count for kind in OUTCOMES) or listener.reset
        if in_vain and listener.completed == 0 and len(listener.sources) == 1 and not is_flooded(listener, seen):
            tried[listener.sources[0]].append(listener)
    return {client: group for client, group in tried.items() if len(group) > seen.settings.scan_listeners}


def unscanned(kind: Met, seen: Seen) -> list[ListenerSeen]:
    """Return the listeners whose connections met something, without those of a scan or a flood."""
    scanned = {id(listener) for group in scans_of(seen).values() for listener in group}
    return [
        listener
        for listener in seen.listeners
        if listener.met(kind).count and id(listener) not in scanned and not is_flooded(listener, seen)
    ]


def told_scans(finding: str, seen: Seen) -> Iterator[Finding]:
    """Tell of the scans most of whose tries ended as this finding says, each once."""
    for client, group in scans_of(seen).items():
        ended = {kind: [each for each in group if each.met(kind).count] for kind in OUTCOMES}
        if OUTCOMES[max(ended, key=lambda kind: len(ended[kind]))][0] != finding:
            continue
        hosts = len({listener.address for listener in group})
        frames = sorted({frame for kind, each in ended.items() for one in each for frame in one.met(kind).frames})
        parts = [f"{len(each):,} {OUTCOMES[kind][1]}" for kind, each in ended.items() if each]
        yield about_capture(
            finding,
            Severity.INFO,
            frames,
            f"{client} tried {len(group):,} ports of {several(hosts, 'host')}: {phrase(parts)}; it looks for open "
            "ports",
            "A scan, wanted or not: see who runs it; single ports among them are not told apart.",
            confidence=0.9,
        )

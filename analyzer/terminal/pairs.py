"""The screens of `tcpscope ports` and `tcpscope pools`: a line for each client, server and port."""

from analyzer.pairs import PairsSeen, churn_of, client_text, idle_limit_ns, server_text, shown_spans
from analyzer.terminal import units
from analyzer.terminal.screen import QUIET, WARNING, Part, Screen
from analyzer.terminal.table import Field, print_table
from reconstruct.pairs import Pair

LEAST_END = 15  # columns to which an address is shortened
NS_PER_S = 1_000_000_000
BARS = " ▁▂▃▄▅▆▇█"
PLAIN_BARS = " .:-=+*%#"  # where the output lacks the others
BARS_SHOWN = 24  # columns


def print_ports(screen: Screen, seen: PairsSeen, room: int, share: float, limit: int) -> None:
    """Print the ports that each pair uses; `room` is how many there are, from `share` of them on it is marked."""
    pairs = seen.pairs[:limit]
    ports = [seen.spans.ports(pair) for pair in pairs]
    screen.title("Client ports", f"{room:,} to each server and port; TIME-WAIT {units.span(seen.spans.time_wait_ns)}")
    used = [_used(each.used_peak, room, share) for each in ports]
    print_table(screen, [
        *_ends(pairs),
        _field("connections", [units.count(pair.connections) for pair in pairs]),
        _field("per second", [units.figures(each.rate) for each in ports], rank=1),
        _field("open", [f"{each.live:,}" for each in ports]),
        _field("most", [f"{each.live_peak:,}" for each in ports], rank=3),
        _field("TIME-WAIT at client", [f"{each.client_waits:,}" for each in ports]),
        _field("most", [f"{each.client_waits_peak:,}" for each in ports], rank=2),
        _field("at server", [f"{each.server_waits:,}" for each in ports]),
        _field("left at least", [f"{max(room - each.used_peak, 0):,}" for each in ports]),
        Field("used", used, right=True),
        Field("in use over time", [(bars(seen, pair, screen.unicode), QUIET) for pair in pairs], rank=4),
    ])  # fmt: skip
    _print_rest(screen, seen, limit)


def print_pools(screen: Screen, seen: PairsSeen, limit: int) -> None:
    """Print how each pair's connections are used, and what an idle timeout should be."""
    pairs = seen.pairs[:limit]
    screen.title("Connection pools", "how often connections are used, what they cost to open, how long they may idle")
    print_table(screen, [
        *_ends(pairs),
        _field("connections", [units.count(pair.connections) for pair in pairs]),
        _field("requests", [units.count(pair.requests) for pair in pairs]),
        _field("short", [units.count(pair.short) for pair in pairs], rank=2),
        _field("opening", [units.span(opening_ns(pair)) if pair.handshakes else units.NOTHING for pair in pairs]),
        _field("pool", [f"{churn_of(pair).pool:,}" if pair.short else units.NOTHING for pair in pairs], rank=3),
        _field("longest idle", [_idle(pair.longest_idle_ns) for pair in pairs]),
        _field("server closes after", [units.span(pair.server_idle_ns) for pair in pairs], rank=1),
        Field("failed", [_failed(pair) for pair in pairs], right=True),
        _field("idle timeout", [_limit(pair) for pair in pairs]),
    ])  # fmt: skip
    _print_rest(screen, seen, limit)


def opening_ns(pair: Pair) -> int:
    """Return the mean time that opening a connection takes, TLS with it where it is seen."""
    trips_ns = pair.handshake_ns // pair.handshakes
    return trips_ns + trips_ns * pair.setup_turns // max(pair.connections, 1)


def bars(seen: PairsSeen, pair: Pair, unicode: bool = True) -> str:
    """Return the ports in use over time, a bar for each part of the capture, the highest at the peak."""
    levels = shown_spans(seen.spans, pair, BARS_SHOWN)
    top = max([*levels, 1])
    shades = BARS if unicode else PLAIN_BARS
    return "".join(shades[-(-max(level, 0) * (len(shades) - 1) // top)] for level in levels)


def _ends(pairs: list[Pair]) -> list[Field]:
    return [
        Field("client", [(client_text(pair), "") for pair in pairs], least=LEAST_END),
        Field("server", [(server_text(pair), "") for pair in pairs], least=LEAST_END),
    ]


def _field(title: str, texts: list[str], rank: int = 0) -> Field:
    return Field(title, [(text, "") for text in texts], right=True, rank=rank)


def _used(peak: int, room: int, share: float) -> Part:
    """Return the share of the ports in use at most, marked where it is near all of them."""
    part = peak / room
    return f"{part:.1%}", WARNING if part >= share else ""


def _idle(idle_ns: int) -> str:
    return units.span(idle_ns) if idle_ns > 0 else units.NOTHING


def _failed(pair: Pair) -> Part:
    """Return how many connections failed after a pause."""
    return (f"{pair.stale:,}", WARNING if pair.stale else "")


def _limit(pair: Pair) -> str:
    """Return the idle timeout that a pool should have, where one is known."""
    limit_ns = idle_limit_ns(pair)
    return f"below {units.span(limit_ns)}" if limit_ns > 0 else units.NOTHING


def _print_rest(screen: Screen, seen: PairsSeen, limit: int) -> None:
    """Tell what the table leaves out."""
    if not seen.pairs:
        screen.paragraph("no connection was open", QUIET)
    hidden = len(seen.pairs) - limit
    if hidden > 0:
        screen.paragraph(f"and {units.counted(hidden, 'more pair')}: --limit and --json show them", QUIET)
    if seen.others:
        words = f"{units.counted(seen.others, 'pair')} with {units.counted(seen.other_connections, 'connection')}"
        screen.paragraph(f"{words} had no room and are not told apart", QUIET)

"""Numbers as people read them, each with its unit."""

from reconstruct.seq import UNKNOWN

NOTHING = "-"  # what a screen shows where the capture shows nothing
NS_PER_US, NS_PER_MS, NS_PER_S = 1_000, 1_000_000, 1_000_000_000
S_PER_MIN, S_PER_H, S_PER_DAY = 60, 3600, 86400
_SPANS = ((NS_PER_S, "s"), (NS_PER_MS, "ms"), (NS_PER_US, "µs"))
_SIZES = ((10**12, "TB"), (10**9, "GB"), (10**6, "MB"), (10**3, "kB"))


def figures(value: float) -> str:
    """Return a number with three significant digits, and all of those before the point."""
    if value >= 99.95:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 9.995 else f"{value:.2f}"


def size(number: int) -> str:
    """Return bytes in the largest decimal unit that leaves a digit before the point."""
    if number == UNKNOWN:
        return NOTHING
    for unit, name in _SIZES:
        if number >= unit:
            return f"{figures(number / unit)} {name}"
    return f"{number} B"


def span(span_ns: int) -> str:
    """Return a span of time in the unit that fits it: ns, µs, ms, s, min, h, days."""
    if span_ns == UNKNOWN:
        return NOTHING
    if span_ns < 0:
        return f"-{span(-span_ns)}"
    whole_s = span_ns // NS_PER_S
    if whole_s >= S_PER_DAY:
        return f"{whole_s // S_PER_DAY} d {whole_s % S_PER_DAY // S_PER_H:02} h"
    if whole_s >= S_PER_H:
        return f"{whole_s // S_PER_H} h {whole_s % S_PER_H // S_PER_MIN:02} min"
    if whole_s >= S_PER_MIN:
        return f"{whole_s // S_PER_MIN} min {whole_s % S_PER_MIN:02} s"
    for unit_ns, name in _SPANS:
        if span_ns >= unit_ns:
            return f"{figures(span_ns / unit_ns)} {name}"
    return "0 s" if span_ns == 0 else f"{span_ns} ns"


def plain(value: float) -> str:
    """Return a number with all of its digits, and no more."""
    return f"{value:,.10g}"


def count(number: int) -> str:
    """Return a count with its thousands told apart."""
    return NOTHING if number == UNKNOWN else f"{number:,}"


def counted(number: int, one: str, many: str = "") -> str:
    """Return a count and what it counts, in the right number."""
    return f"{count(number)} {one if number == 1 else many or one + 's'}"


def clock(span_ns: int, decimals: int = 6) -> str:
    """Return a time since the start in seconds with a fixed number of decimals, cut off, not rounded."""
    if span_ns == UNKNOWN:
        return NOTHING
    whole_s, fraction_ns = divmod(abs(span_ns), NS_PER_S)
    return f"{'-' if span_ns < 0 else ''}{whole_s}.{fraction_ns:09d}"[: decimals - 9 or None]

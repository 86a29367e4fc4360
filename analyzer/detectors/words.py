"""Figures in the sentences of findings."""


def several(count: int, one: str, many: str | None = None) -> str:
    """Return a count with its noun."""
    return f"{count:,} {one}" if count == 1 else f"{count:,} {many or one + 's'}"


def duration(span_ns: int) -> str:
    """Return a time in the unit that suits it, in three digits."""
    if span_ns < 1_000_000:
        return f"{span_ns / 1_000:.3g} us"
    if span_ns < 1_000_000_000:
        return f"{span_ns / 1_000_000:.3g} ms"
    return f"{span_ns / 1_000_000_000:,.3g} s" if span_ns < 1_000_000_000_000 else f"{span_ns // 1_000_000_000:,} s"


def percent(share: float) -> str:
    """Return a share in percent, in two digits where it is small."""
    return f"{100 * share:.2g} %" if share < 0.1 else f"{100 * share:.0f} %"


def phrase(parts: list[str]) -> str:
    """Return parts as an enumeration: a, b and c."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def times(count: int) -> str:
    """Return how often."""
    return "once" if count == 1 else "twice" if count == 2 else f"{count:,} times"

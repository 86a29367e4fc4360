"""Numbers are told with three digits and the unit that fits."""

import pytest

from analyzer.terminal import units
from reconstruct.seq import UNKNOWN


@pytest.mark.parametrize(
    ("number", "text"),
    [(0, "0 B"), (999, "999 B"), (1_000, "1.00 kB"), (12_345, "12.3 kB"), (999_949, "1,000 kB"), (10**7, "10.0 MB"),
     (5 * 10**12, "5.00 TB"), (UNKNOWN, "-")],
)  # fmt: skip
def test_bytes(number: int, text: str) -> None:
    assert units.size(number) == text


@pytest.mark.parametrize(
    ("span_ns", "text"),
    [(0, "0 s"), (1, "1 ns"), (1_500, "1.50 µs"), (35_000_000, "35.0 ms"), (10**9, "1.00 s"),
     (61 * 10**9, "1 min 01 s"),
     (3_700 * 10**9, "1 h 01 min"), (90_000 * 10**9, "1 d 01 h"), (-1_500, "-1.50 µs"), (UNKNOWN, "-")],
)  # fmt: skip
def test_spans(span_ns: int, text: str) -> None:
    assert units.span(span_ns) == text


@pytest.mark.parametrize(("number", "text"), [(0, "0 segments"), (1, "1 segment"), (1_234, "1,234 segments")])
def test_counts_agree_with_what_they_count(number: int, text: str) -> None:
    assert units.counted(number, "segment") == text


@pytest.mark.parametrize(
    ("span_ns", "decimals", "text"),
    [(1_999_999_999, 3, "1.999"), (1, 9, "0.000000001"), (-1_500_000_000, 1, "-1.5"), (UNKNOWN, 6, "-")],
)
def test_clocks_are_cut_off_not_rounded(span_ns: int, decimals: int, text: str) -> None:
    assert units.clock(span_ns, decimals) == text

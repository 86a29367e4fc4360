"""The holes that a sender left: when, by which segment, and what is known of older ones."""

from hypothesis import given
from hypothesis import strategies as st

from reconstruct.gaps import GAPS_KEPT, Gaps
from reconstruct.seq import UNKNOWN


def gaps(count: int) -> Gaps:
    """Return so many gaps: number n begins at 100 n, at n ns, with timestamp 2 n and IP-ID 3 n."""
    kept = Gaps()
    for number in range(1, count + 1):
        kept.note(100 * number, number, 2 * number, 3 * number)
    return kept


def told(kept: Gaps, offset: int) -> tuple[int, int, int]:
    """Return what is known of the hole at an offset."""
    return kept.left_ns(offset), kept.tsval(offset), kept.ip_id(offset)


def test_nothing_is_known_where_no_gap_was() -> None:
    assert told(Gaps(), 5) == (UNKNOWN, UNKNOWN, -1)
    assert Gaps().knows(5) == 0


@given(st.integers(1, 3 * GAPS_KEPT), st.data())
def test_a_hole_belongs_to_the_newest_gap_that_begins_at_or_below_it(count: int, data: st.DataObject) -> None:
    offset = data.draw(st.integers(0, 100 * count + 99))
    oldest = max(1, count - GAPS_KEPT + 1)
    number = max(offset // 100, oldest)  # of an older one it is known that it is older than the oldest kept
    kept = gaps(count)
    assert told(kept, offset) == (number, 2 * number, 3 * number)
    assert kept.knows(offset) == (1 if offset >= 100 * oldest else 0)


def test_gaps_that_are_used_again_know_nothing() -> None:
    kept = gaps(3)
    kept.reset()
    assert told(kept, 100) == (UNKNOWN, UNKNOWN, -1)
    kept.note(50, 9, 8, 7)
    assert told(kept, 50) == (9, 8, 7)

"""The set of ranges against a plain set of offsets, and what it does when it is full."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconstruct.ranges import MAX_RANGES, RangeSet

Pair = tuple[int, int]

SMALL = st.integers(0, 60)
RANGES = st.tuples(SMALL, st.integers(-2, 12)).map(lambda drawn: (drawn[0], drawn[0] + drawn[1]))
STEPS = st.lists(st.tuples(st.sampled_from(["add", "add", "add", "remove"]), RANGES), max_size=60)
BASES = st.sampled_from([0, -30, (1 << 32) - 30, 1 << 50])  # where the offsets lie; wire numbers wrap among them


def runs(offsets: set[int]) -> list[Pair]:
    """Return the offsets as ranges that do not touch."""
    starts = sorted(offset for offset in offsets if offset - 1 not in offsets)
    ends = sorted(offset + 1 for offset in offsets if offset + 1 not in offsets)
    return list(zip(starts, ends, strict=True))


class Compared:
    """A range set and the plain set of the same offsets, after the same steps; every answer is compared."""

    def __init__(self, steps: list[tuple[str, Pair]], base: int) -> None:
        """Take the steps."""
        self.ranges, self.plain = RangeSet(), set[int]()
        for step, (start, end) in steps:
            self.take(step, start + base, end + base)
            assert self.ranges.pairs() == runs(self.plain)

    def take(self, step: str, start: int, end: int) -> None:
        """Take one step in both."""
        if step == "add":
            offsets = set(range(start, end))
            assert self.ranges.add(start, end) == len(offsets - self.plain)
            self.plain |= offsets
        else:
            below = {offset for offset in self.plain if offset < end}
            assert self.ranges.remove_below(end) == len(below)
            self.plain -= below


@given(STEPS, BASES)
def test_adding_and_removing_is_that_of_a_plain_set(steps: list[tuple[str, Pair]], base: int) -> None:
    compared = Compared(steps, base)
    assert compared.ranges.size() == len(runs(compared.plain))
    assert compared.ranges.forgotten == 0


@given(STEPS, BASES, RANGES.filter(lambda pair: pair[0] <= pair[1]))
def test_covered_counts_the_offsets_of_a_range_that_are_in_the_set(
    steps: list[tuple[str, Pair]], base: int, asked: Pair
) -> None:
    compared = Compared(steps, base)
    start, end = asked[0] + base, asked[1] + base
    assert compared.ranges.covered(start, end) == len(compared.plain & set(range(start, end)))


@given(STEPS, BASES, SMALL)
def test_find_points_at_the_first_range_that_ends_above(steps: list[tuple[str, Pair]], base: int, asked: int) -> None:
    ranges = Compared(steps, base).ranges
    index = ranges.find(asked + base)
    assert ranges.head <= index <= ranges.tail
    ends = [end for _, end in ranges.pairs()]
    assert all(end <= asked + base for end in ends[: index - ranges.head])
    assert all(end > asked + base for end in ends[index - ranges.head :])


def test_the_lowest_range_is_told() -> None:
    ranges = RangeSet()
    ranges.add(70, 80)
    ranges.add(10, 20)
    assert (ranges.first_start(), ranges.first_end()) == (10, 20)


def test_ranges_that_touch_are_one() -> None:
    ranges = RangeSet()
    assert [ranges.add(10, 20), ranges.add(20, 30), ranges.add(5, 10)] == [10, 10, 5]
    assert ranges.pairs() == [(5, 30)]


def test_an_empty_range_adds_nothing() -> None:
    ranges = RangeSet()
    assert ranges.add(10, 10) == ranges.add(10, 5) == 0
    assert ranges.pairs() == []


# Room


def test_a_window_of_holes_that_slides_needs_no_more_room_than_it_holds_ranges() -> None:
    ranges = RangeSet()
    for index in range(10_000):
        ranges.add(10 * index, 10 * index + 5)
        ranges.remove_below(10 * (index - 6))
    assert ranges.size() == 7  # index - 6 up to index
    assert ranges.room <= 16  # 7 fill most of 8, the room at first; doubled once


@given(st.permutations(range(40)))
def test_the_room_grows_and_nothing_is_lost(order: list[int]) -> None:
    ranges = RangeSet()
    for index in order:
        ranges.add(3 * index, 3 * index + 2)
    assert ranges.pairs() == [(3 * index, 3 * index + 2) for index in range(40)]
    assert ranges.room == 64  # 8 doubled until 40 have room


# A full set

FULL = [(10 * index, 10 * index + 4) for index in range(1, MAX_RANGES + 1)]  # gaps of 6


def full_set() -> RangeSet:
    """Return a set that holds as many ranges as it may."""
    ranges = RangeSet()
    for start, end in FULL:
        ranges.add(start, end)
    assert ranges.size() == MAX_RANGES
    return ranges


@pytest.mark.parametrize(
    ("added", "lowest", "forgotten"),
    [
        ((2, 5), [(2, 14), (20, 24)], 5),  # below all: 5 to 10 is closed
        ((16, 18), [(10, 18), (20, 24)], 2),  # above the lowest: 14 to 16 is closed
        ((26, 28), [(10, 24), (26, 28)], 6),  # further up: 14 to 20 is closed
    ],
)
def test_a_full_set_closes_its_lowest_gap_and_counts_it(added: Pair, lowest: list[Pair], forgotten: int) -> None:
    ranges = full_set()
    assert ranges.add(*added) == added[1] - added[0]
    assert ranges.size() == MAX_RANGES
    assert ranges.pairs()[:2] == lowest
    assert ranges.forgotten == forgotten


def test_a_full_set_still_merges_without_forgetting() -> None:
    ranges = full_set()
    assert ranges.add(24, 30) == 6
    assert ranges.pairs()[:2] == [(10, 14), (20, 34)]
    assert (ranges.size(), ranges.forgotten) == (MAX_RANGES - 1, 0)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 10 * MAX_RANGES + 50), st.integers(1, 4)), max_size=30))
def test_a_full_set_never_holds_too_many_and_accounts_for_every_offset(added: list[Pair]) -> None:
    ranges, plain = full_set(), {offset for pair in FULL for offset in range(*pair)}
    for start, length in added:
        ranges.add(start, start + length)
        plain |= set(range(start, start + length))
    pairs = ranges.pairs()
    held = {offset for pair in pairs for offset in range(*pair)}
    assert len(pairs) == ranges.size() <= MAX_RANGES
    assert all(before[1] < after[0] for before, after in pairwise(pairs))
    assert held >= plain
    assert len(held - plain) <= ranges.forgotten  # some that were forgotten may have come after all

"""What a full window lets out."""

from hypothesis import given
from hypothesis import strategies as st

from reconstruct.window_level import WindowLevel

MSS = 1_000  # bytes


def _with_window(segments: int) -> WindowLevel:
    """Return the level of a sender that has just sent so many segments, all of its window."""
    level = WindowLevel()
    level.begin(MSS)
    level.heard(1, 0, 1)
    level.expect(segments * MSS)
    for _ in range(segments):
        level.sent(MSS)
    level.settle()
    return level


def test_a_full_window_lets_nothing_out_until_an_acknowledgment_comes() -> None:
    level = _with_window(10)
    assert level.passes(MSS)
    level.heard(1 + 2 * MSS, 0, 1 + 10 * MSS)
    assert not level.passes(2 * MSS)


def test_a_sack_makes_room_and_the_acknowledgment_that_covers_it_makes_no_more() -> None:
    level = _with_window(10)
    level.heard(1, 1, 1 + 10 * MSS)
    assert level.pipe == 9 * MSS
    level.heard(1 + 2 * MSS, 0, 1 + 10 * MSS)  # one of the two was SACKed before
    assert level.pipe == 8 * MSS


def test_the_level_grows_as_in_slow_start_once_it_was_seen_to() -> None:
    level = _with_window(10)
    acked = 1
    for _ in range(5):  # each ACK of two segments lets four go: for certain, so the level learns it
        acked += 2 * MSS
        level.heard(acked, 0, 1 << 40)
        level.expect(4 * MSS)
        for _ in range(4):
            level.sent(MSS)
        level.settle()
    level.heard(acked + 2 * MSS, 0, 1 << 40)
    # 20 segments in flight, less 2 delivered; the level rose by what was delivered: four more may go, a fifth not.
    assert level.pipe == 18 * MSS
    assert not level.passes(4 * MSS)
    assert level.passes(5 * MSS)


def test_the_level_falls_to_what_was_certain() -> None:
    level = _with_window(10)
    level.heard(1 + 8 * MSS, 0, 1 + 10 * MSS)
    level.expect(MSS)
    level.sent(MSS)
    level.settle()
    assert level.level == 3 * MSS


def test_nothing_is_in_flight_once_everything_is_acknowledged() -> None:
    level = _with_window(3)
    level.sent(MSS)  # sent again, so that the count of bytes in flight is one segment too high
    level.heard(1 + 3 * MSS, 0, 1 + 3 * MSS)
    assert level.pipe == 0


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 20_000), st.integers(0, 4)), max_size=50))
def test_the_level_is_never_below_what_is_in_flight_after_a_burst(steps: list[tuple[int, int, int]]) -> None:
    level = _with_window(10)
    highest, acked = 1 + 10 * MSS, 1
    for segments, ack, blocks in steps:
        acked = min(acked + ack, highest)
        level.heard(acked, blocks, highest)
        level.expect(segments * MSS)
        for _ in range(segments):
            level.sent(MSS)
            highest += MSS
        level.settle()
        assert level.level >= level.pipe

"""What is remembered of a closed window, and that a connection that begins anew has no memory."""

from reconstruct.seq import UNKNOWN
from reconstruct.troubles import Troubles


def test_a_window_that_closes_again_forgets_how_it_was_reopened() -> None:
    troubles = Troubles()
    troubles.note_reopened(5, 7, 9, 1001)
    assert (troubles.reopened_ns, troubles.reopened_frame, troubles.reopened_tsval, troubles.reopened_at) == (
        5,
        7,
        9,
        1001,
    )
    troubles.note_closed(12)
    assert (troubles.asked_ns, troubles.reopened_ns) == (12, UNKNOWN)


def test_another_reopening_may_be_lost_again() -> None:
    troubles = Troubles()
    troubles.reopened_unheard = 1
    troubles.note_reopened(5, 7, UNKNOWN, 1001)
    assert troubles.reopened_unheard == 0


def test_after_a_reset_nothing_is_known() -> None:
    troubles = Troubles()
    troubles.note_closed(12)
    troubles.note_reopened(5, 7, 9, 1001)
    for name in ("full_episodes", "shrinks", "shrunk_bytes", "silly_openings", "silly_segments", "updates_lost"):
        setattr(troubles, name, 3)
    troubles.longest_ns = 4
    troubles.reset()
    fresh = Troubles()
    names = ("longest_ns", "asked_ns", "reopened_ns", "reopened_frame", "reopened_tsval", "reopened_at", "shrinks",
             "shrunk_bytes", "full_episodes", "silly_openings", "silly_segments", "updates_lost")  # fmt: skip
    assert [getattr(troubles, name) for name in names] == [getattr(fresh, name) for name in names]

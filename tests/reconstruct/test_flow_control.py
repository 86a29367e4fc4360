"""The offered window: which segments may set it by RFC 9293 3.10.7.4, where Linux differs, when it was closed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconstruct.flow_control import MAX_WINDOW_SHIFT, OfferedWindow
from reconstruct.seq import UNKNOWN

OFFERS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4), st.integers(0, 3)), max_size=30)
BASE = 1 << 32  # offsets beyond what the wire can tell


def opened(window: int = 1000) -> OfferedWindow:
    """Return a window set by a segment with SEG.SEQ 100 and SEG.ACK 200."""
    offered = OfferedWindow()
    assert offered.offer(100, 200, window, window) == 1
    return offered


def test_the_first_segment_sets_the_window() -> None:
    offered = opened()
    assert (offered.snd_wnd, offered.snd_wl1, offered.snd_wl2, offered.right_edge) == (1000, 100, 200, 1200)


@pytest.mark.parametrize(
    ("seq", "ack", "window", "taken"),
    [
        (101, 200, 900, True),  # RFC 9293 3.10.7.4: SND.WL1 < SEG.SEQ
        (100, 201, 900, True),  # SND.WL1 = SEG.SEQ and SND.WL2 < SEG.ACK
        (101, 199, 900, True),  # SEG.SEQ alone decides
        (100, 200, 1100, True),
        (100, 200, 0, True),
        (100, 200, 900, False),  # Linux takes an equal segment only if the window grows or closes
        (99, 201, 900, True),  # Linux takes whatever acknowledges new data; the RFC does not
        (99, 200, 1100, False),
        (100, 199, 1100, False),
        (99, 199, 1100, False),
    ],
)
def test_only_a_newer_segment_sets_the_window(seq: int, ack: int, window: int, taken: bool) -> None:
    offered = opened()
    assert offered.offer(seq, ack, window, window) == taken
    assert offered.snd_wnd == (window if taken else 1000)


@given(OFFERS)
def test_it_differs_from_the_rfc_only_where_linux_does(offers: list[tuple[int, int, int]]) -> None:
    offered = OfferedWindow()
    for seq, ack, window in offers:
        wl1, wl2, before = offered.snd_wl1, offered.snd_wl2, offered.snd_wnd
        by_rfc = wl1 < seq or (wl1 == seq and wl2 <= ack)  # RFC 9293 3.10.7.4
        shrinks = (wl1, wl2) == (seq, ack) and 0 < window < before
        older_with_news = seq < wl1 and ack > wl2
        taken = (by_rfc and not shrinks) or older_with_news
        changed = offered.offer(seq, ack, window, window)
        assert offered.snd_wnd == (window if taken else before)
        assert changed == (taken and window != before)


@given(OFFERS)
def test_the_right_edge_is_the_highest_that_any_segment_offered(offers: list[tuple[int, int, int]]) -> None:
    offered = OfferedWindow()
    for seq, ack, window in offers:
        offered.offer(BASE + seq, BASE + ack, window, window)
        assert offered.last_offer == window
    edges = [BASE + ack + window for _, ack, window in offers]
    assert offered.right_edge == max(edges, default=UNKNOWN)


def test_the_same_window_again_is_no_change_but_a_newer_segment() -> None:
    offered = opened()
    assert offered.offer(150, 250, 1000, 1000) == 0
    assert (offered.snd_wl1, offered.snd_wl2, offered.right_edge) == (150, 250, 1250)


def test_a_window_of_unknown_scale_sets_nothing_that_is_known() -> None:
    offered = OfferedWindow()
    assert offered.offer(100, 200, 500, UNKNOWN) == 0
    assert (offered.snd_wnd, offered.right_edge, offered.last_offer) == (UNKNOWN, UNKNOWN, 500)


def test_episodes_of_zero_window_add_up() -> None:
    offered = opened()
    offered.close(1_000)
    offered.probes = 3
    assert offered.reopen(1_500) == 500
    offered.close(2_000)
    assert offered.probes == 0
    assert offered.reopen(2_070) == 70
    assert (offered.episodes, offered.closed_ns, offered.closed_since_ns) == (2, 570, UNKNOWN)


def test_a_clock_that_was_set_back_gives_no_negative_episode() -> None:
    offered = opened()
    offered.close(1_000)
    assert offered.reopen(900) == offered.closed_ns == 0


def test_after_a_reset_nothing_is_known() -> None:
    offered, fresh = opened(), OfferedWindow()
    offered.close(5)
    offered.reset()
    names = ("snd_wnd", "right_edge", "snd_wl1", "snd_wl2", "last_offer", "closed_since_ns", "episodes", "closed_ns")
    assert [getattr(offered, name) for name in names] == [getattr(fresh, name) for name in names]


def test_the_largest_shift_is_that_of_the_rfc() -> None:
    assert MAX_WINDOW_SHIFT == 14  # RFC 7323 (2.3)

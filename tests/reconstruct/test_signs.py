"""Signs: how often, how much, the most, and the first frames, of each end apart."""

from hypothesis import given
from hypothesis import strategies as st

from reconstruct.signs import MAX_FRAMES, Signs
from reconstruct.vocabulary import Sign

NOTES = st.lists(
    st.tuples(st.sampled_from(list(Sign)), st.integers(0, 1), st.integers(1, 1 << 40), st.integers(0, 1 << 50)),
    max_size=200,
)


@given(NOTES)
def test_every_sign_of_every_end_has_its_own_account(notes: list[tuple[Sign, int, int, int]]) -> None:
    signs = Signs()
    for sign, server, frame, figure in notes:
        signs.note(sign, server, frame, figure)
    for sign in Sign:
        for server in (0, 1):
            mine = [(frame, figure) for one, end, frame, figure in notes if (one, end) == (sign, server)]
            figures = [figure for _, figure in mine]
            assert signs.count(sign, server) == len(mine)
            assert signs.total(sign, server) == sum(figures)
            assert signs.most(sign, server) == max(figures, default=0)
            assert signs.frames(sign, server) == [frame for frame, _ in mine][:MAX_FRAMES]


def test_beyond_the_frames_that_are_kept_the_rest_is_still_counted() -> None:
    signs = Signs()
    for frame in range(1, 101):
        signs.note(Sign.OUT_OF_ORDER, 1, frame, 5)
    assert (signs.count(Sign.OUT_OF_ORDER, 1), signs.total(Sign.OUT_OF_ORDER, 1)) == (100, 500)
    assert signs.frames(Sign.OUT_OF_ORDER, 1) == list(range(1, 21))  # MAX_FRAMES is 20
    assert signs.noted == 20


@given(NOTES, NOTES)
def test_an_account_that_absorbs_another_counts_as_if_it_had_noted_all(
    notes: list[tuple[Sign, int, int, int]], others: list[tuple[Sign, int, int, int]]
) -> None:
    signs, other, both = Signs(), Signs(), Signs()
    for noted in notes:
        signs.note(*noted)
        both.note(*noted)
    for noted in others:
        other.note(*noted)
        both.note(*noted)
    signs.absorb(other)
    for sign in Sign:
        for server in (0, 1):
            assert signs.count(sign, server) == both.count(sign, server)
            assert signs.total(sign, server) == both.total(sign, server)
            assert signs.most(sign, server) == both.most(sign, server)
            assert signs.frames(sign, server)[:MAX_FRAMES] == both.frames(sign, server)

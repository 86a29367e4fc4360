"""32-bit wire numbers and 64-bit offsets: there and back across 2^32."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconstruct.seq import SEQ_MODULUS, UNKNOWN, unwrap, wrap

HALF = SEQ_MODULUS // 2
WIRE = st.integers(0, SEQ_MODULUS - 1)
OFFSETS = st.one_of(st.integers(-(1 << 40), 1 << 60), st.integers(-300, 300).map(lambda near: SEQ_MODULUS + near))


@given(OFFSETS, st.integers(-HALF, HALF - 1))
def test_an_offset_within_half_the_space_comes_back_from_the_wire(near: int, distance: int) -> None:
    assert unwrap(wrap(near + distance), near) == near + distance


@given(WIRE, OFFSETS)
def test_an_unwrapped_number_wraps_to_itself(wire: int, near: int) -> None:
    assert wrap(unwrap(wire, near)) == wire


@given(WIRE, OFFSETS)
def test_the_offset_closest_to_the_hint_is_chosen(wire: int, near: int) -> None:
    chosen = unwrap(wire, near)
    others = (chosen - SEQ_MODULUS, chosen + SEQ_MODULUS)
    assert abs(chosen - near) <= min(abs(other - near) for other in others)


@given(WIRE, OFFSETS, st.integers(-4, 4))
def test_a_difference_of_wire_numbers_need_not_be_reduced_before(wire: int, near: int, turns: int) -> None:
    assert unwrap(wire + turns * SEQ_MODULUS, near) == unwrap(wire, near)


def test_of_two_equally_close_offsets_the_lower_is_chosen() -> None:
    assert unwrap(HALF, 0) == -HALF
    assert unwrap(HALF - 1, 0) == HALF - 1
    assert unwrap(0, SEQ_MODULUS + HALF) == SEQ_MODULUS


@pytest.mark.parametrize(
    ("wire", "near", "offset"),
    [
        (0, SEQ_MODULUS - 1, SEQ_MODULUS),  # over the end
        (SEQ_MODULUS - 1, SEQ_MODULUS, SEQ_MODULUS - 1),  # back over it
        (SEQ_MODULUS - 1, 0, -1),  # before the first number: a keep-alive of a fresh connection
        (5, 3 * SEQ_MODULUS, 3 * SEQ_MODULUS + 5),
        (5, 3 * SEQ_MODULUS - 10, 3 * SEQ_MODULUS + 5),
    ],
)
def test_offsets_go_on_where_the_wire_begins_anew(wire: int, near: int, offset: int) -> None:
    assert unwrap(wire, near) == offset


def test_unknown_is_no_offset_that_a_connection_reaches() -> None:
    assert UNKNOWN == -(2**63)
    assert unwrap(SEQ_MODULUS - 1, 0) > UNKNOWN

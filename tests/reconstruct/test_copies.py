"""Copies of the capture itself: the same bytes with the same IP-ID at once are no retransmission."""

import pytest

from reconstruct.rules import Rule
from reconstruct.sender_model import SenderModel
from tests.reconstruct.replaying import Replayed
from tests.reconstruct.resending import TAPS, Tap


@pytest.mark.parametrize(
    ("start", "end", "ip_id", "after_ns", "copy"),
    [
        (1, 101, 7, 0, 1), (1, 101, 7, 1_000_000, 1), (1, 101, 7, 1_000_001, 0), (1, 101, 8, 0, 0), (1, 100, 7, 0, 0),
        (2, 101, 7, 0, 0),
    ],
)  # fmt: skip
def test_the_same_bytes_with_the_same_ip_id_at_once_are_a_copy(
    start: int, end: int, ip_id: int, after_ns: int, copy: int
) -> None:
    model = SenderModel()
    model.note_last(1, 101, 7, 5_000)
    assert model.is_copy_of_last(start, end, ip_id, 5_000 + after_ns) == copy


def test_without_an_ip_id_nothing_is_known_to_be_a_copy() -> None:
    model = SenderModel()
    model.note_last(1, 101, 0, 5_000)
    assert model.is_copy_of_last(1, 101, 0, 5_000) == 0


@TAPS
def test_a_frame_that_the_capture_has_twice_is_no_retransmission(tap: Tap) -> None:
    text = tap.sent(2000, 101, 201, ip_id=7)
    replayed = tap.replay(text, text)
    assert replayed.verdict() == ("network-duplicate", Rule.COPY, 100, None)


def test_a_syn_that_the_capture_has_twice_is_no_retransmission() -> None:
    syn = "0.000 > S 0:0(0) win 64240 <mss 1460> id 9\n"
    assert Replayed(syn + syn).kinds() == ["new", "network-duplicate"]

"""The verdict says what is known about the busier direction, and that the rest is not known."""

from typing import Any

import pytest

from analyzer.report.verdict import LIMITS, verdict


def direction(sender: str = "client", **known: Any) -> dict[str, Any]:
    usual = {"sender": sender, "unique_bytes": 1000, "data_segments": 100, "retransmissions": 0, "zero_window_s": 0.0}
    return usual | dict.fromkeys(LIMITS) | known


def test_shares_are_told_largest_first() -> None:
    told = verdict(
        {"opening": "handshake"}, [direction(limited_by_cwnd=0.25, limited_by_rwnd=0.7, limited_by_nagle=0.0)]
    )
    assert told == (
        "Nothing that the client sent had to be sent again. What held the client back: the receiver's window 70 %, "
        "the congestion window 25 % of the sending time."
    )


def test_what_was_not_measured_is_not_told() -> None:
    told = verdict({"opening": "handshake"}, [direction()])
    assert told.endswith("What else held the sender back was not measured.")


def test_trouble_is_told_with_its_figures() -> None:
    told = verdict({"opening": "handshake"}, [direction(retransmissions=2, zero_window_s=1.5, limited_by_cwnd=1.0)])
    assert told.startswith(
        "The client sent 2 segments again (2 % of its data segments) and a closed window stopped it for 1.5 s."
    )


def test_the_busier_direction_is_the_one_that_is_told() -> None:
    told = verdict({"opening": "handshake"}, [direction(), direction("server", unique_bytes=1001, retransmissions=1)])
    assert told.startswith("The server sent 1 segment again (1 % of its data segments).")


@pytest.mark.parametrize(("opening", "told"), [("refused", "The connection was refused."),
                                               ("half-open", "The connection was never established.")])  # fmt: skip
def test_a_connection_that_never_was_has_its_own_verdict(opening: str, told: str) -> None:
    assert verdict({"opening": opening}, [direction()]) == told


def test_a_connection_without_data_says_so() -> None:
    assert verdict({"opening": "handshake"}, [direction(unique_bytes=0)]) == "No data was carried."

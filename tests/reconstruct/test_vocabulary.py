"""The closed lists of names: as the tables promise them, numbered without a hole."""

import pytest

from reconstruct.vocabulary import (
    Closing,
    CongestionControl,
    Contradiction,
    CookieSign,
    EventKind,
    Limit,
    Met,
    Name,
    Opening,
    Phase,
    Reopening,
    SegmentKind,
    Sender,
    Sign,
    Vantage,
)

# What the tables promise, in the order of the numbers that the core stores.
PROMISED: list[tuple[type[Name], str]] = [
    (Sender, "client server"),
    (Opening, "handshake fast-open simultaneous half-open refused mid-capture"),
    (Closing, "fin rst half-closed open"),
    (Vantage, "client server path"),
    (
        SegmentKind,
        (
            "new ack dup-ack window-update keep-alive keep-alive-ack zero-window-probe zero-window-probe-ack"
            " fast-retransmission recovery-retransmission rto-retransmission slow-start-retransmission tail-loss-probe"
            " syn-retransmission retransmission out-of-order network-duplicate challenge-ack rst invalid"
        ),
    ),
    (Phase, "slow-start congestion-avoidance recovery loss startup drain probe-bw probe-rtt"),
    (Limit, "cwnd rwnd application nagle recovery pacing"),
    (Reopening, "window-update acknowledgment data probe-answer probe-answer-for-lost-update"),
    (CongestionControl, "unknown reno cubic bbr"),
    (Contradiction, "beyond-window ahead-of-pace short-of-window behind-pace"),
    (
        EventKind,
        (
            "state recovery.enter recovery.exit rto tail-loss-probe undo slow-start.exit zero-window.begin"
            " zero-window.probe zero-window.end window-full nagle-stall idle-restart capture-gap rule-violation"
        ),
    ),
]


@pytest.mark.parametrize(("names", "promised"), PROMISED, ids=lambda value: getattr(value, "__name__", ""))
def test_names_are_printed_as_the_tables_promise_them(names: type[Name], promised: str) -> None:
    assert [name.text for name in names] == promised.split()


@pytest.mark.parametrize("names", [names for names, _ in PROMISED])
def test_names_are_numbered_from_zero_without_a_hole(names: type[Name]) -> None:
    assert [int(name) for name in names] == list(range(len(names)))


def test_every_list_is_promised() -> None:
    assert set(Name.__subclasses__()) >= {names for names, _ in PROMISED}
    ours = {names for names in Name.__subclasses__() if names.__module__ == "reconstruct.vocabulary"}
    assert ours - {Sign, Met, CookieSign} == {names for names, _ in PROMISED}  # these stay between replay and detectors

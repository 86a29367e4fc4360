"""When bursts leave: as the rate lets them, earlier or later, and how much faster than the rate they are."""

from reconstruct.congestion.pacer import Pacer

MS = 1_000_000  # ns
RATE = 1_000_000  # bytes/s: 2,000 bytes take 2 ms


def bursts(pacer: Pacer, times_ms: list[float], length: int = 2000) -> list[int]:
    """Send a burst of two segments at each of these times; return the quotas of their first segments."""
    quotas, sent_to = [], pacer.sent_to
    for at_ms in times_ms:
        sent_to += length // 2
        quotas.append(pacer.take(int(at_ms * MS), sent_to, RATE))
        sent_to += length // 2
        assert pacer.take(int(at_ms * MS) + 10, sent_to, RATE) == 0  # the second of a burst says nothing
    return quotas


def test_bursts_that_leave_when_they_may_fit() -> None:
    pacer = Pacer()
    quotas = bursts(pacer, [100, 102, 104, 106])
    assert (pacer.fits, pacer.overs) == (3, 0)
    assert quotas[1:] == [256, 256, 256]


def test_a_burst_that_leaves_early_is_over_and_tells_by_how_much() -> None:
    pacer = Pacer()
    quotas = bursts(pacer, [100, 102, 103])  # 1 ms instead of 2: 15 % and 0.4 ms are allowed
    assert (pacer.fits, pacer.overs) == (1, 1)
    assert quotas[-1] == 512


def test_a_burst_that_leaves_late_is_under() -> None:
    pacer = Pacer()
    quotas = bursts(pacer, [100, 102, 110])
    assert pacer.unders == 2  # the first burst had nothing before it
    assert quotas[-1] == 64  # 2 ms of sending in 8 ms


def test_being_early_once_makes_nothing_after_it_early() -> None:
    pacer = Pacer()
    bursts(pacer, [100, 101, 103, 105])
    assert (pacer.overs, pacer.fits) == (1, 2)

"""The estimate beside the truth, on captures of real kernels."""

import pytest

import analyzer
from analyzer.congestion.windows import busier
from analyzer.errors import UsageError
from analyzer.whatif.estimate import Estimate, Question, estimate
from reconstruct.vocabulary import CongestionControl, Sender
from tests.sources import ROOT

TRUTH = ROOT / "fixtures" / "truth"
RENO, CUBIC, BBR = CongestionControl.RENO, CongestionControl.CUBIC, CongestionControl.BBR
CLOSE = 0.08  # of the real time: docs/whatif.md has the distribution


def told(run: str, asked: Question, sender: Sender | None = None) -> Estimate:
    """Return the estimate for a run of real kernels, as captured at the sender."""
    analysis = analyzer.analyze(TRUTH / run / "sender.pcap.xz")
    return estimate(analysis, 0, busier(analysis, 0) if sender is None else sender, asked)


@pytest.mark.parametrize(
    ("run", "control"),
    [
        ("bulk-reno-rtt40-rate20-random0.01", RENO),
        ("bulk-reno-rtt10-rate20-droptail", RENO),
        ("bulk-cubic-rtt40-rate20-droptail", CUBIC),
        ("bulk-cubic-rtt40-rate5-burst", CUBIC),
        ("bulk-bbr-rtt40-rate20-droptail", BBR),
        ("rwnd-limited-1", None),
    ],
)
def test_the_sender_as_it_was_takes_as_long_as_it_did(run: str, control: CongestionControl | None) -> None:
    found = told(run, Question())
    if control is not None:
        assert found.was is control
    assert found.error == pytest.approx(0, abs=CLOSE)
    assert found.estimate_ns == found.real_ns  # nothing else was asked


def test_bbr_is_faster_than_reno_where_losses_are_by_chance() -> None:
    found = told("bulk-reno-rtt40-rate20-random0.01", Question(BBR))
    assert found.change is not None
    # Runs of both on this path: 3.10 MB against 19.7 MB in 8 s, six times as much.
    assert found.change < -0.6


def test_a_smaller_window_of_the_peer_makes_it_slower() -> None:
    found = told("bulk-cubic-rtt40-rate20-droptail", Question(rwnd=20_000))
    assert found.other.completion_ns is not None
    # 20,000 bytes hold 13 full segments of 1448 bytes, a round trip of 40 ms each.
    trips = (found.met.end - found.met.first) / (13 * 1448)
    assert found.other.completion_ns == pytest.approx(trips * found.met.base_ns, rel=0.15)


def test_an_end_that_sent_nothing_has_no_estimate() -> None:
    with pytest.raises(UsageError, match="the server of connection 0 sent no data"):
        told("tail-loss-tlp-1", Question(), Sender.SERVER)

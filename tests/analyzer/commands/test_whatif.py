"""`tcpscope whatif` estimates, says so, and tells what it assumed."""

from tests.analyzer.running import tcpscope
from tests.sources import ROOT

CAPTURE = ROOT / "fixtures" / "truth" / "tail-loss-tlp-1" / "sender.pcap.xz"


def test_the_estimate_stands_beside_the_real_time_with_what_was_assumed() -> None:
    run = tcpscope("whatif", CAPTURE, "0", "--congestion-control", "reno", "--initial-window", "20")
    assert run.code == 0
    assert "An estimate: with Reno with an initial window of 20 segments" in run.out
    assert "  real " in run.out
    assert "Assumed" in run.out


def test_json_tells_the_same() -> None:
    told = tcpscope("whatif", CAPTURE, "0", "--rwnd", "3000", "--json").json
    assert told["sender"] == "client"
    assert told["asked"]["rwnd"] == 3000
    assert told["estimate_s"] >= told["real_s"]
    assert len(told["assumptions"]) >= 6


def test_what_cannot_be_estimated_is_one_line() -> None:
    run = tcpscope("whatif", CAPTURE, "0", "--direction", "server")
    assert (run.code, run.out) == (2, "")
    assert run.err.count("\n") == 1


def test_another_algorithm_than_those_that_are_modelled_is_wrong_usage() -> None:
    assert tcpscope("whatif", CAPTURE, "0", "--congestion-control", "vegas").code == 2

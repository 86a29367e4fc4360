"""The overview's listeners and pairs: those of the commands, the busiest first, with their series over time."""

import analyzer
from analyzer.report.ends import MOST_TOLD, ends
from tests.analyzer.running import FIXTURES
from tests.fake_analysis import FakeAnalysis

CAPTURE = FIXTURES / "opening" / "accept-queue-full.pcap"  # six connections with 198.51.100.20:8080


def test_a_listener_and_its_pair_are_told_with_their_series() -> None:
    told = ends(analyzer.analyze(CAPTURE))
    (listener,) = told["listeners"]
    assert (listener["address"], listener["port"], listener["connections"]) == ("198.51.100.20", 8080, 6)
    assert (sum(listener["over_time"]["arrived"]), listener["since_ns"]) == (6, 0)
    (ports,), (pools,) = told["ports"], told["pools"]
    assert (ports["live_peak"], sum(ports["over_time"]["opened"])) == (6, 6)
    assert pools["connections"] == 6
    assert (told["pairs_told"], told["pairs_there"], told["listeners_told"], told["listeners_there"]) == (1, 1, 1, 1)


def test_only_the_busiest_are_told_and_how_many_there_are() -> None:
    analysis = analyzer.analyze(CAPTURE)
    analysis.listeners = analysis.listeners * (MOST_TOLD + 1)
    told = ends(analysis)
    assert len(told["listeners"]) == told["listeners_told"] == MOST_TOLD
    assert told["listeners_there"] == MOST_TOLD + 1


def test_a_capture_without_connections_has_no_ends() -> None:
    told = ends(FakeAnalysis())
    assert (told["listeners"], told["ports"], told["pools"], told["pairs_since_ns"]) == ([], [], [], 0)

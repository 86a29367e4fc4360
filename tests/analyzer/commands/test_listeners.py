"""`tcpscope listeners` tells per address and port how connections opened."""

import json

from tests.analyzer.running import FIXTURES, tcpscope

FLOOD = FIXTURES / "syn-cookies" / "flood-cookies.pcap"


def test_json_has_every_listener_with_its_counts_and_time_lines() -> None:
    run = tcpscope("listeners", FLOOD, "--json")
    (listener,) = json.loads(run.out)
    assert (run.code, listener["address"], listener["port"]) == (0, "198.51.100.20", 80)
    assert listener["connections"] == sum(listener["over_time"]["arrived"]) == 560
    assert listener["completed"] == sum(listener["over_time"]["completed"]) == 5
    assert listener["syn_cookies"]["verdict"] == "active"
    assert listener["met"]["stateless"] > 300


def test_the_screen_shows_rate_cookies_and_a_time_line() -> None:
    run = tcpscope("listeners", FLOOD)
    assert run.code == 0
    assert "198.51.100.20:80" in run.out
    assert "active 100 %" in run.out
    assert "never completed" in run.out


def test_refused_listeners_are_told_apart() -> None:
    run = tcpscope("listeners", FIXTURES / "opening" / "refused.pcap", "--json", "--limit", "2")
    assert [each["refused"] for each in json.loads(run.out)] == [1, 1]


def test_a_capture_without_syns_has_no_listener() -> None:
    run = tcpscope("listeners", FIXTURES / "opening" / "mid-capture.pcap")
    assert (run.code, "no SYN was captured" in run.out) == (0, True)


def test_a_damaged_capture_is_told_as_far_as_it_goes() -> None:
    assert tcpscope("listeners", FIXTURES / "formats" / "cut-off.pcap").code == 4

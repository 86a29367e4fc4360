"""`tcpscope pools` tells how connections are used again."""

import pytest

from tests.analyzer.running import FIXTURES, tcpscope

IDLE = FIXTURES / "closing" / "idle-then-fin.pcap"  # the server closes after 1.03 s, then a request fails


def test_a_pause_that_failed_gives_an_idle_timeout() -> None:
    run = tcpscope("pools", IDLE)
    assert run.code == 0
    (line,) = [line for line in run.out.splitlines() if "192.0.2.10" in line]
    assert line.split()[2:4] == ["1", "4"]  # connections, requests
    assert line.endswith("below 822 ms")  # four fifths of 1,028 ms


def test_json_tells_what_opening_costs() -> None:
    (row,) = tcpscope("pools", FIXTURES / "ports" / "churn-ipv6.pcap", "--json").json
    assert (row["connections"], row["short"], row["requests"], row["pool"]) == (60, 60, 60, 2)
    assert row["opening_ms"] == pytest.approx(14.1, abs=0.1)  # the path's round trip is 14 ms
    assert (row["failed"], row["idle_timeout_ms"]) == (0, None)


def test_the_lines_can_be_limited() -> None:
    assert "more pair" not in tcpscope("pools", IDLE, "--limit", "1").out

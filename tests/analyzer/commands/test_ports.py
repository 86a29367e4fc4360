"""`tcpscope ports` tells the ports of each client towards each server."""

import pytest

from tests.analyzer.running import FIXTURES, tcpscope

USED_UP = FIXTURES / "ports" / "ephemeral-range-used-up.pcap"  # thirty connections on twelve ports


def test_the_range_of_the_user_decides_what_is_left() -> None:
    run = tcpscope("ports", USED_UP, "--range", "40000-40011")
    assert run.code == 0
    (line,) = [line for line in run.out.splitlines() if "192.0.2.10" in line]
    # Eleven of twelve at the end of a second: each port that comes again has waited for one.
    assert line.split()[-3:] == ["0", "1", "91.7%"]


def test_json_holds_the_levels_over_time() -> None:
    (row,) = tcpscope("ports", USED_UP, "--json").json
    assert (row["client_ip"], row["server_ip"], row["server_port"]) == ("192.0.2.10", "198.51.100.20", 8080)
    assert (row["connections"], row["reuses"], row["ports"]) == (30, 19, 28_232)
    assert sum(row["over_time"]["opened"]) == 30
    assert row["over_time"]["client_waits"][-1] == row["client_waits"] == 11


@pytest.mark.parametrize("given", ["40000", "2-1", "0-5", "1-70000", "a-b"])
def test_what_is_no_range_is_wrong_usage(given: str) -> None:
    run = tcpscope("ports", USED_UP, "--range", given)
    assert run.code == 2
    assert "is no range of ports" in run.err


def test_a_capture_without_connections_says_so() -> None:
    assert "no connection was open" in tcpscope("ports", FIXTURES / "formats" / "nothing-in-it.pcap").out

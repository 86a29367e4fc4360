"""Churn and stale connections: told with what they cost and what to set."""

import pytest

from analyzer.detectors.pools import connection_churn, stale_pooled_connection
from analyzer.findings import Severity
from analyzer.settings import Settings
from reconstruct.vocabulary import Sign
from tests.analyzer.detectors.finding import flow_of, found_by, found_in

S = 1_000_000_000  # ns


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("closing/idle-then-fin.pcap", "that the server had closed after 1.03 s of idleness"),
        ("closing/idle-then-reset.pcap", "the server reset an idle connection after 1.01 s"),
        ("closing/idle-then-silence.pcap", "a request after 1.8 s of idleness was sent again and again"),
    ],
)
def test_a_real_stale_connection_is_found_with_its_idle_time(name: str, words: str) -> None:
    (found,) = found_in(name, stale_pooled_connection)
    assert words in found.summary
    assert found.severity is Severity.WARNING


@pytest.mark.parametrize("name", ["handshake/orderly.pcap", "closing/abort.pcap", "closing/abort-unread.pcap"])
def test_a_connection_that_was_not_used_again_is_not_stale(name: str) -> None:
    assert found_in(name, stale_pooled_connection) == []


def test_the_threshold_of_idleness_is_heeded() -> None:
    flow = flow_of(signs=[(Sign.STALE_RESET, 0, 14, 3 * S)])
    (found,) = found_by(stale_pooled_connection, flow, settings=Settings(stale_idle_s=3))
    assert "idle for less than 3 s" not in found.summary
    assert found_by(stale_pooled_connection, flow, settings=Settings(stale_idle_s=4)) == []


def test_real_churn_is_told_with_its_round_trips() -> None:
    # churn-3 of its origin: 60 connections, a round trip of 14 ms, three of them in a connection.
    (found,) = found_in("ports/churn-ipv6.pcap", connection_churn)
    assert found.summary.startswith("60 short connections (34.4 a second) from 2001:db8:a::10 to [2001:db8:b::20]:8080")
    assert "60 round trips of TCP, 848 ms together, 33 % of their lives" in found.summary
    assert found.severity is Severity.WARNING
    assert found.cost_s == pytest.approx(0.82, abs=0.01)  # 58 of 60: a pool of two would do


def test_a_few_connections_are_no_churn() -> None:
    assert found_in("closing/time-wait-reused.pcap", connection_churn) == []

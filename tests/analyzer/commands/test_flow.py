"""`tcpscope flow` tells one connection, as a screen and as JSON."""

import pytest

import analyzer
from tests.analyzer.running import FIXTURES, tcpscope

CAPTURE = FIXTURES / "opening" / "accept-queue-full.pcap"


def test_json_holds_the_rows_of_this_connection_alone() -> None:
    told = tcpscope("flow", CAPTURE, "3", "--json").json
    whole = tcpscope("analyze", CAPTURE, "--json").json
    assert list(told) == ["flow", "directions", "events", "congestion", "findings"]
    assert told["flow"] == whole["flows"][3]
    assert told["directions"] == whole["directions"][6:8]
    assert {event["flow"] for event in told["events"]} == {3}
    assert len(told["events"]) == (analyzer.analyze(CAPTURE).events["flow"] == 3).sum()


def test_the_screen_tells_handshake_states_and_figures() -> None:
    out = tcpscope("flow", CAPTURE, "3").out
    assert out.startswith("Flow 3 · 192.0.2.10:50860 → 198.51.100.20:8080")
    assert "CLOSED → SYN-SENT (snd SYN, frame 15) → ESTABLISHED" in out
    assert "MSS 1460 B, scale 10, SACK, timestamps" in out
    assert "3 segments" in next(line for line in out.splitlines() if "syn retransmissions" in line)


@pytest.mark.parametrize(
    ("capture", "words"),
    [
        (CAPTURE, "the 6 connections are 0 to 5"),
        (FIXTURES / "formats" / "pcapng.pcapng", "the only one is 0"),
    ],
)
def test_a_number_that_is_not_there_is_answered_with_those_that_are(capture: str, words: str) -> None:
    run = tcpscope("flow", capture, "99")
    assert (run.code, run.out, run.err) == (2, "", f"tcpscope: there is no connection 99: {words}\n")


def test_a_capture_without_connections_has_no_flow() -> None:
    run = tcpscope("flow", FIXTURES / "formats" / "nothing-in-it.pcap", "0")
    assert (run.code, run.err) == (2, "tcpscope: there is no connection 0: the capture has none\n")


@pytest.mark.parametrize("number", ["x", "-1", "1.0", "²"])
def test_what_is_no_number_is_wrong_usage(number: str) -> None:
    run = tcpscope("flow", CAPTURE, "--", number)
    assert (run.code, run.out) == (2, "")
    assert "is no number of a connection" in run.err

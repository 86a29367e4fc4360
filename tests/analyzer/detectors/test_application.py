"""Half-closed, forgotten, aborted, reset by others, found dead: told where it was so, and only there."""

import pytest

from analyzer.detectors.application import aborted, close_wait_leak, half_closed, keep_alive, reset_by_middlebox
from analyzer.findings import Severity
from analyzer.settings import Settings
from reconstruct.vocabulary import Sign
from tests.analyzer.detectors.finding import flow_of, found_by, found_in

S = 1_000_000_000  # ns
SERVER = {"ip_version": 4, "server_lo": 0xC6336414, "server_port": 8080}  # 198.51.100.20
ORDERLY = "handshake/orderly.pcap"


def test_leaks_are_one_finding_ranked_by_server_and_port() -> None:
    leaks = [flow_of(SERVER, signs=[(Sign.CLOSE_WAIT, 1, frame, wait * S)]) for frame, wait in ((9, 60), (30, 90))]
    other = flow_of(SERVER | {"server_port": 25}, signs=[(Sign.CLOSE_WAIT, 1, 50, 70 * S)])
    (found,) = found_by(close_wait_leak, other, *leaks)
    assert found.summary == (
        "3 connections stayed in CLOSE-WAIT: the peer had closed, the host acknowledged it and neither closed nor sent "
        "anything, for 90 s at the longest: 2 at 198.51.100.20:8080 and 1 at 198.51.100.20:25"
    )
    assert (found.severity, found.frames) == (Severity.WARNING, (9, 30, 50))


def test_a_shorter_silence_is_no_leak_unless_the_threshold_says_so() -> None:
    flow = flow_of(SERVER, signs=[(Sign.CLOSE_WAIT, 1, 9, 59 * S)])
    assert found_by(close_wait_leak, flow) == []
    assert len(found_by(close_wait_leak, flow, settings=Settings(close_wait_s=59))) == 1


def test_a_real_half_close_is_found() -> None:
    # 172,400 bytes: what the server's application sent (half-close-1 of its origin).
    (found,) = found_in("closing/half-close.pcap", half_closed)
    assert found.summary == "the server sent 172,400 bytes after the client had closed its direction"
    assert found.severity is Severity.INFO


def test_bytes_that_a_reset_lost_are_a_warning() -> None:
    (found,) = found_by(aborted, flow_of(signs=[(Sign.RESET, 0, 12, 5_000)]))
    assert found.summary.startswith("the client reset the connection while 5,000 bytes were sent and not acknowledged")
    assert (found.severity, found.frames, found.confidence) == (Severity.WARNING, (12,), 1.0)


def test_a_real_close_with_unread_data_is_told_as_likely() -> None:
    (found,) = found_in("closing/abort-unread.pcap", aborted)
    assert "3,000 bytes" in found.summary
    assert (found.severity, found.confidence, found.frames) == (Severity.INFO, 0.5, (10,))


def test_a_reset_with_nothing_outstanding_is_no_abort() -> None:
    assert found_in("closing/abort.pcap", aborted) == []


def test_a_reset_that_does_not_fit_tells_by_what() -> None:
    signs = [(Sign.RESET_TTL, 1, 15, 7), (Sign.RESET_DISOWNED, 1, 16, 300)]
    (found,) = found_by(reset_by_middlebox, flow_of(signs=signs))
    assert found.summary == (
        "a reset in the name of the server is hardly its own: by its TTL it came over 7 routers more or less and that "
        "host sent 300 bytes of new data afterwards"
    )
    assert (found.frames, found.confidence) == ((15, 16), 0.95)


def test_answered_keep_alives_are_information_and_unanswered_ones_a_warning() -> None:
    (alive,) = found_in("keep-alive/answered.pcap", keep_alive)
    (dead,) = found_in("keep-alive/peer-dead.pcap", keep_alive)
    assert (alive.severity, alive.summary) == (Severity.INFO, "the client sent 6 keep-alives, 6 answered")
    assert dead.severity is Severity.WARNING
    assert dead.summary.startswith("the client sent 3 keep-alives, 0 answered, and gave the peer up as dead after 4.0")


@pytest.mark.parametrize("detector", [close_wait_leak, half_closed, aborted, reset_by_middlebox, keep_alive])
def test_a_connection_closed_in_order_is_left_alone(detector: object) -> None:
    assert found_in(ORDERLY, detector) == []  # type: ignore[arg-type] # each is a detector


def test_an_ack_that_was_overtaken_is_no_keep_alive() -> None:
    assert found_by(keep_alive, flow_of(client={}, signs=[(Sign.KEEP_ALIVE, 0, 7, 1_000)])) == []

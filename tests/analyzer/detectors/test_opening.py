"""Connections that opened late or not at all: each detector speaks where it should, and only there."""

from collections.abc import Iterator

import pytest

from analyzer.analysis import analyze
from analyzer.detectors import fast_open, flood, opening, options
from analyzer.findings import Detector, Finding, Severity
from tests.analyzer.detectors.finding import found_in
from tests.drill import capture_of, read_script

# Each detector with a capture of the fixtures in which it finds something, and one in which it does not.
FIRING = [
    (opening.slow_connect, "handshake/syn-lost-twice.pcap", "handshake/orderly.pcap"),
    (opening.syn_ack_loss, "handshake/syn-ack-lost-at-the-server.pcap", "handshake/syn-lost-twice.pcap"),
    (opening.connection_refused, "opening/refused.pcap", "opening/unanswered.pcap"),
    (opening.connection_unanswered, "opening/unanswered.pcap", "opening/refused.pcap"),
    (opening.half_open, "opening/half-open.pcap", "opening/unanswered.pcap"),
    (opening.simultaneous_open, "opening/simultaneous.pcap", "handshake/orderly.pcap"),
    (flood.syn_flood, "syn-cookies/flood-no-cookies.pcap", "ports/churn-ipv6.pcap"),
    (flood.syn_cookies, "syn-cookies/flood-cookies.pcap", "syn-cookies/flood-no-cookies.pcap"),
    (fast_open.fast_open, "fast-open/cookie-then-data.pcap", "fast-open/option-stripped.pcap"),
    (fast_open.fast_open_ignored, "fast-open/option-stripped.pcap", "fast-open/cookie-then-data.pcap"),
    (fast_open.fast_open_blackhole, "fast-open/syn-with-data-lost.pcap", "handshake/syn-lost-twice.pcap"),
    (options.window_scale_stripped, "options/scale-stripped-from-syn-ack.pcap", "options/no-window-scale.pcap"),
    (options.options_stripped, "../truth/sack-stripped-1/sender.pcap.xz", "options/no-sack.pcap"),
]
# What the capture of a whole connection shows is no reason to act.
QUIET = ["handshake/orderly.pcap", "closing/client-first.pcap", "vantage/server.pcap", "small-writes/one-write.pcap"]
ABOUT_OPENING = {detector.name for detector, _, _ in FIRING} | {"accept-queue-full"}

IGNORED_ACKS = """
server 198.51.100.2:80
0.000  > S  0:0(0) win 64240 <mss 1460>
+0.001 < S. 0:0(0) ack 1 win 65160 <mss 1460>
+0.020 > .  1:1(0) ack 1 win 64240
+0.001 > P. 1:101(100) ack 1 win 64240
+1.000 < S. 0:0(0) ack 1 win 65160 <mss 1460>
+0.020 > .  101:101(0) ack 1 win 64240
+0.100 > P. 1:101(100) ack 1 win 64240
+0.001 < .  1:1(0) ack 101 win 65160
"""


def found(detector: Detector, script: str) -> list[Finding]:
    """Return what a detector finds in the capture of a script."""
    return [each for each in analyze(capture_of(read_script(script))).finding_list if each.finding == detector.name]


def names() -> Iterator[str]:
    """Yield the names of the detectors in `FIRING`."""
    yield from (detector.name for detector, _, _ in FIRING)


@pytest.mark.parametrize(("detector", "firing", "silent"), FIRING, ids=names())
def test_each_speaks_where_it_should_and_not_where_something_like_it_happened(
    detector: Detector, firing: str, silent: str
) -> None:
    assert len(found_in(firing, detector)) >= 1
    assert found_in(silent, detector) == []


@pytest.mark.parametrize("name", QUIET)
def test_nothing_is_said_of_a_connection_that_opened(name: str) -> None:
    assert [each for each in analyze(f"fixtures/pcaps/{name}").finding_list if each.finding in ABOUT_OPENING] == []


def test_a_slow_connect_costs_the_time_until_the_syn_that_was_answered() -> None:
    script = """
    0.000  > S  0:0(0) win 64240 <mss 1460>
    +1.000 > S  0:0(0) win 64240 <mss 1460>
    +2.000 > S  0:0(0) win 64240 <mss 1460>
    +0.010 < S. 0:0(0) ack 1 win 65160 <mss 1460>
    +0.000 > .  1:1(0) ack 1 win 64240
    """
    (one,) = found(opening.slow_connect, script)
    assert (one.severity, one.flow, one.frames, one.cost_s) == (Severity.WARNING, 0, (1, 2, 3), 3.0)
    assert "3 s lost in all" in one.summary


def test_an_accept_queue_is_full_if_acks_that_arrived_are_not_heeded() -> None:
    # The tap is 1 ms before the server: the ACK and the data had a second to arrive.
    (one,) = found(opening.accept_queue_full, IGNORED_ACKS)
    assert one.confidence == 0.95
    assert "sent its SYN-ACK again to 1 client that had acknowledged it" in one.summary


def test_an_ack_that_was_lost_behind_the_tap_is_no_full_queue() -> None:
    script = """
    0.000  > S  0:0(0) win 64240 <mss 1460>
    +0.020 < S. 0:0(0) ack 1 win 65160 <mss 1460>
    +0.020 > .  1:1(0) ack 1 win 64240
    +1.000 < S. 0:0(0) ack 1 win 65160 <mss 1460>
    +0.020 > .  1:1(0) ack 1 win 64240
    +0.020 < P. 1:101(100) ack 1 win 65160
    """
    assert found(opening.accept_queue_full, script) == []
    assert len(found(opening.syn_ack_loss, script)) == 1


def test_a_full_accept_queue_is_not_told_as_a_slow_connect_too() -> None:
    assert found(opening.slow_connect, IGNORED_ACKS) == found(opening.syn_ack_loss, IGNORED_ACKS) == []


def test_a_syn_that_was_not_repeated_is_no_reason_to_act() -> None:
    script = """
    flow other client 192.0.2.1:40001 server 198.51.100.2:443
    0.000  > S  0:0(0) win 64240 <mss 1460>
    +2.000 other > S  0:0(0) win 64240 <mss 1460>
    """
    told = found(opening.connection_unanswered, script)
    assert [each.severity for each in told] == [Severity.INFO]  # the other one came at the end: nobody can tell


def test_the_ports_that_one_client_tries_in_vain_are_one_finding() -> None:
    ports = range(20, 32)
    flows = "\n".join(f"flow p{port} client 192.0.2.1:{40000 + port} server 198.51.100.2:{port}" for port in ports)
    segments = "\n".join(
        f"+0.001 p{port} > S 0:0(0) win 64240 <mss 1460>\n+0.001 p{port} < R. 0:0(0) ack 1 win 0" for port in ports
    )
    (one,) = found(opening.connection_refused, f"{flows}\n{segments}\n")
    assert (one.severity, one.flow) == (Severity.INFO, None)
    assert one.summary.startswith("192.0.2.1 tried 12 ports of 1 host")


def test_cookies_say_when_they_set_in_and_what_the_backlog_is() -> None:
    # Run syn-flood-1: listen() with 16; Linux turns to cookies when the queue holds more than that.
    (one,) = found_in("syn-cookies/flood-cookies.pcap", flood.syn_cookies)
    assert one.confidence > 0.99
    assert "the backlog is about 16" in one.summary


def test_where_cookies_answer_always_no_backlog_is_told() -> None:
    (one,) = found_in("syn-cookies/always.pcap", flood.syn_cookies)
    assert "cookies are sent always" in one.summary


def test_options_that_cookies_have_no_room_for_were_not_stripped() -> None:
    assert found_in("syn-cookies/always.pcap", options.window_scale_stripped) == []
    assert found_in("syn-cookies/always.pcap", options.options_stripped) == []


def test_a_syn_that_comes_again_sooner_than_any_timer_is_a_copy_that_cost_nothing() -> None:
    script = """
    0.000  > S  0:0(0) win 64240 <mss 1460> id 7
    +0.050 > S  0:0(0) win 64240 <mss 1460> id 7
    +0.010 < S. 0:0(0) ack 1 win 65160 <mss 1460>
    +0.050 < S. 0:0(0) ack 1 win 65160 <mss 1460>
    +0.010 > .  1:1(0) ack 1 win 64240
    +0.010 > P. 1:101(100) ack 1 win 64240
    +0.010 < .  1:1(0) ack 101 win 65160
    """
    assert found(opening.slow_connect, script) == found(opening.syn_ack_loss, script) == []


def test_a_syn_ack_that_answers_a_syn_again_shows_no_full_queue() -> None:
    script = IGNORED_ACKS.replace("+1.000 < S.", "+0.999 > S  0:0(0) win 64240 <mss 1460>\n+0.001 < S.")
    assert found(opening.accept_queue_full, script) == []


def test_away_from_the_server_one_client_alone_shows_no_full_queue() -> None:
    script = IGNORED_ACKS.replace("+0.001 < S.", "+0.020 < S.", 1)
    assert found(opening.accept_queue_full, script) == []
    assert len(found(opening.syn_ack_loss, script)) == 1


def test_a_scan_is_one_finding_whatever_became_of_its_tries() -> None:
    ports = range(20, 34)
    flows = "\n".join(f"flow p{port} client 192.0.2.1:{40000 + port} server 198.51.100.2:{port}" for port in ports)
    tries = "\n".join(f"+0.001 p{port} > S  0:0(0) win 1024 <mss 1460>" for port in ports)
    script = f"""
    {flows}
    0.000 > S  0:0(0) win 1024 <mss 1460>
    {tries}
    +0.050 p20 < R. 0:0(0) ack 1 win 0
    +0.001 p21 < S. 0:0(0) ack 1 win 65160 <mss 1460>
    +5.000 p22 > S  0:0(0) win 1024 <mss 1460>
    """
    (one,) = found(opening.connection_unanswered, script)
    assert one.summary.startswith("192.0.2.1 tried 15 ports of 1 host: ")
    assert "1 refused and 1 answered and left half open" in one.summary
    assert found(opening.connection_refused, script) == found(opening.half_open, script) == []

"""Listeners as detectors read them."""

from pathlib import Path

from analyzer.listeners import ListenerSeen, listeners_seen
from analyzer.run import Run
from analyzer.source import Source
from reconstruct.listener import ARRIVED
from reconstruct.recorder import Recorder
from reconstruct.settings import ReplaySettings
from reconstruct.tally import Tally
from reconstruct.vocabulary import Met
from tests.analyzer.running import FIXTURES
from tests.drill import capture_of, read_script


def seen(source: bytes | Path) -> ListenerSeen:
    """Return the one listener of a capture."""
    run = Run([Source(source)], ReplaySettings(), Recorder(False, False), Tally())
    run.read(None)
    (listener,) = listeners_seen(run.table.listeners)
    return listener


def test_few_clients_are_counted_about_right_and_named() -> None:
    flows = "\n".join(f"flow a{at} client 192.0.2.{at}:4000 server 198.51.100.2:80" for at in range(1, 21))
    syns = "\n".join(f"+0.01 a{at} > S 0:0(0) win 1" for at in range(1, 21))
    listener = seen(capture_of(read_script(f"{flows}\n{syns}\n")))
    assert 14 <= listener.clients <= 26
    assert listener.sources[0] == "192.0.2.1"
    assert listener.text == "198.51.100.2:80"


def test_the_peak_is_that_of_the_busiest_second() -> None:
    syns = "\n".join(f"+{0.02 if at else 0} a{at} > S 0:0(0) win 1" for at in range(100))
    flows = "\n".join(f"flow a{at} client 192.0.2.1:{4000 + at} server 198.51.100.2:80" for at in range(100))
    assert seen(capture_of(read_script(f"{flows}\n{syns}\n"))).peak_per_s(ARRIVED) == 50


def test_a_flood_that_cookies_answer_tells_onset_and_clients() -> None:
    listener = seen(FIXTURES / "syn-cookies" / "flood-cookies.pcap")
    assert listener.cookies.text == "active"
    assert listener.remembered_before(listener.stateless_ns) == 17  # as the resent SYN-ACKs of the capture
    assert listener.met(Met.STATELESS).count > 300
    assert 300 <= listener.clients <= 700  # forged addresses of two networks, each once or twice

"""The replay: at each segment both ends' states, the sender's window, the last segments, and words."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.analyzer.running import FIXTURES
from tests.browser.conftest import Open
from tests.browser.made import MSS, transfer
from tests.browser.opened import Opened


@pytest.fixture
def page(shown: Open, reports: Callable[..., Path]) -> Opened:
    return shown(reports(FIXTURES / "handshake" / "orderly.pcap"), "#flow=0")


def standing(page: Opened, end: str) -> str:
    """Return the state whose box carries one end."""
    return page.text(f".machine .state.{end} text")


def test_the_handshake_moves_both_ends(page: Opened) -> None:
    assert (standing(page, "client"), standing(page, "server")) == ("SYN-SENT", "SYN-RECEIVED")
    assert page.text(".story") == "Client asked for a connection (SYN)."
    page.press(".")
    assert standing(page, "client") == "ESTABLISHED"
    assert page.page.locator(".machine .move.taken.client").count() == 1
    assert "The client moved from SYN-SENT to ESTABLISHED (rcv SYN,ACK)." in page.text(".moves")
    page.press("End")
    assert (standing(page, "client"), standing(page, "server")) == ("CLOSED", "TIME-WAIT")


def test_the_scrubber_goes_to_any_segment(page: Opened) -> None:
    page.page.locator("input[type=range]").fill("2")
    page.page.locator("input[type=range]").dispatch_event("input")
    assert page.view("selected") == 2
    assert page.text(".place").startswith("3 of ")


def test_the_last_segments_are_a_sequence_diagram(page: Opened) -> None:
    for _ in range(2):
        page.press(".")
    assert page.page.locator(".ladder .rung").count() == 3
    assert page.text(".ladder .rung.now text").startswith("A ")
    page.page.click(".ladder .rung >> nth=0")
    assert page.view("selected") == 0


def test_playing_goes_on_until_it_is_paused(page: Opened) -> None:
    page.page.select_option(".controls select", label="60 a second")
    page.press("r")
    page.until("selected >= 3")
    page.press("r")
    stopped = page.view("selected")
    page.page.wait_for_timeout(100)
    assert page.view("selected") == stopped


def test_the_window_tells_what_is_in_flight_and_what_may_be_sent(shown: Open, reports: Callable[..., Path]) -> None:
    page = shown(reports(transfer(3_000, 1_500, estimates=True), "transfer"), "#flow=0")
    page.view("select(1400)")
    told = page.page.evaluate("""() => {
        const view = tcpscope.page.shown.view;
        const { una, nxt, edge, cwnd, allowed } = tcpscope.sliding.parts(view.connection, 0, 1400);
        return [nxt - una, edge - una, cwnd, allowed - nxt];
    }""")
    # Row 1400 acknowledges all but 100 of the 934 segments before it, so that these are in flight; the receiver allows
    # 400,000 bytes, cwnd is 10 MSS and 40 bytes a row: less than what is in flight, so that nothing more may be sent.
    assert told == [100 * MSS, 400_000, 10 * MSS + 1400 * 40, 0]
    assert page.text(".scene .figures").startswith("145 kB in flight, 400 kB offered by the receiver, "
                                                   "congestion window about 70.5 kB")  # fmt: skip

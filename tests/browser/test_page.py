"""Real captures open without a word from the console and without a request, and every panel is drawn."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.analyzer.running import FIXTURES
from tests.browser.conftest import Open
from tests.browser.opened import PANELS

CAPTURES = (
    "closing/abort-unread.pcap",
    "fast-open/ipv6.pcap",
    "formats/segmentation-offload.pcap",
    "handshake/syn-lost-twice.pcap",
    "invalid/text-beyond-the-window.pcap",
    "loss/fast-retransmission.pcap",
    "loss/reordering.pcap",
    "loss/spurious-timeout.pcap",
    "loss/timeout-then-loss-state.pcap",
    "opening/accept-queue-full.pcap",
    "small-writes/nagle-meets-delayed-ack.pcap",
    "window/zero-window.pcap",
)


@pytest.mark.parametrize("capture", CAPTURES)
def test_every_panel_of_a_connection_is_drawn(capture: str, opened: Open, reports: Callable[..., Path]) -> None:
    report = reports(FIXTURES / capture)
    page = opened(report)
    assert page.page.locator("table.virtual tbody tr[data-row]").count() > 0
    page.go(report, "#flow=0")
    for panel in PANELS:
        lines = page.page.locator(f".panel.{panel} .scatterlayer path").count()
        assert lines > 0 or page.text(f".panel.{panel} .empty"), panel
    assert page.page.locator(".panel.sequence .scatterlayer path").count() > 0
    assert page.text(".story").endswith(".")


def test_no_button_can_send_a_chart_anywhere(opened: Open, reports: Callable[..., Path]) -> None:
    page = opened(reports(FIXTURES / "loss/reordering.pcap"), "#flow=0")
    assert page.page.locator(".modebar, .modebar-btn, a[href^=http]").count() == 0


def test_the_address_keeps_what_is_shown(opened: Open, reports: Callable[..., Path]) -> None:
    report = reports(FIXTURES / "loss/reordering.pcap")
    page = opened(report, "#flow=0")
    page.press("d")
    page.press("+")
    page.view("select(20)")
    page.until("address === location.hash.slice(1)")  # the address follows after a moment
    kept = page.page.evaluate("location.hash")
    shown = page.view("from"), page.view("to"), page.view("side"), page.view("selected")
    other = opened(report, kept)
    assert (other.view("side"), other.view("selected")) == shown[2:]
    assert abs(other.view("from") - shown[0]) <= 1  # ns: the address has whole ones
    assert abs(other.view("to") - shown[1]) <= 1

"""Real captures open without a word from the console and without a request, and every panel is drawn."""

import os
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


GROUNDS = {"dark": "rgb(17, 22, 29)", "light": "rgb(255, 255, 255)"}
SCRUB = """(scrubber, row) => {
    scrubber.value = row;
    scrubber.dispatchEvent(new Event("input"));
}"""
# Captures of others are not part of the project: name a folder of them to have the same asked of each file in it.
FOLDER = os.environ.get("TCPSCOPE_CAPTURES")
OTHERS = sorted(path for path in Path(FOLDER).iterdir() if path.is_file()) if FOLDER else []


@pytest.mark.parametrize("capture", [*CAPTURES, *OTHERS], ids=str)
def test_every_panel_of_a_connection_is_drawn(capture: str | Path, opened: Open, reports: Callable[..., Path]) -> None:
    report = reports(FIXTURES / capture)  # a path of its own stays what it is
    page = opened(report)
    assert page.page.locator("table.virtual tbody tr[data-row]").count() > 0
    worst = page.page.locator("table[aria-label=Connections] tbody a").first.get_attribute("href")
    page.go(report, worst)
    for panel in PANELS:
        lines = page.page.locator(f".panel.{panel} .scatterlayer path").count()
        assert lines > 0 or page.text(f".panel.{panel} .empty"), panel
    assert page.page.locator(".panel.sequence .scatterlayer path").count() > 0
    assert page.text(".story").endswith(".")


@pytest.mark.parametrize("capture", [*CAPTURES, *OTHERS], ids=str)
def test_a_connection_answers_mouse_keys_scrubber_dark_and_print(
    capture: str | Path, shown: Open, reports: Callable[..., Path]
) -> None:
    page = shown(reports(FIXTURES / capture))
    page.restart(str(page.page.locator("table[aria-label=Connections] tbody a").first.get_attribute("href")))
    row = int(page.view("connection.count")) // 2
    frame = int(page.view(f"connection.frame[{row}]"))
    page.view(f"select({row}, true)")
    page.settle()
    x, y = page.place_of(frame, "windows")
    page.page.mouse.move(x, y)
    assert f"Frame {frame} " in page.text(".tip") or "Frame" in page.text(".tip")
    page.page.mouse.click(x, y)
    assert "frame.number ==" in page.text(".inspector")
    page.page.locator(".controls input[type=range]").evaluate(SCRUB, 0)
    assert page.view("selected") == 0
    for key in "+-dnpst.2":
        page.press(key)
    page.press("0")
    for scheme in ("dark", "light"):
        page.page.emulate_media(color_scheme=scheme)
        page.settle()
        ground = page.page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
        assert ground == GROUNDS[scheme]
    page.page.emulate_media(media="print", color_scheme="light")
    assert page.page.locator(".tools").first.is_hidden()
    page.page.emulate_media(media="screen")


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

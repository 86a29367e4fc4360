"""The mouse on the drawings: pointing tells, a click chooses, dragging zooms, moves or measures."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.analyzer.running import FIXTURES
from tests.browser.conftest import Open
from tests.browser.made import transfer
from tests.browser.opened import Opened

SEGMENTS, AGAIN = 3_000, 1_500  # the row that is sent again; its frame is one more
GAP_MS = 0.1


@pytest.fixture
def page(shown: Open, reports: Callable[..., Path]) -> Opened:
    return shown(reports(transfer(SEGMENTS, AGAIN, estimates=True), "transfer"), "#flow=0")


def drag(page: Opened, start: tuple[float, float], stop: tuple[float, float]) -> None:
    mouse = page.page.mouse
    mouse.move(*start)
    mouse.down()
    mouse.move((start[0] + stop[0]) / 2, stop[1], steps=3)
    mouse.move(*stop, steps=3)
    mouse.up()
    page.settle()


def test_pointing_at_a_segment_tells_frame_kind_and_reason(page: Opened) -> None:
    page.page.mouse.move(*page.place_of(AGAIN + 1))
    told = page.text(".tip")
    assert f"Frame {AGAIN + 1} · client · fast-retransmission" in told
    assert "sent again after" in told
    assert page.page.locator(".tip.shown").count() == 1


def test_a_click_chooses_the_segment(page: Opened) -> None:
    page.page.mouse.click(*page.place_of(AGAIN + 1))
    assert page.view("selected") == AGAIN
    assert f"frame.number == {AGAIN + 1}" in page.text(".inspector")
    assert page.text(".story").startswith("Client sent again what duplicate acknowledgments or SACK told")


def test_a_syn_tells_its_options_and_both_its_numbers(opened: Open, reports: Callable[..., Path]) -> None:
    page = opened(reports(FIXTURES / "loss/reordering.pcap"), "#flow=0")
    told = page.text(".inspector")
    # tshark: the first segment has seq 3977381959, MSS 1460, window scale 10, SACK permitted and timestamps.
    assert "seq 3977381959" in told
    assert "MSS 1,460 bytes, window scale 10 (times 1,024), SACK in use, timestamps in use" in told


def test_pointing_at_the_windows_tells_the_estimate_with_its_interval(page: Opened) -> None:
    x, _ = page.place_of(AGAIN + 1)
    page.page.mouse.move(*page.place_of(AGAIN + 1, "windows"))
    told = page.text(".tip")
    assert "cwnd is between" in told
    assert "flight 1" in told
    assert x > 0


def test_pointing_at_the_round_trips_tells_the_timeout_in_force(opened: Open, reports: Callable[..., Path]) -> None:
    page = opened(reports(FIXTURES / "loss/timeout-then-loss-state.pcap"), "#flow=0")
    assert page.page.locator(".panel.rtt .chip[data-key=timer]").count() == 1
    page.page.mouse.move(*page.place_of(26, "rtt"))
    assert "timeout in force (RTO) 276 ms" in page.text(".tip")  # as the reason of that segment has it


def test_dragging_zooms_to_the_span(page: Opened) -> None:
    left, right = page.place_of(1_000), page.place_of(2_000)
    drag(page, left, (right[0], left[1]))
    assert abs(page.view("from") / 1e6 - 999 * GAP_MS) < 1  # a pixel is a third of a millisecond
    assert abs(page.view("to") / 1e6 - 1_999 * GAP_MS) < 1
    page.page.mouse.dblclick(*page.place_of(1_500))
    page.settle()
    assert page.view("from") < 0  # everything, with room around


def test_dragging_with_shift_moves(page: Opened) -> None:
    page.view("zoom(100e6, 200e6)")
    page.settle()
    before = page.view("from")
    start = page.place_of(1_500)
    page.page.keyboard.down("Shift")
    drag(page, start, (start[0] + 120, start[1]))
    page.page.keyboard.up("Shift")
    assert page.view("from") < before
    assert round(page.view("to") - page.view("from")) == 100_000_000


def test_measuring_tells_bytes_retransmissions_and_round_trips(page: Opened) -> None:
    page.press("b")
    left, right = page.place_of(1_000), page.place_of(2_000)
    drag(page, left, (right[0], left[1]))
    told = page.text(".measured")
    assert "1 segment, 1.45 kB" in told  # the one sent again
    assert "95th percentile" in told
    page.press("Escape")
    assert page.page.locator(".measured").count() == 0


def test_a_finger_moves_and_does_not_zoom(opened: Open, reports: Callable[..., Path]) -> None:
    page = opened(reports(transfer(SEGMENTS, AGAIN, estimates=True), "transfer"), "#flow=0", wide=390, high=844,
                  has_touch=True)  # fmt: skip
    page.page.touchscreen.tap(*page.place_of(AGAIN + 1))
    assert page.view("selected") == AGAIN


def test_filters_can_be_copied(opened: Open, reports: Callable[..., Path]) -> None:
    page = opened(reports(FIXTURES / "loss/reordering.pcap"), "#flow=0", permissions=["clipboard-write"])
    page.page.click(".inspector .copy >> nth=0")
    page.page.wait_for_selector(".status.shown")
    assert page.text(".status") == "Copied: frame.number == 1"

"""The keys of Wireshark's graphs, and those of the replay."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.analyzer.running import FIXTURES
from tests.browser.conftest import Open
from tests.browser.made import transfer
from tests.browser.opened import Opened


@pytest.fixture
def page(shown: Open, reports: Callable[..., Path]) -> Opened:
    return shown(reports(transfer(3_000, 1_500), "transfer"), "#flow=0")


def width(page: Opened) -> float:
    return float(page.view("to") - page.view("from"))


def test_plus_and_minus_zoom_and_zero_shows_everything(page: Opened) -> None:
    whole = width(page)
    page.press("+")
    assert width(page) == pytest.approx(whole / 1.5)
    page.press("-")
    page.press("+")
    page.press("0")
    assert width(page) == pytest.approx(whole)


def test_arrows_move_the_view(page: Opened) -> None:
    page.press("+")
    before = page.view("from")
    page.press("ArrowRight")
    assert page.view("from") > before
    low = page.view("panels.byId('sequence').range[0]")
    page.press("ArrowUp")
    assert page.view("panels.byId('sequence').range[0]") > low


def test_d_shows_the_other_direction(page: Opened) -> None:
    assert "client → server" in page.text(".panel.sequence h3")
    page.press("d")
    assert "server → client" in page.text(".panel.sequence h3")


def test_n_and_p_go_to_events(page: Opened) -> None:
    page.press("n")
    assert page.view("selected") == 1_500
    assert "recovery.enter" in page.text(".status")
    page.press("p")
    assert "no earlier event" in page.text(".status")


def test_comma_and_dot_step_through_the_segments(page: Opened) -> None:
    page.press(".")
    page.press(".")
    page.press(",")
    assert page.view("selected") == 1
    page.press("End")
    assert page.view("selected") == 2_999
    page.press("Home")
    assert page.view("selected") == 0


def test_space_switches_the_crosshair(page: Opened) -> None:
    assert page.view("crosshair") is True
    page.press(" ")
    assert page.view("crosshair") is False


def test_s_shows_sequence_numbers_as_on_the_wire(shown: Open, reports: Callable[..., Path]) -> None:
    page = shown(reports(FIXTURES / "loss/reordering.pcap"), "#flow=0")
    isn = page.view("connection.data.directions[0].isn")
    page.view("select(0)")
    page.press("s")
    cell = page.page.locator("table[aria-label=Segments] tr[data-row='0'] td").nth(4).text_content()
    assert cell == str(isn)  # the SYN has offset 0
    page.until("address.includes('seq=wire')")
    page.press("s")
    assert page.page.locator("table[aria-label=Segments] tr[data-row='0'] td").nth(4).text_content() == "0"


def test_t_counts_times_from_the_first_packet_of_the_capture(shown: Open, reports: Callable[..., Path]) -> None:
    page = shown(reports(FIXTURES / "opening/accept-queue-full.pcap"), "#flow=5")
    page.press("t")
    since = page.view("connection.data.since_ns")
    assert since > 0
    first = page.page.locator("table[aria-label=Segments] tr[data-row='0'] td").nth(1).text_content()
    assert first == f"{since / 1e9:.9f} s"


def test_g_asks_for_a_frame_and_goes_there(page: Opened) -> None:
    page.press("g")
    page.page.keyboard.type("1501")
    page.page.keyboard.press("Enter")
    page.settle()
    assert page.view("selected") == 1_500
    assert page.page.locator("dialog").count() == 0


def test_digits_bring_panels_and_the_replay_into_sight(page: Opened) -> None:
    for key, selector in (("1", ".panel.sequence"), ("2", ".panel.windows"), ("3", ".panel.rtt"), ("5", ".replay")):
        page.press(key)
        top = page.page.eval_on_selector(selector, "(part) => part.getBoundingClientRect().top")
        assert 0 <= top < 120, key  # below the bar at the top


def test_a_question_mark_opens_the_list_of_keys(page: Opened) -> None:
    page.press("?")
    assert "crosshair" in page.text("dialog")
    page.press("Escape")
    assert page.page.locator("dialog").count() == 0


def test_keys_typed_into_a_field_are_text(shown: Open, reports: Callable[..., Path]) -> None:
    page = shown(reports(transfer(3_000, 1_500), "transfer"))
    page.press("/")
    page.page.keyboard.type("d+0")
    assert page.page.input_value("input[type=search]") == "d+0"

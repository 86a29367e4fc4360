"""Dark, light, paper and a phone: the same page in each."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser.conftest import Open
from tests.browser.made import transfer

DARK, WHITE = "rgb(17, 22, 29)", "rgb(255, 255, 255)"
GROUND = "getComputedStyle(document.documentElement).backgroundColor"


@pytest.fixture
def report(reports: Callable[..., Path]) -> Path:
    return reports(transfer(3_000, 1_500, estimates=True), "transfer")


def test_a_dark_system_gets_a_dark_page(report: Path, opened: Open) -> None:
    page = opened(report, "#flow=0", color_scheme="dark")
    assert page.page.evaluate(GROUND) == DARK
    assert page.count_pixels(".panel.sequence .plot", "data") > 100


def test_the_theme_can_be_chosen(report: Path, shown: Open) -> None:
    page = shown(report, "#flow=0")
    assert page.page.evaluate(GROUND) == WHITE
    page.page.click("button.theme")
    page.settle()
    assert page.page.evaluate(GROUND) == DARK
    assert page.count_pixels(".panel.sequence .plot", "data") > 100
    page.page.click("button.theme")


def test_paper_is_white_and_without_controls(report: Path, opened: Open) -> None:
    page = opened(report, "#flow=0", color_scheme="dark")
    page.page.emulate_media(media="print")
    page.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.settle()
    assert page.page.evaluate(GROUND) == WHITE
    assert not page.page.locator(".tools").first.is_visible()
    assert page.page.locator(".panel.sequence").is_visible()
    page.page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.settle()
    assert page.page.evaluate(GROUND) == DARK


@pytest.mark.parametrize("address", ["", "#flow=0"])
def test_nothing_is_wider_than_a_phone(address: str, report: Path, opened: Open) -> None:
    page = opened(report, address, wide=390, high=844)
    assert page.page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_drawings_are_named_for_screen_readers(report: Path, shown: Open) -> None:
    page = shown(report, "#flow=0")
    drawings = page.page.locator("[role=img]")
    named = [drawings.nth(at).get_attribute("aria-label") or drawings.nth(at).text_content()
             for at in range(drawings.count())]  # fmt: skip
    assert len(named) >= 8  # two strips, four panels, the states, the window, the last segments
    assert all(named)

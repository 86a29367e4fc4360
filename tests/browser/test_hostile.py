"""Text that wants to be markup, script or control stays text, wherever a capture can put it."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

import analyzer
from analyzer.capture.reader import Damage, Interface, printable
from analyzer.report.report import write_report
from tests.analyzer.running import FIXTURES
from tests.browser.conftest import Open
from tests.fake_analysis import FakeAnalysis, FakeFacts, FakeFinding, FakeSkipped

HOSTILE = (
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<!--<script>",
    "{{ 7 * 7 }}{% raw %}",
    "\u202egnp.exe \u2028\u2029\x00\x1b[31m",
    "\ud800 lone surrogate",
    "javascript:alert(1)",
)


ADDRESSES = (
    "#flow=0&dir=<b>&t=a~b&frame=x&hide=%3Cimg%3E~data&span=1",
    "#flow=0&t=9e99~-9e99&span=5~4",
    "#flow=99999",
    "#flow=-1",
    "#%00%ff",
)


def analysis() -> FakeAnalysis:
    facts = FakeFacts(
        names=[*HOSTILE], comments=[*HOSTILE], formats=[*HOSTILE], compressions=[*HOSTILE], link_types=[*HOSTILE],
        interfaces=[Interface(text, text, 1, 96, text, None, None, [text]) for text in HOSTILE],
        damages=[Damage(5, 1, text) for text in HOSTILE],
    )  # fmt: skip
    found = [FakeFinding(finding=text, summary=text, advice=text, filter=text) for text in HOSTILE]
    skipped = [FakeSkipped(text, 1, 1) for text in HOSTILE]
    return FakeAnalysis(capture=facts, skipped=skipped, finding_list=found)


@pytest.mark.parametrize("name", ["report.html", "report"])
def test_hostile_text_runs_nothing_and_breaks_nothing(name: str, opened: Open, tmp_path: Path) -> None:
    write_report(analysis(), tmp_path / name)
    folder = name == "report"
    page = opened(tmp_path / name / "index.html" if folder else tmp_path / name)
    assert page.page.locator(".finding .summary").count() == len(HOSTILE)
    assert page.page.locator(".damage").count() == len(HOSTILE)
    assert page.text(".finding .summary") in HOSTILE
    assert any(text in page.text(".verdict") for text in HOSTILE)
    assert page.page.locator(".verdict :not(b):not(a)").count() == 0
    assert page.page.locator("main img, main script").count() == 0
    page.go(*((tmp_path / name / "flow-0.html",) if folder else (tmp_path / name, "#flow=0")))
    page.page.wait_for_selector(".panel.sequence .scatterlayer path", state="attached")
    assert page.page.locator("main img, main script").count() == 0


def test_a_hostile_name_of_a_file_is_only_its_name(opened: Open, tmp_path: Path) -> None:
    capture = tmp_path / '"><img src=x onerror=alert(1)>&amp;{{ 7 * 7 }}\u202e.pcap'
    shutil.copy(FIXTURES / "loss" / "fast-retransmission.pcap", capture)
    write_report(analyzer.analyze(capture), tmp_path / "report.html")
    page = opened(tmp_path / "report.html")
    assert page.text("h1") == printable(capture.name)
    assert page.page.title() == f"tcpscope · {printable(str(capture))}"
    assert page.page.locator("main img").count() == 0


def test_a_hostile_address_breaks_nothing(shown: Open, reports: Callable[..., Path]) -> None:
    for address in ADDRESSES:
        page = shown(reports(FakeAnalysis(), "fake"), address)
        page.settle()
        assert page.page.locator("main img").count() == 0
        assert page.page.locator(".failed").count() == 0

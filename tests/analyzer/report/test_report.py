"""A report in one file, and one in a folder: which connections have pages, and that the same capture gives the same."""

import json
import re
from pathlib import Path
from typing import Any

import analyzer
from analyzer.report import report
from analyzer.report.report import Wishes, write_report
from tests.analyzer.running import FIXTURES
from tests.fake_analysis import FakeAnalysis, FakeFacts

CAPTURE = FIXTURES / "opening" / "accept-queue-full.pcap"  # six connections


def parts_of(page: Path) -> dict[str, Any]:
    """Return the data of a page by name."""
    text = page.read_text("utf-8")
    return {name: json.loads(part) for name, part in re.findall(r'data-part="([^"]+)">(.*?)</script>', text, re.DOTALL)}


def test_one_file_holds_the_overview_and_every_connection(tmp_path: Path) -> None:
    written = write_report(FakeAnalysis(), tmp_path / "report.html")
    parts = parts_of(tmp_path / "report.html")
    assert list(parts) == ["vocabulary", "overview", "flow-0", "flow-1"]  # the one with a finding first
    assert (written.pages, written.connections, written.size) == (2, 2, (tmp_path / "report.html").stat().st_size)


def test_a_folder_has_a_page_for_each_connection(tmp_path: Path) -> None:
    written = write_report(analyzer.analyze(CAPTURE), tmp_path / "report")
    folder = tmp_path / "report"
    assert sorted(path.name for path in folder.iterdir()) == ["assets", *(f"flow-{flow}.html" for flow in range(6)),
                                                              "index.html"]  # fmt: skip
    assert list(parts_of(folder / "flow-3.html")) == ["vocabulary", "flow-3"]
    assert written.size == sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def test_certain_connections_can_be_asked_for(tmp_path: Path) -> None:
    write_report(analyzer.analyze(CAPTURE), tmp_path / "report.html", Wishes(flows=(4, 2)))
    assert [name for name in parts_of(tmp_path / "report.html") if name.startswith("flow-")] == ["flow-4", "flow-2"]


def test_the_worst_connections_have_pages_where_not_all_can(tmp_path: Path) -> None:
    written = write_report(FakeAnalysis(), tmp_path / "report.html", Wishes(pages=1))
    assert list(parts_of(tmp_path / "report.html"))[2:] == ["flow-0"]
    assert (written.pages, written.connections) == (1, 2)


def test_a_file_stops_growing_where_browsers_would_stumble(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(report, "FILE_DATA_BYTES", 100)
    written = write_report(FakeAnalysis(), tmp_path / "report.html")
    assert written.pages == 1


def test_a_huge_capture_is_read_once_for_each_page(tmp_path: Path) -> None:
    asked: list[int | None] = []

    class Huge(FakeAnalysis):
        def segment_rows(self, flow: int | None = None) -> Any:
            asked.append(flow)
            return super().segment_rows(flow)

    huge = Huge(capture=FakeFacts(segments=report.RECORDED_AT_ONCE + 1))
    write_report(huge, tmp_path / "report.html")
    assert asked == [0, 1]
    assert parts_of(tmp_path / "report.html")["overview"]["activity"] is None


def test_the_same_capture_gives_the_same_report(tmp_path: Path) -> None:
    for name in ("one.html", "other.html"):
        write_report(analyzer.analyze(CAPTURE), tmp_path / name)
    assert (tmp_path / "one.html").read_bytes() == (tmp_path / "other.html").read_bytes()


def test_an_empty_capture_has_a_report(tmp_path: Path) -> None:
    written = write_report(analyzer.analyze(FIXTURES / "formats" / "nothing-in-it.pcap"), tmp_path / "report.html")
    assert (written.pages, written.connections) == (0, 0)
    assert parts_of(tmp_path / "report.html")["overview"]["connections"]["table"]["rows"] == 0

"""`tcpscope report` writes pages, says what it wrote, and leaves nothing behind where it cannot."""

from pathlib import Path

from tests.analyzer.running import FIXTURES, tcpscope

CAPTURE = FIXTURES / "opening" / "accept-queue-full.pcap"


def test_a_file_is_told_with_its_size_and_pages(tmp_path: Path) -> None:
    run = tcpscope("report", CAPTURE, "-o", tmp_path / "report.html", "--pages", "2")
    assert (run.code, run.err) == (0, "")
    assert run.out.startswith(f"{tmp_path}/report.html  ")
    assert run.out.endswith("MB: 2 connections in full, 4 more in its table\n")


def test_a_name_without_html_is_a_folder(tmp_path: Path) -> None:
    run = tcpscope("report", CAPTURE, "-o", tmp_path / "report", "--flow", "3")
    assert run.code == 0
    assert (tmp_path / "report" / "flow-3.html").exists()
    assert not (tmp_path / "report" / "flow-2.html").exists()


def test_a_connection_that_is_not_there_writes_nothing(tmp_path: Path) -> None:
    run = tcpscope("report", CAPTURE, "-o", tmp_path / "report.html", "--flow", "6")
    assert (run.code, run.out) == (2, "")
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_capture_is_reported_as_far_as_it_goes(tmp_path: Path) -> None:
    run = tcpscope("report", FIXTURES / "formats" / "cut-off.pcap", "-o", tmp_path / "report.html")
    assert run.code == 4
    assert (tmp_path / "report.html").exists()


def test_a_smaller_script_can_be_put_in(tmp_path: Path) -> None:
    (tmp_path / "plotly.js").write_text("const Plotly = {};")
    run = tcpscope("report", CAPTURE, "-o", tmp_path / "report.html", "--plotlyjs", tmp_path / "plotly.js")
    assert run.code == 0
    assert (tmp_path / "report.html").stat().st_size < 1_000_000

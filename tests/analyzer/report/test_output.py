"""A report is written whole or not at all."""

import os
from pathlib import Path

import pytest

from analyzer.errors import UsageError
from analyzer.report.output import MARK, folder, write_file


def listed(path: Path) -> list[str]:
    return sorted(each.name for each in path.iterdir())


def test_a_file_has_its_text_and_the_usual_mode(tmp_path: Path) -> None:
    mask = os.umask(0o022)
    try:
        write_file(tmp_path / "new" / "report.html", "text")
    finally:
        os.umask(mask)
    written = tmp_path / "new" / "report.html"
    assert written.read_text("utf-8") == "text"
    assert written.stat().st_mode & 0o777 == 0o644
    assert listed(tmp_path / "new") == ["report.html"]


def test_a_file_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    with pytest.raises(UsageError, match="taken: cannot be written: Is a directory"):
        write_file(tmp_path / "taken", "text")
    assert listed(tmp_path) == ["taken"]


def test_a_folder_appears_when_it_is_whole(tmp_path: Path) -> None:
    target = tmp_path / "report"
    with folder(target) as made:
        (made / "index.html").write_text("text")
        assert not target.exists()
    assert listed(target) == ["index.html"]
    assert listed(tmp_path) == ["report"]


def test_an_earlier_report_is_replaced(tmp_path: Path) -> None:
    target = tmp_path / "report"
    target.mkdir()
    (target / "index.html").write_text(f"<html>{MARK}")
    (target / "flow-9.html").write_text("old")
    with folder(target) as made:
        (made / "index.html").write_text("new")
    assert listed(target) == ["index.html"]
    assert listed(tmp_path) == ["report"]


def _interrupted(target: Path) -> None:
    with folder(target) as made:
        (made / "index.html").write_text("half")
        raise KeyboardInterrupt


def test_an_error_leaves_the_earlier_report(tmp_path: Path) -> None:
    target = tmp_path / "report"
    target.mkdir()
    (target / "index.html").write_text(f"<html>{MARK} old")
    with pytest.raises(KeyboardInterrupt):
        _interrupted(target)
    assert (target / "index.html").read_text().endswith("old")
    assert listed(tmp_path) == ["report"]


def test_other_files_are_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("years of work")
    with pytest.raises(UsageError, match="holds other files"), folder(tmp_path):
        raise AssertionError("the folder was given out")
    assert listed(tmp_path) == ["thesis.tex"]


def test_a_file_in_place_of_the_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "report").write_text("")
    with pytest.raises(UsageError, match=r"is a file, not a folder; name it \.html"), folder(tmp_path / "report"):
        raise AssertionError("the folder was given out")

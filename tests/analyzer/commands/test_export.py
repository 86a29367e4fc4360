"""`tcpscope export` writes the tables, or says why it does not."""

import json
from pathlib import Path

import pytest

from analyzer import export as tables
from analyzer.commands.export import FORMATS
from tests.analyzer.running import FIXTURES, tcpscope

CAPTURE = FIXTURES / "opening" / "refused.pcap"


def test_every_format_of_the_tables_can_be_asked_for() -> None:
    assert FORMATS == tables.FORMATS


@pytest.mark.parametrize("file_format", FORMATS)
def test_the_files_are_named_with_their_rows(file_format: str, tmp_path: Path) -> None:
    run = tcpscope("export", CAPTURE, "-o", tmp_path, "--format", file_format)
    assert (run.code, run.err) == (0, "")
    # Three connections, each a SYN and its RST: 3 flows, 6 directions, 6 segments.
    assert run.out.splitlines()[:3] == [
        f"{tmp_path}/{name}.{file_format}  {rows} rows"
        for name, rows in (("flows", 3), ("directions", 6), ("segments", 6))
    ]
    assert len(list(tmp_path.iterdir())) == 6


def test_chosen_connections_are_exported_alone(tmp_path: Path) -> None:
    run = tcpscope("export", CAPTURE, "-o", tmp_path, "--format", "json", "--flow", "2", "--flow", "0")
    assert run.code == 0
    assert [row["flow"] for row in json.loads((tmp_path / "flows.json").read_text())] == [0, 2]
    assert {row["flow"] for row in json.loads((tmp_path / "segments.json").read_text())} == {0, 2}


def test_a_connection_that_is_not_there_writes_nothing(tmp_path: Path) -> None:
    run = tcpscope("export", CAPTURE, "-o", tmp_path / "new", "--flow", "3")
    assert (run.code, run.err) == (2, "tcpscope: there is no connection 3: the 3 connections are 0 to 2\n")
    assert not (tmp_path / "new").exists()


def test_a_folder_that_is_a_file_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    run = tcpscope("export", CAPTURE, "-o", tmp_path / "taken")
    assert (run.code, run.out, run.err) == (2, "", f"tcpscope: {tmp_path}/taken: cannot be written: File exists\n")


def test_a_damaged_capture_is_exported_as_far_as_it_goes(tmp_path: Path) -> None:
    run = tcpscope("export", FIXTURES / "formats" / "cut-off.pcap", "-o", tmp_path)
    assert run.code == 4
    assert "cannot be read beyond byte 2,278" in run.err
    # Nine whole packets (cut-off.toml), and a line with the names of the columns.
    assert len((tmp_path / "segments.csv").read_text().splitlines()) == 10


def test_several_captures_are_exported_as_one(tmp_path: Path) -> None:
    run = tcpscope("export", CAPTURE, FIXTURES / "formats" / "pcapng.pcapng", "-o", tmp_path, "--format", "json")
    assert run.code == 0
    assert [row["flow"] for row in json.loads((tmp_path / "flows.json").read_text())] == [0, 1, 2, 3]

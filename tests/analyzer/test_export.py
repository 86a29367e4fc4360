"""Exported files hold the tables, and a folder never holds half of one."""

import csv
import json
import os
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import analyzer
from analyzer import export, rows, schema
from analyzer.columns import Table
from analyzer.errors import UsageError
from reconstruct.recorder import RowStore
from tests.analyzer.running import FIXTURES
from tests.fake_analysis import FakeAnalysis, FakeFinding

NAMES = [table.name for table in schema.TABLES]
EACH_FORMAT = pytest.mark.parametrize("file_format", export.FORMATS)


def _files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def _csv(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@EACH_FORMAT
def test_an_export_is_six_files_and_nothing_else(file_format: str, tmp_path: Path) -> None:
    written = export.export(FakeAnalysis(), tmp_path, file_format)
    assert _files(tmp_path) == sorted(f"{name}.{file_format}" for name in NAMES)
    # 2 connections with 2 directions each, 6 segments, 1 window, 7 events, 1 finding: those of the hand-made analysis.
    assert [file.rows for file in written] == [2, 4, 6, 1, 7, 1]


@pytest.mark.parametrize("table", schema.TABLES, ids=lambda table: table.name)
def test_json_holds_the_rows_as_they_are(table: Table, tmp_path: Path) -> None:
    analysis = FakeAnalysis()
    export.export(analysis, tmp_path, "json")
    got = json.loads((tmp_path / f"{table.name}.json").read_text())
    stores = {
        "flows": analysis.flow_rows,
        "directions": analysis.direction_rows,
        "segments": analysis.segment_rows(),
        "windows": analysis.window_rows(),
        "events": analysis.event_rows,
    }
    if table.name in stores:
        expected = list(rows.rows_of(stores[table.name], table))
    else:
        expected = [rows.finding_row(found) for found in analysis.finding_list]
    assert got == expected


def test_csv_writes_times_with_nine_decimals_and_null_as_nothing(tmp_path: Path) -> None:
    export.export(FakeAnalysis(), tmp_path, "csv")
    first, second = _csv(tmp_path, "flows")
    assert list(first) == list(schema.FLOWS.column_names)
    assert first["last_time"] == "2023-11-14T22:13:21.500000000Z"
    assert (first["role_known"], first["duration_s"], first["client_state"]) == ("true", "1.5", "TIME-WAIT")
    assert (second["syn_rtt_ms"], second["server_state"], second["vlan"]) == ("", "", "10.20")


def test_csv_details_are_json_and_frames_a_json_list(tmp_path: Path) -> None:
    export.export(FakeAnalysis(), tmp_path, "csv")
    assert json.loads(_csv(tmp_path, "events")[0]["detail"]) == {"from": "CLOSED", "to": "SYN-SENT", "on": "snd SYN"}
    assert json.loads(_csv(tmp_path, "findings")[0]["frames"]) == [6, 7]


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@x", "\tx", "\rx"])
def test_no_text_of_a_finding_is_a_formula_in_a_spreadsheet(start: str, tmp_path: Path) -> None:
    export.export(FakeAnalysis(finding_list=[FakeFinding(summary=start)]), tmp_path, "csv")
    assert _csv(tmp_path, "findings")[0]["summary"] == "'" + start


def test_parquet_keeps_types_and_nulls(tmp_path: Path) -> None:
    export.export(FakeAnalysis(), tmp_path, "parquet")
    flows = pd.read_parquet(tmp_path / "flows.parquet")
    assert str(flows["first_time"].dtype) == "datetime64[ns, UTC]"
    assert flows["syn_rtt_ms"].isna().tolist() == [False, True]
    assert flows["opening"].astype(str).tolist() == ["handshake", "refused"]
    assert pd.read_parquet(tmp_path / "findings.parquet")["frames"][0].tolist() == [6, 7]


@EACH_FORMAT
def test_chunks_make_the_same_file_as_one_piece(
    file_format: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    export.export(FakeAnalysis(), tmp_path / "whole", file_format)
    monkeypatch.setattr(export, "CHUNK_ROWS", 2)
    export.export(FakeAnalysis(), tmp_path / "chunks", file_format)
    readers: dict[str, Any] = {"csv": pd.read_csv, "parquet": pd.read_parquet, "json": pd.read_json}
    name = f"segments.{file_format}"
    whole, chunks = (readers[file_format](tmp_path / folder / name) for folder in ("whole", "chunks"))
    pd.testing.assert_frame_equal(whole, chunks)


@EACH_FORMAT
def test_named_flows_are_exported_alone(file_format: str, tmp_path: Path) -> None:
    about_all = FakeFinding(finding="capture-loss", flow=None)
    analysis = FakeAnalysis(finding_list=[FakeFinding(), about_all])
    written = export.export(analysis, tmp_path, file_format, flows=[1])
    # Flow 1 has 2 directions and nothing recorded; the finding about the whole capture stays.
    assert [file.rows for file in written] == [1, 2, 0, 0, 0, 1]


@EACH_FORMAT
def test_the_rows_of_several_flows_follow_each_other(file_format: str, tmp_path: Path) -> None:
    written = export.export(FakeAnalysis(), tmp_path, file_format, flows=[1, 0, 1])
    # Everything but the findings, of which one is about flow 0: as in the export of the whole.
    assert [file.rows for file in written] == [2, 4, 6, 1, 7, 1]
    export.export(FakeAnalysis(), tmp_path / "whole", file_format)
    for name in NAMES:
        file = f"{name}.{file_format}"
        readers: dict[str, Any] = {"csv": pd.read_csv, "parquet": pd.read_parquet, "json": pd.read_json}
        pd.testing.assert_frame_equal(
            *(readers[file_format](folder / file) for folder in (tmp_path, tmp_path / "whole"))
        )


@pytest.mark.parametrize(("flows", "readings"), [((), 1), ((0,), 1), ((1, 0), 2)])
def test_segments_and_windows_of_a_flow_come_from_one_reading(
    flows: tuple[int, ...], readings: int, tmp_path: Path
) -> None:
    batches: list[int] = []
    analysis = analyzer.analyze(
        FIXTURES / "ports" / "reused-after-reset.pcap", progress=lambda done, size: batches.append(done)
    )
    assert len(batches) == 1  # the capture is a single batch: one report a reading
    export.export(analysis, tmp_path, "csv", flows)
    assert len(batches) == 1 + readings
    for name in ("segments", "windows"):
        assert {row["flow"] for row in _csv(tmp_path, name)} == {str(flow) for flow in flows or (0, 1)}


@EACH_FORMAT
def test_tables_without_rows_keep_their_columns(file_format: str, tmp_path: Path) -> None:
    analysis = FakeAnalysis(finding_list=[])
    export.export(analysis, tmp_path, file_format, flows=[1])
    path = tmp_path / f"segments.{file_format}"
    if file_format == "json":
        assert json.loads(path.read_text()) == []
    else:
        read = pd.read_csv(path) if file_format == "csv" else pd.read_parquet(path)
        assert list(read.columns) == list(schema.SEGMENTS.column_names)


class _Broken(FakeAnalysis):
    """An analysis whose capture is gone when its segments are asked for."""

    def segment_rows(self, flow: int | None = None) -> RowStore:
        raise KeyboardInterrupt


@EACH_FORMAT
def test_an_export_that_ends_early_leaves_the_folder_as_it_was(file_format: str, tmp_path: Path) -> None:
    (tmp_path / f"flows.{file_format}").write_text("old")
    with pytest.raises(KeyboardInterrupt):
        export.export(_Broken(), tmp_path, file_format)
    assert _files(tmp_path) == [f"flows.{file_format}"]
    assert (tmp_path / f"flows.{file_format}").read_text() == "old"


def test_a_folder_that_cannot_be_made_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="cannot be written") as told:
        export.export(FakeAnalysis(), tmp_path / "file", "csv")
    assert "\n" not in str(told.value)


def test_a_full_disk_is_told_in_one_line_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_room(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", no_room)
    with pytest.raises(UsageError, match="No space left on device"):
        export.export(FakeAnalysis(), tmp_path, "csv")
    assert _files(tmp_path) == []


def test_the_file_that_could_not_be_written_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_room(store: RowStore, table: Table) -> list[Any]:
        if table is schema.SEGMENTS:  # the windows are written side by side with them
            raise OSError(28, "No space left on device")
        return []

    monkeypatch.setattr(rows, "rows_of", no_room)
    with pytest.raises(UsageError, match=r"segments\.json: cannot be written: No space left on device"):
        export.export(FakeAnalysis(), tmp_path, "json")
    assert _files(tmp_path) == []


def test_exporting_again_replaces_the_files(tmp_path: Path) -> None:
    export.export(FakeAnalysis(), tmp_path, "csv")
    export.export(FakeAnalysis(), tmp_path, "csv", flows=[1])
    assert len(_csv(tmp_path, "flows")) == 1


@EACH_FORMAT
def test_the_same_analysis_gives_the_same_bytes(file_format: str, tmp_path: Path) -> None:
    for folder in ("a", "b"):
        export.export(FakeAnalysis(), tmp_path / folder, file_format)
    for name in NAMES:
        file = f"{name}.{file_format}"
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes()


def test_a_text_with_a_comma_stays_one_csv_cell(tmp_path: Path) -> None:
    summary = 'closed once, for "250 ms"'
    export.export(FakeAnalysis(finding_list=[FakeFinding(summary=summary)]), tmp_path, "csv")
    assert _csv(tmp_path, "findings")[0]["summary"] == summary

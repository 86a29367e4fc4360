"""`tcpscope cwnd` draws a window, and writes the rows that it draws."""

import json
from pathlib import Path

import pandas as pd
import pytest

import analyzer
from tests.analyzer.commands.test_analyze import as_json_values
from tests.analyzer.running import tcpscope
from tests.sources import ROOT

CAPTURE = ROOT / "fixtures" / "truth" / "tail-loss-tlp-1" / "sender.pcap.xz"


def windows() -> pd.DataFrame:
    """Return the rows of windows of the end that sent more, the client."""
    table = analyzer.analyze(CAPTURE).windows(flow=0)
    return table[table["sender"] == "client"]


def test_the_end_that_sent_more_is_drawn() -> None:
    run = tcpscope("cwnd", CAPTURE, "0")
    assert run.code == 0
    assert run.out.startswith("Flow 0 · window of the client 192.0.2.10:")
    assert "#   congestion window, " in run.out


def test_the_other_end_can_be_asked_for() -> None:
    out = tcpscope("cwnd", CAPTURE, "0", "--direction", "server").out
    assert "window of the server" in out
    assert "congestion window," not in out  # it sent no data


def test_json_holds_the_rows_of_the_data_frame() -> None:
    assert tcpscope("cwnd", CAPTURE, "0", "--json").json == as_json_values(windows())


def test_frames_can_be_chosen() -> None:
    rows = tcpscope("cwnd", CAPTURE, "0", "--json", "--from", "10", "--to", "20").json
    assert {row["frame"] for row in rows} <= set(range(10, 21))
    assert rows
    assert tcpscope("cwnd", CAPTURE, "0", "--from", "5", "--to", "4").code == 2


@pytest.mark.parametrize("ending", ["csv", "parquet", "json"])
def test_the_rows_are_written_into_a_file(tmp_path: Path, ending: str) -> None:
    file = tmp_path / f"out.{ending}"
    run = tcpscope("cwnd", CAPTURE, "0", "-o", file)
    assert (run.code, run.out) == (0, f"{file}  {len(windows()):,} rows\n")
    if ending == "json":
        read = pd.DataFrame(json.loads(file.read_text()))
    else:
        read = pd.read_csv(file) if ending == "csv" else pd.read_parquet(file)
    assert list(read["cwnd"].dropna()) == list(windows()["cwnd"].dropna())
    assert list(tmp_path.iterdir()) == [file]


def test_another_ending_is_wrong_usage(tmp_path: Path) -> None:
    run = tcpscope("cwnd", CAPTURE, "0", "-o", tmp_path / "out.txt")
    assert run.code == 2
    assert "csv, parquet or json" in run.err
    assert list(tmp_path.iterdir()) == []

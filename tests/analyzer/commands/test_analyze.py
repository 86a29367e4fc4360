"""`tcpscope analyze` shows or prints what the tables hold."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import analyzer
from analyzer.terminal.orders import ORDERS
from reconstruct.tally import Sort
from tests import captures
from tests.analyzer.running import FIXTURES, tcpscope
from tests.packets import ethernet, ipv4, tcp

CAPTURE = FIXTURES / "opening" / "accept-queue-full.pcap"
SEVERAL = [CAPTURE, FIXTURES / "window" / "zero-window.pcap", FIXTURES / "vantage" / "one-sided.pcap"]


def as_json_values(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return a DataFrame as the values that JSON has for it."""
    rows = []
    for row in frame.to_dict("records"):
        told = {
            str(name): None if not isinstance(value, list) and pd.isna(value) else value for name, value in row.items()
        }
        rows.append(
            {name: _time_text(value) if isinstance(value, pd.Timestamp) else value for name, value in told.items()}
        )
    return rows


def _time_text(time: pd.Timestamp) -> str:
    """Return a time as RFC 3339 text with nine decimals."""
    return f"{time.strftime('%Y-%m-%dT%H:%M:%S')}.{time.value % 10**9:09d}Z"


@pytest.mark.parametrize("path", SEVERAL, ids=lambda path: path.stem)
@pytest.mark.parametrize("table", ["flows", "directions", "findings"])
def test_json_holds_the_rows_of_the_data_frames(path: Path, table: str) -> None:
    result = analyzer.analyze(path)
    assert tcpscope("analyze", path, "--json").json[table] == as_json_values(getattr(result, table))


def test_json_tells_the_capture_as_the_analysis_does() -> None:
    facts = tcpscope("analyze", CAPTURE, "--json").json["capture"]
    assert (facts["names"], facts["formats"], facts["link_types"]) == ([str(CAPTURE)], ["pcap"], ["raw IP"])
    # 69 packets in 6 connections: capinfos and tshark -z conv,tcp.
    assert (facts["packets"], facts["segments"], facts["connections"]) == (69, 69, 6)
    assert (facts["snaplen"], facts["dropped"], facts["partial"], facts["interrupted"]) == (96, None, False, False)
    assert len(facts["first_time"]) == len("2026-11-23T22:33:58.548123456Z")


def test_json_of_a_capture_without_packets_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "empty.pcap"
    path.write_bytes(captures.pcap_header())
    told = tcpscope("analyze", path, "--json").json
    assert (told["flows"], told["directions"], told["findings"], told["skipped"]) == ([], [], [], [])
    assert (told["capture"]["first_time"], told["capture"]["packets"]) == (None, 0)


def test_json_names_every_reason_for_which_something_was_skipped() -> None:
    skipped = tcpscope("analyze", FIXTURES / "formats" / "other-packets-too.pcap", "--json").json["skipped"]
    assert [sorted(row) for row in skipped] == [["count", "first_frame", "reason"]] * len(skipped)
    assert "UDP" in [row["reason"] for row in skipped]


def test_json_lists_every_connection_and_a_screen_the_first(tmp_path: Path) -> None:
    path = tmp_path / "many.pcap"
    # 40 connections, a SYN each from another port: more than the 25 that a screen lists.
    path.write_bytes(captures.pcap_file([ethernet(ipv4(tcp(40000 + n, flags=0x002))) for n in range(40)]))
    assert len(tcpscope("analyze", path, "--json").json["flows"]) == 40
    assert "Connections  25 of 40, worst first" in tcpscope("analyze", path).out
    assert "Connections  40, worst first" in tcpscope("analyze", path, "--limit", "40").out


def test_a_limit_of_none_shows_the_sums_alone() -> None:
    run = tcpscope("analyze", CAPTURE, "--limit", "0", "--json")
    assert (run.json["flows"], run.json["totals"]["connections"]) == ([], 6)


@pytest.mark.parametrize(
    ("order", "column"), [("bytes", "bytes"), ("duration", "duration_s"), ("segments", "segments")]
)
def test_a_limit_keeps_the_first_connections_of_an_order(order: str, column: str) -> None:
    rows = tcpscope("analyze", *SEVERAL, "--json").json["flows"]
    kept = tcpscope("analyze", *SEVERAL, "--json", "--sort", order, "--limit", "3").json["flows"]
    assert [row[column] for row in kept] == sorted((row[column] for row in rows), reverse=True)[:3]


def test_every_order_of_the_core_can_be_asked_for_and_has_words() -> None:
    assert list(ORDERS) == [sort.name.lower() for sort in Sort]
    for order, words in ORDERS.items():
        assert f", {words} " in tcpscope("analyze", CAPTURE, "--sort", order).out


def test_several_captures_are_one() -> None:
    told = tcpscope("analyze", *SEVERAL, "--json").json
    assert told["capture"]["names"] == [str(path) for path in SEVERAL]
    alone = [tcpscope("analyze", path, "--json").json["capture"]["packets"] for path in SEVERAL]
    assert told["capture"]["packets"] == sum(alone)


def test_fail_on_shows_the_result_all_the_same() -> None:
    path = FIXTURES / "formats" / "cut-off.pcap"
    run = tcpscope("analyze", path, "--fail-on", "error", "--fail-on", "truncated-capture")
    assert run.code == 1
    assert run.out == tcpscope("analyze", path).out


def test_fail_on_an_unknown_finding_reads_nothing() -> None:
    run = tcpscope("analyze", "no-such.pcap", "--fail-on", "clock-stop")
    assert (run.code, run.out) == (2, "")
    assert "did you mean clock-step?" in run.err

"""Run as a script, in either build: prints every raw table of captures, whole or as digests, as JSON.

    python raw_tables.py digests CAPTURE...
    python raw_tables.py tables CAPTURE

It imports nothing of the tests: the process that runs it sees the packages of one build alone.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from hashlib import sha256
from typing import Any

import reconstruct.seq
from analyzer import analyze
from analyzer.analysis import Analysis, summarize
from analyzer.capture.ledger import Skipped
from analyzer.errors import CaptureError
from analyzer.findings import Finding
from reconstruct.recorder import RowStore
from reconstruct.settings import ReplaySettings

Table = list[list[Any]]

# Nothing stays in full longer than it must, so that records, late segments and growth are compared too.
HASTY = ReplaySettings(max_live_connections=1, linger_ns=0, idle_ns=1_000_000_000, forget_ns=1_000_000_000)


def tables_of(capture: str) -> dict[str, Table]:
    """Return all tables of a capture, each with its columns as the first row; of an unreadable one the error alone."""
    try:
        return _tables(capture)
    except CaptureError as error:
        return {"error": [["type", "text"], [type(error).__name__, str(error)]]}


def _tables(capture: str) -> dict[str, Table]:
    whole, hasty, listed = analyze(capture), analyze(capture, assumptions=HASTY), summarize([capture], limit=3)
    stores = {
        "flows": whole.flow_rows,
        "directions": whole.direction_rows,
        "events": whole.event_rows,
        "segments": whole.segment_rows(),
        "windows": whole.window_rows(),
        "hasty flows": hasty.flow_rows,
        "hasty directions": hasty.direction_rows,
        "hasty events": hasty.event_rows,
        "worst flows": listed.flow_rows,
        "worst directions": listed.direction_rows,
    }
    told = {
        f"{name} {table}": rows for name, each in (("whole", whole), ("hasty", hasty)) for table, rows in _told(each)
    }
    return {name: _rows(store) for name, store in stores.items()} | told


def _rows(store: RowStore) -> Table:
    return [list(store.names), *(list(store.row(index)) for index in range(store.count))]


def _told(analysis: Analysis) -> list[tuple[str, Table]]:
    """Return what is no table of the core: facts, totals, ledger and findings."""
    facts, totals = (
        [["name", "value"], *map(list, asdict(each).items())] for each in (analysis.capture, analysis.totals)
    )
    ledger, findings = _listed(Skipped, analysis.skipped), _listed(Finding, analysis.finding_list)
    return [("facts", facts), ("totals", totals), ("ledger", ledger), ("findings", findings)]


def _listed(kind: type, rows: Sequence[Any]) -> Table:
    return [[field.name for field in fields(kind)], *(list(asdict(row).values()) for row in rows)]


def digests(tables: Mapping[str, Table]) -> dict[str, str]:
    """Return a digest of each table."""
    return {name: sha256(json.dumps(table).encode()).hexdigest() for name, table in tables.items()}


def main(task: str, captures: list[str]) -> None:
    """Print which build this is, and the tables or the digests by capture."""
    found = {capture: tables_of(capture) for capture in captures}
    answer = {capture: digests(tables) for capture, tables in found.items()} if task == "digests" else found
    json.dump({"build": reconstruct.seq.__file__, "captures": answer}, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])

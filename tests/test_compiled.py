"""The same sources, compiled and uncompiled, give identical tables on every fixture."""

import json
import os
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from functools import cache
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import COMPILED, UNDER_TEST, outdated_sources
from tests.raw_tables import Table, digests, tables_of
from tests.sources import ROOT

PROGRAM = ROOT / "tests" / "raw_tables.py"
PCAPS = ROOT / "fixtures" / "pcaps"
CAPTURES = sorted(path for path in PCAPS.glob("*/*") if path.suffix not in (".toml", ".drill"))
UNREADABLE = PCAPS / "formats" / "not-a-capture.pcap"
INSTALLED = UNDER_TEST if COMPILED else Path(sysconfig.get_path("platlib"))
SECONDS = 300  # for all fixtures, on the slowest of machines


@dataclass
class Builds:
    """What both builds say of the captures: `uncompiled` and `compiled` by capture, then by table."""

    uncompiled: dict[str, Any]
    compiled: dict[str, Any]


def said(packages: Path, task: str, captures: list[Path]) -> dict[str, Any]:
    """Return what the build in a folder prints."""
    environment = os.environ | {"PYTHONPATH": str(packages), "PYTHONSAFEPATH": "1"}
    command = [sys.executable, str(PROGRAM), task, *map(str, captures)]
    run = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=SECONDS, check=False)
    assert run.returncode == 0, run.stderr
    answer: dict[str, Any] = json.loads(run.stdout)
    return answer


@cache
def both(task: str, *captures: Path) -> Builds:
    """Return what the builds say, after looking whether they are what they should be."""
    uncompiled, compiled = (said(packages, task, list(captures)) for packages in (ROOT, INSTALLED))
    assert uncompiled["build"] == str(ROOT / "reconstruct" / "seq.py")
    assert Path(compiled["build"]).parent.parent == INSTALLED
    assert not compiled["build"].endswith(".py")
    return Builds(uncompiled["captures"], compiled["captures"])


@pytest.fixture(scope="session")
def builds() -> Builds:
    """Digests of all tables of all fixtures, made once by one process for each build."""
    if not list(INSTALLED.glob("reconstruct/seq.*.so")):
        pytest.skip(f"no compiled tcpscope is installed in {INSTALLED}: run .ci/setup test")
    if outdated := outdated_sources(INSTALLED):
        pytest.skip(f"the compiled tcpscope is not this tree's: run .ci/setup test ({', '.join(outdated[:5])})")
    return both("digests", *CAPTURES)


def first_difference(uncompiled: dict[str, Table], compiled: dict[str, Table]) -> str:
    """Return where two sets of tables begin to differ, in one line; "" where they do not."""
    if list(uncompiled) != list(compiled):
        return f"tables: uncompiled {list(uncompiled)}, compiled {list(compiled)}"
    for name, ours in uncompiled.items():
        for number, (one, other) in enumerate(zip_longest(ours, compiled[name])):
            if one != other:
                return f"table {name}, row {number}: {_cells(ours[0], one, other)}"
    return ""


def _cells(names: list[str], one: list[Any] | None, other: list[Any] | None) -> str:
    """Return the cells that differ, by name."""
    if one is None or other is None:
        return f"uncompiled {one}, compiled {other}"
    cells = zip(names, one, other, strict=True)
    return ", ".join(f"{name} uncompiled {mine}, compiled {theirs}" for name, mine, theirs in cells if mine != theirs)


@pytest.mark.parametrize("capture", CAPTURES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_compiled_and_uncompiled_give_identical_tables(builds: Builds, capture: Path) -> None:
    if builds.uncompiled[str(capture)] != builds.compiled[str(capture)]:
        told = both("tables", capture)
        where = first_difference(told.uncompiled[str(capture)], told.compiled[str(capture)])
        pytest.fail(f"{capture.relative_to(PCAPS)}: {where or 'differs from run to run'}")


# What is compared


def test_every_table_of_a_readable_capture_is_compared() -> None:
    tables = tables_of(str(PCAPS / "sequence" / "wrap-both-ways.pcap"))
    assert {"flows", "directions", "events", "segments", "windows", "whole facts", "whole findings"} <= set(tables)
    assert [name for name in ("flows", "directions", "events", "segments", "windows") if len(tables[name]) < 2] == []


def test_of_an_unreadable_capture_the_error_is_compared() -> None:
    assert tables_of(str(UNREADABLE)) == {
        "error": [
            ["type", "text"],
            ["CaptureError", f"{UNREADABLE}: not a capture: neither pcap nor pcapng nor snoop"],
        ]
    }


def test_a_cell_that_differs_changes_the_digest_and_is_named() -> None:
    ours: dict[str, Table] = {"flows": [["flow"], [0]], "events": [["flow", "frame"], [0, 1], [0, 2]]}
    theirs: dict[str, Table] = {"flows": [["flow"], [0]], "events": [["flow", "frame"], [0, 1], [0, 3]]}
    assert digests(ours)["flows"] == digests(theirs)["flows"]
    assert digests(ours)["events"] != digests(theirs)["events"]
    assert first_difference(ours, theirs) == "table events, row 2: frame uncompiled 2, compiled 3"
    assert first_difference(ours, ours) == ""


def test_a_row_or_a_table_that_one_build_lacks_is_named() -> None:
    ours: dict[str, Table] = {"flows": [["flow"], [0]]}
    assert first_difference(ours, {"flows": [["flow"]]}) == "table flows, row 1: uncompiled [0], compiled None"
    assert first_difference(ours, {}) == "tables: uncompiled ['flows'], compiled []"

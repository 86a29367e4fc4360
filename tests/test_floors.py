"""Imports point down or sideways, never up, and heavy libraries are imported where they are needed."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sources import PACKAGES, module_name, python_files, tree_of, where

# The floor of every module; a name stands for everything below it, the longest name that fits decides.
FLOORS = {
    "reconstruct": 0,
    "reconstruct.seq": 0,
    "reconstruct.ranges": 0,
    "reconstruct.segment": 0,
    "reconstruct.vocabulary": 0,
    "reconstruct.states": 0,
    "reconstruct.rules": 0,
    "reconstruct.settings": 0,
    "reconstruct.rtt": 1,
    "reconstruct.timestamp_clock": 1,
    "reconstruct.echoes": 1,
    "reconstruct.recorder": 1,
    "reconstruct.sender_event": 1,
    "reconstruct.held": 1,
    "reconstruct.pace": 1,
    "reconstruct.limits": 1,
    "reconstruct.event_queue": 1,
    "reconstruct.sender_clock": 1,
    "reconstruct.window_level": 1,
    "reconstruct.congestion": 1,
    "reconstruct.congestion.sender_state": 1,
    "reconstruct.congestion.sender_timer": 1,
    "reconstruct.congestion.pieces": 1,
    "reconstruct.congestion.base": 1,
    "reconstruct.congestion.reno": 1,
    "reconstruct.congestion.cubic": 1,
    "reconstruct.congestion.hystart_plus": 1,
    "reconstruct.congestion.windowed_max": 1,
    "reconstruct.congestion.policer": 1,
    "reconstruct.congestion.bandwidth": 1,
    "reconstruct.congestion.aggregation": 1,
    "reconstruct.congestion.pacer": 1,
    "reconstruct.congestion.bbr": 1,
    "reconstruct.congestion.candidates": 1,
    "reconstruct.congestion.delivery": 1,
    "reconstruct.congestion.loss_detection": 1,
    "reconstruct.congestion.recovery": 1,
    "reconstruct.congestion.loss_machine": 1,
    "reconstruct.congestion.identify": 1,
    "reconstruct.congestion.replay": 1,
    "reconstruct.scoreboard": 1,
    "reconstruct.gaps": 0,
    "reconstruct.sender_model": 1,
    "reconstruct.reassembly": 1,
    "reconstruct.signs": 1,
    "reconstruct.flow_control": 1,
    "reconstruct.window_scale": 1,
    "reconstruct.troubles": 1,
    "reconstruct.transcript": 1,
    "reconstruct.merged": 0,
    "reconstruct.follower": 2,
    "reconstruct.endpoint": 2,
    "reconstruct.sender_feed": 2,
    "reconstruct.kinds": 2,
    "reconstruct.offsets": 2,
    "reconstruct.sender_order": 2,
    "reconstruct.sender_windows": 2,
    "reconstruct.retransmission": 2,
    "reconstruct.lost_copies": 2,
    "reconstruct.spurious": 2,
    "reconstruct.journal": 2,
    "reconstruct.opening": 2,
    "reconstruct.round_trip": 2,
    "reconstruct.acceptance": 2,
    "reconstruct.lifecycle": 3,
    "reconstruct.counting": 3,
    "reconstruct.windows": 3,
    "reconstruct.conduct": 3,
    "reconstruct.connection": 3,
    "reconstruct.congestion.restart": 1,
    "reconstruct.telling": 2,
    "reconstruct.accounts": 3,
    "reconstruct.records": 3,
    "reconstruct.fit": 3,
    "reconstruct.notable": 3,
    "reconstruct.pairs": 3,
    "reconstruct.flows": 3,
    "reconstruct.cookie_signs": 3,
    "reconstruct.listener": 3,
    "reconstruct.listeners": 3,
    "reconstruct.arrange": 3,
    "reconstruct.tally": 3,
    "analyzer": 6,
    "analyzer.errors": 4,
    "analyzer.linktypes": 4,
    "analyzer.addresses": 4,
    "analyzer.source": 4,
    "analyzer.capture": 4,
    "analyzer.ingest": 5,
    "analyzer.cookies": 5,
    "analyzer.listeners": 5,
    "analyzer.findings": 5,
    "analyzer.pairs": 5,
    "analyzer.settings": 5,
    "analyzer.configuration": 5,
    "analyzer.facts": 5,
    "analyzer.run": 5,
    "analyzer.told": 5,
    "analyzer.detectors": 5,
    "analyzer.analysis": 6,
    "analyzer.rows": 6,
    "analyzer.columns": 6,
    "analyzer.listener_rows": 6,
    "analyzer.schema": 6,
    "analyzer.frames": 6,
    "analyzer.export": 6,
    "analyzer.expected": 6,
    "analyzer.cases": 6,
    "analyzer.found": 6,
    "analyzer.statements": 6,
    "analyzer.expectations": 6,
    "analyzer.pytest_plugin": 6,
    "analyzer.fail_on": 6,
    "analyzer.one_frame": 6,
    "analyzer.crosscheck": 6,
    "analyzer.congestion": 6,
    "analyzer.whatif": 6,
    "analyzer.explanation": 6,
    "analyzer.plain_words": 6,
    "analyzer.charts": 6,
    "analyzer.offline_figure": 6,
    "analyzer.notebook": 6,
    "analyzer.report": 6,
    "analyzer.terminal": 6,
    "analyzer.commands": 6,
    "analyzer.cli": 6,
}
# Libraries that take longer to import than a small capture takes to analyze; click alone is paid by every command.
HEAVY = {"dpkt", "jinja2", "lz4", "numpy", "pandas", "plotly", "pyarrow", "pyshark", "rich", "zstandard"}
# What `reconstruct` must not know: files, clocks, the environment, randomness, screens.
OUTSIDE_TCP = {"datetime", "io", "logging", "os", "pathlib", "random", "socket", "sys", "time"}
MODULES = python_files(*PACKAGES)
LOADED_BY = f"""
import sys
from analyzer.cli import main
try:
    main(sys.argv[1:])
except SystemExit as end:
    print("exit:", end.code or 0)
print("loaded:", sorted({HEAVY!r} & sys.modules.keys()))
"""


def names(module: str) -> list[str]:
    """Return a dotted name and the names of all packages around it, longest first."""
    parts = module.split(".")
    return [".".join(parts[:count]) for count in range(len(parts), 0, -1)]


def floor_of(module: str) -> int:
    """Return the floor that a module stands on."""
    return next(FLOORS[name] for name in names(module) if name in FLOORS)


def imported(node: ast.AST) -> list[str]:
    """Return the full names of what an import statement may load, and nothing for other statements."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [f"{node.module}.{alias.name}" for alias in node.names]
    return []


def is_for_types_only(node: ast.stmt) -> bool:
    """Return whether a statement is `if TYPE_CHECKING:`."""
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def run_at_import(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the statements that importing a module runs: functions and what is there for types only are left out."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(child, ast.stmt) and is_for_types_only(child):
            continue
        yield child
        yield from run_at_import(child)


@pytest.mark.parametrize("path", MODULES, ids=module_name)
def test_imports_point_down_or_sideways(path: Path) -> None:
    here = floor_of(module_name(path))
    upward = [
        f"{where(path, node)}: {name} stands on floor {floor_of(name)}, above {here}"
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in imported(node)
        if name.split(".")[0] in PACKAGES and floor_of(name) > here
    ]
    assert upward == []


@pytest.mark.parametrize("path", python_files("reconstruct"), ids=module_name)
def test_reconstruct_knows_tcp_alone(path: Path) -> None:
    known = {"reconstruct", *sys.stdlib_module_names} - OUTSIDE_TCP
    strangers = {name.split(".")[0] for node in ast.walk(tree_of(path)) for name in imported(node)} - known
    assert strangers == set()


@pytest.mark.parametrize("path", python_files("analyzer/capture"), ids=module_name)
def test_readers_of_captures_use_the_ground_floor_of_reconstruct_alone(path: Path) -> None:
    too_high = [
        name
        for node in ast.walk(tree_of(path))
        for name in imported(node)
        if name.startswith("reconstruct") and floor_of(name) > 0
    ]
    assert too_high == []


def test_detectors_do_not_see_captures() -> None:
    seen = [
        f"{where(path, node)}: {name}"
        for path in MODULES
        if module_name(path).startswith("analyzer.detectors")
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in imported(node)
        if name.startswith("analyzer.capture")
    ]
    assert seen == []


@pytest.mark.parametrize("path", MODULES, ids=module_name)
def test_heavy_libraries_are_imported_inside_functions(path: Path) -> None:
    early = [name for node in run_at_import(tree_of(path)) for name in imported(node) if name.split(".")[0] in HEAVY]
    assert early == []


def test_every_module_of_reconstruct_has_a_floor_of_its_own() -> None:
    modules = {module_name(path) for path in python_files("reconstruct")}
    listed = {name for module in modules for name in names(module) if name in FLOORS and name != "reconstruct"}
    assert {module for module in modules if not listed.intersection(names(module))} <= {"reconstruct"}


def test_every_floor_in_the_table_has_a_module() -> None:
    modules = {name for path in MODULES for name in names(module_name(path))}
    assert set(FLOORS) - modules == set()


@pytest.mark.parametrize("arguments", [["--help"], ["--version"]])
def test_asking_for_help_imports_no_heavy_library(arguments: list[str]) -> None:
    command = [sys.executable, "-c", LOADED_BY, *arguments]
    run = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert run.stdout.splitlines()[-2:] == ["exit: 0", "loaded: []"], run.stderr

"""The project's own sources, for tests that read them."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGES = ("reconstruct", "analyzer")
OUR_FOLDERS = (*PACKAGES, "tests", "benchmarks", "docs", ".ci", "fixtures")

Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def python_files(*folders: str) -> tuple[Path, ...]:
    """Return the Python files below these folders of the project, sorted."""
    return tuple(sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py")))


@cache
def tree_of(path: Path) -> ast.Module:
    """Return the syntax tree of one file."""
    return ast.parse(path.read_text("utf-8"), str(path))


def module_name(path: Path) -> str:
    """Return the dotted name of a module of the packages; a package is named without `__init__`."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def functions_of(tree: ast.AST) -> Iterator[Function]:
    """Yield every function and method, also the nested ones."""
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def lines_of(function: Function) -> int:
    """Return how many lines a function takes, its decorators not counted."""
    return (function.end_lineno or function.lineno) - function.lineno + 1


def where(path: Path, node: ast.stmt | ast.expr) -> str:
    """Return `file:line` for messages."""
    return f"{path.relative_to(ROOT)}:{node.lineno}"

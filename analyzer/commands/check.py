"""`tcpscope check`: captures held against what their cases state."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from analyzer.errors import EXIT_DONE, EXIT_SAID_NO, EXIT_USAGE, UsageError

if TYPE_CHECKING:
    from analyzer.analysis import Analysis
    from analyzer.settings import Settings


@click.command("check", short_help="Hold captures against the cases beside them.")
@click.argument("cases", nargs=-1, required=True, metavar="CASE.toml...", type=click.Path(path_type=Path))
@click.option("-v", "--verbose", is_flag=True, help="Name the cases that hold, too.")
def command(cases: tuple[Path, ...], verbose: bool) -> int:
    """Hold captures against expectations: a case is a TOML file beside its capture; of a folder, every case in it.

    Exits with 1 where a capture differs from its case, with 2 where a case cannot be used.
    """
    from analyzer.expectations import check_case

    listed = list(dict.fromkeys(found for named in cases for found in _cases(named)))
    failed = broken = 0
    for path in listed:
        result = check_case(path, _analyze)
        failed += bool(result.differences)
        broken += result.error is not None
        if verbose or not result.passed:
            click.echo(_harmless(result.report()))
    click.echo(_summary(len(listed), failed, broken))
    return EXIT_USAGE if broken else EXIT_SAID_NO if failed else EXIT_DONE


def _cases(named: Path) -> Iterator[Path]:
    """Yield a case, or all those in a folder; raises `UsageError` where there is none."""
    from analyzer.cases import is_case

    if not named.is_dir():
        if not named.exists():
            raise UsageError(f"{named}: no such case or folder")
        yield named
        return
    found = [path for path in sorted(named.rglob("*.toml")) if is_case(path)]
    if not found:
        raise UsageError(f"{named}: no case in this folder")
    yield from found


def _analyze(*captures: Any, settings: Settings) -> Analysis:
    """Analyze, and let Ctrl-C end the check instead of the capture."""
    from analyzer.analysis import analyze

    analysis = analyze(*captures, settings=settings)
    if analysis.interrupted:
        raise KeyboardInterrupt
    return analysis


def _harmless(report: str) -> str:
    """Return a report in which nothing can steer a terminal."""
    from analyzer.capture.reader import printable

    return "\n".join(printable(line) for line in report.split("\n"))


def _summary(count: int, failed: int, broken: int) -> str:
    """Return one line about all cases."""
    cases = f"{count:,} {'case' if count == 1 else 'cases'}"
    parts = [f"{count - failed - broken:,} hold"] if failed or broken else ["all hold" if count > 1 else "it holds"]
    parts += [f"{failed:,} {'differs' if failed == 1 else 'differ'}"] if failed else []
    parts += [f"{broken:,} cannot be checked"] if broken else []
    return f"{cases}: {', '.join(parts)}"

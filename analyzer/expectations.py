"""Holds what an analysis found against what a case expects: `tcpscope check` and the pytest plugin."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from analyzer.cases import Case, read_case
from analyzer.configuration import configured
from analyzer.errors import CaptureError, TcpscopeError
from analyzer.expected import CaseError, shown
from analyzer.found import Found
from analyzer.settings import Settings
from analyzer.statements import Statement

Analyze = Callable[..., Any]


@dataclass(frozen=True)
class CaseResult:
    """What came of one case: `differences` for a person, `error` where it could not be held against anything.

    `statements` counts what the case states: facts, and columns of entries.
    """

    case: Path
    differences: list[str] = field(default_factory=list)
    error: str | None = None
    statements: int = 0

    @property
    def passed(self) -> bool:
        """Whether everything that the case states was found."""
        return self.error is None and not self.differences

    def report(self) -> str:
        """Return what a person reads: the case, then a line for each difference."""
        if self.error is not None:
            return f"{self.case}: {self.error}"
        if not self.differences:
            return f"{self.case}: all {self.statements} statements hold"
        count = len(self.differences)
        head = f"{self.case}: {count} difference{'s' if count > 1 else ''} in {self.statements} statements"
        return "\n".join([head, *(f"  {difference}" for difference in self.differences)])


def check_case(path: Path, analyze: Analyze | None = None) -> CaseResult:
    """Analyze the capture of a case and return how that differs from what the case states.

    What is wrong with the case, or with a capture that it expects to be readable, is the result's `error`.
    `analyze` takes the captures and returns an `Analysis`; without it `analyzer.analyze` does.
    """
    try:
        case = read_case(path)
        statements = [Statement(entry) for entry in case.entries]
    except CaseError as error:
        return CaseResult(path, error=str(error))
    try:
        analysis = (analyze or _analyze())(*case.captures, settings=settings_of(case))
    except CaptureError as error:
        return _refused(case, str(error))
    except TcpscopeError as error:
        return CaseResult(path, error=str(error))
    if case.unreadable is not None:
        return CaseResult(path, [f"capture: expected to be refused with {shown(case.unreadable)}, but it was read"])
    found = Found(analysis)
    differences = _facts(case, found)
    for statement in statements:
        differences += statement.differences(found)
    stated = len(case.facts) + sum(len(statement.wanted) for statement in statements)
    return CaseResult(path, differences, statements=stated)


def _analyze() -> Analyze:
    """Return the analysis that users call."""
    from analyzer.analysis import analyze

    return analyze


def settings_of(case: Case) -> Settings:
    """Return the thresholds of the working folder and the environment, and over them those of the case."""
    return replace(configured().settings, **case.settings)


def _refused(case: Case, message: str) -> CaseResult:
    """Return what comes of a capture that cannot be read."""
    if case.unreadable is None:
        return CaseResult(case.path, error=message)
    if case.unreadable in message:
        return CaseResult(case.path, statements=1)
    wanted = shown(case.unreadable)
    return CaseResult(case.path, [f"capture: expected to be refused with {wanted}, found {shown(message)}"])


def _facts(case: Case, found: Found) -> list[str]:
    """Return how the capture as a whole differs."""
    return [
        f"capture: {name}: expected {wanted.text}, found {shown(found.fact(name))}"
        for name, wanted in case.facts.items()
        if not wanted.accepts(found.fact(name))
    ]

"""The pytest plugin: every case (a TOML file beside its capture) is a test; docs/expectations.md.

pytest finds it by the entry point of the installed project; `pytest fixtures/` is all that a user types.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest


class CaseFailed(Exception):
    """A case whose capture differs from what it states, or that could not be held against anything."""


class CaseItem(pytest.Item):
    """One case as a test."""

    def runtest(self) -> None:
        """Check the case; raises `CaseFailed` with its differences."""
        from analyzer.expectations import check_case

        result = check_case(self.path)
        if not result.passed:
            raise CaseFailed(result.report())

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: object = None) -> str:
        """Return the differences, without the way through our own code, where that is what failed."""
        if isinstance(excinfo.value, CaseFailed):
            return str(excinfo.value)
        return str(super().repr_failure(excinfo))

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Return where the test stands, and its name in reports."""
        return self.path, None, f"case {self.path.parent.name}/{self.name}"


class CaseFile(pytest.File):
    """The TOML file of one case."""

    def collect(self) -> Iterator[CaseItem]:
        """Yield the one test of the file."""
        yield CaseItem.from_parent(self, name=self.path.stem)


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> CaseFile | None:
    """Take TOML files that are cases, and any that the command line names: those must be."""
    if file_path.suffix != ".toml":
        return None
    from analyzer.cases import is_case

    named = {parent.config.invocation_params.dir / argument.split("::")[0] for argument in parent.config.args}
    if file_path in named or is_case(file_path):
        return CaseFile.from_parent(parent, path=file_path)
    return None

"""Which tcpscope is under test, and what a skipped test means.

`python -m pytest` tests this tree, uncompiled; plain `pytest` tests the installed package, compiled. Subprocesses of
the tests run the same code as the tests themselves. With TCPSCOPE_REQUIRE_ALL=1 a skipped test is a failure.
"""

import os
from collections.abc import Generator, Iterator
from pathlib import Path

import hypothesis
import pytest

import analyzer
import reconstruct.seq
from tests.sources import PACKAGES, ROOT

UNDER_TEST = Path(analyzer.__file__).parent.parent
COMPILED = not (reconstruct.seq.__file__ or "").endswith(".py")
hypothesis.settings.register_profile("untimed", deadline=None)  # a busy machine is no failure
hypothesis.settings.load_profile("untimed")
REQUIRE_ALL = os.environ.get("TCPSCOPE_REQUIRE_ALL", "") not in ("", "0")


def pytest_report_header() -> str:
    """Say which tcpscope is tested."""
    return f"tcpscope: {'compiled' if COMPILED else 'uncompiled'}, from {UNDER_TEST}"


def outdated_sources(installed: Path = UNDER_TEST) -> list[str]:
    """Return the sources of this tree that differ from those installed, by default the ones under test."""
    ours = [path for package in PACKAGES for path in (ROOT / package).rglob("*.p*")]
    sources = [path.relative_to(ROOT) for path in ours if path.suffix in (".py", ".pxd")]
    return [
        str(path)
        for path in sources
        if not (installed / path).exists() or (installed / path).read_bytes() != (ROOT / path).read_bytes()
    ]


def pytest_sessionstart() -> None:
    """Refuse to test an installed package that is not this tree's."""
    if UNDER_TEST != ROOT and (outdated := outdated_sources()):
        pytest.exit(f"the installed tcpscope is not this tree's: run .ci/setup test ({', '.join(outdated[:5])})", 3)


@pytest.fixture(autouse=True, scope="session")
def subprocesses_run_the_same_code() -> Iterator[None]:
    """Make every Python that a test starts import the package under test."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONSAFEPATH", "1")
        patch.setenv("PYTHONPATH", str(UNDER_TEST))
        patch.setenv("COLUMNS", "120")  # the width of a file; workers of a parallel run have another
        yield


def must_run(report: pytest.TestReport | pytest.CollectReport) -> None:
    """Turn a skip into a failure when every test is required; expected failures stay what they are."""
    if REQUIRE_ALL and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        report.outcome = "failed"
        report.longrepr = f"TCPSCOPE_REQUIRE_ALL is set, and this was skipped: {reason}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Apply `must_run` to tests."""
    report = yield
    must_run(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Apply `must_run` to modules that skip as a whole."""
    report = yield
    must_run(report)
    return report

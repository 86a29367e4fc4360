"""A skipped test is a failure where every test is required, and says what is missing."""

import pytest

from tests import conftest


def skipped_report() -> pytest.TestReport:
    """Return the report of a test that skipped because tshark is missing."""
    where = ("test_x.py", 3, "Skipped: tshark is missing")
    return pytest.TestReport("test_x.py::test_x", ("test_x.py", 3, "test_x"), {}, "skipped", where, "setup")


def test_a_skipped_test_fails_when_every_test_is_required(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conftest, "REQUIRE_ALL", True)
    report = skipped_report()
    conftest.must_run(report)
    assert report.failed
    assert "tshark is missing" in str(report.longrepr)


def test_a_skipped_test_stays_skipped_when_nothing_is_required(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conftest, "REQUIRE_ALL", False)
    report = skipped_report()
    conftest.must_run(report)
    assert report.skipped


def test_an_expected_failure_stays_expected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conftest, "REQUIRE_ALL", True)
    report = skipped_report()
    report.wasxfail = "known"
    conftest.must_run(report)
    assert report.skipped

"""`--fail-on`: which findings make a run say no."""

import difflib
from collections.abc import Sequence

from analyzer.detectors import DETECTORS
from analyzer.errors import UsageError
from analyzer.findings import Finding, Severity

SEVERITIES = tuple(severity.value for severity in Severity)  # from the least to the worst
FINDINGS = tuple(detector.name for detector in DETECTORS)


def check_conditions(conditions: Sequence[str]) -> None:
    """Raise `UsageError` for a condition that is neither a severity nor the name of a finding that can occur."""
    known = (*SEVERITIES, *FINDINGS)
    for condition in conditions:
        if condition not in known:
            near = difflib.get_close_matches(condition, known)
            hint = f"did you mean {' or '.join(near)}?" if near else f"there are {', '.join(known)}"
            raise UsageError(f"--fail-on: no finding or severity {condition!r}; {hint}")


def said_no(findings: Sequence[Finding], conditions: Sequence[str]) -> bool:
    """Return whether one of the findings meets one of the conditions."""
    return any(_meets(finding, condition) for finding in findings for condition in conditions)


def _meets(finding: Finding, condition: str) -> bool:
    """Return whether a finding has the name, or at least the severity, that a condition asks for."""
    if condition in SEVERITIES:
        return SEVERITIES.index(finding.severity.value) >= SEVERITIES.index(condition)
    return finding.finding == condition

"""A share of cases, a list of errors: what becomes a figure in the table."""

from dataclasses import dataclass, field
from statistics import median


@dataclass
class Share:
    """How many of all cases are right."""

    right: int = 0
    total: int = 0

    def add(self, right: bool) -> None:
        """Take one case."""
        self.right += right
        self.total += 1

    def __str__(self) -> str:
        """Return the percentage; a dash where there is no case."""
        return f"{100 * self.right / self.total:.1f} %" if self.total else "-"


@dataclass
class Errors:
    """Errors of single estimates, each relative to the truth."""

    values: list[float] = field(default_factory=list)

    def add(self, estimate: float, truth: float) -> None:
        """Take one estimate."""
        self.values.append(abs(estimate - truth) / truth)

    def __str__(self) -> str:
        """Return the median error in percent; a dash where there is no estimate."""
        return f"{100 * median(self.values):.1f} %" if self.values else "-"


@dataclass
class Labels:
    """Labels that were given beside those that were due: how many of the due ones were given, and of the given due."""

    recall: Share = field(default_factory=Share)
    precision: Share = field(default_factory=Share)

    def add(self, given: set[int], due: set[int]) -> None:
        """Take the frames that got a label and those that should."""
        both = len(given & due)
        self.recall.right += both
        self.recall.total += len(due)
        self.precision.right += both
        self.precision.total += len(given)

    def __str__(self) -> str:
        """Return recall and precision."""
        return f"{self.recall} / {self.precision}"

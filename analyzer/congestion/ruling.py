"""Which congestion control a sender ran, what rules the others out, and why none is named where none is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reconstruct.congestion.identify import FITTING_SCORE, LEAST_CHANCES, TELLING_CHANCES
from reconstruct.seq import UNKNOWN
from reconstruct.vocabulary import CongestionControl, Contradiction

Row = dict[str, int]
NAMES = {CongestionControl.RENO: "Reno", CongestionControl.CUBIC: "CUBIC", CongestionControl.BBR: "BBR"}


@dataclass(frozen=True)
class Candidate:
    """How one model fared; `contradiction` with `frame`, `allowed` and `seen` is the gravest (None: there is none).

    `score` is in thousandths of a perfect fit; `ended_frame` is where the model was given up (None: it was not);
    `ruled_out` tells whether another one is named.
    """

    control: CongestionControl
    best: bool
    ruled_out: bool
    chances: int
    score: int
    ended_frame: int | None
    contradiction: Contradiction | None
    frame: int | None
    allowed: int | None
    seen: int | None

    @property
    def name(self) -> str:
        """Return the name as it is written."""
        return NAMES[self.control]


def candidates_of(rows: Sequence[Row], named: int) -> list[Candidate]:
    """Return how the models of a sender fared; `named` is the `CongestionControl` that the verdict names."""

    def known(cell: int) -> int | None:
        return None if cell == UNKNOWN else cell

    return [
        Candidate(
            control=CongestionControl(row["control"]),
            best=row["best"] == 1,
            ruled_out=row["control"] != named and (named > 0 or row["ended_frame"] != UNKNOWN),
            chances=row["chances"],
            score=row["score"],
            ended_frame=known(row["ended_frame"]),
            contradiction=None if row["against"] == UNKNOWN else Contradiction(row["against"]),
            frame=known(row["frame"]),
            allowed=known(row["allowed"]),
            seen=known(row["seen"]),
        )
        for row in rows
    ]


def why_unknown(candidates: Sequence[Candidate]) -> str:
    """Return in words why the models do not name an algorithm."""
    chances = max((each.chances for each in candidates), default=0)
    best = next((each for each in candidates if each.best), None)
    if best is None or chances < LEAST_CHANCES:
        return f"what it sent put a window to the test {_times(chances)}: that tells nothing"
    if best.chances < TELLING_CHANCES:
        return f"what it sent put a window to the test {_times(best.chances)}, and it takes {TELLING_CHANCES} to tell"
    if best.score <= FITTING_SCORE:
        return f"no model explains what it sent: {best.name}, the nearest, fits {_fit(best)}"
    alike = [each for each in candidates if not each.best and each.ended_frame is None]
    nearest = max(alike, key=lambda each: each.score, default=None)
    beside = f" and {nearest.name} ({_fit(nearest)})" if nearest is not None else ""
    return f"{best.name} ({_fit(best)}){beside} fit alike"


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count:,} times"


def _fit(candidate: Candidate) -> str:
    return f"{max(candidate.score, 0) / 10:.0f} %"

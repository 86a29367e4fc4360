"""Variants of the usual congestion controls, tried only where none of those explains what a sender did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analyzer import rows
from analyzer.congestion.ruling import Candidate
from reconstruct.congestion.bbr import Bbr
from reconstruct.congestion.hystart_plus import CubicHystartPlus
from reconstruct.congestion.identify import FITTING_SCORE, TELLING_CHANCES, TELLING_MARGIN
from reconstruct.congestion.reno import Reno
from reconstruct.vocabulary import CongestionControl

if TYPE_CHECKING:
    from analyzer.analysis import Analysis

HYSTART_PLUS = "CUBIC with HyStart++ (RFC 9406)"


@dataclass(frozen=True)
class Variant:
    """A variant and how well it fits, in thousandths."""

    name: str
    score: int


def variant_models() -> list[Any]:
    """Return the candidates with variants in the places of those that have some."""
    return [Reno(), CubicHystartPlus(), Bbr()]


def variant_of(analysis: Analysis, number: int, sender: int, candidates: Sequence[Candidate]) -> Variant | None:
    """Return a variant that explains a sender which no usual model does, None where there is none; reads again."""
    best = max((each.score for each in candidates if each.best), default=FITTING_SCORE + 1)
    if best > FITTING_SCORE:
        return None
    for row in rows.raw_rows(analysis.variant_rows(number, variant_models)):
        if row["sender"] == sender and row["control"] == CongestionControl.CUBIC:
            tested = row["chances"] >= TELLING_CHANCES
            if tested and row["score"] > FITTING_SCORE and row["score"] >= best + TELLING_MARGIN:
                return Variant(HYSTART_PLUS, row["score"])
    return None

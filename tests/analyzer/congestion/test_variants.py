"""Variants are tried where the usual models fail, and only there."""

from typing import Any

import pytest

import analyzer
from analyzer import rows as rows_module
from analyzer.congestion.ruling import candidates_of
from analyzer.congestion.variants import HYSTART_PLUS, Variant, variant_models, variant_of
from reconstruct.congestion.hystart_plus import CubicHystartPlus
from reconstruct.recorder import CANDIDATE_COLUMNS, RowStore
from reconstruct.seq import UNKNOWN
from reconstruct.vocabulary import CongestionControl
from tests.analyzer.congestion.test_ruling import fared
from tests.fake_analysis import store_of
from tests.sources import ROOT

CUBIC = CongestionControl.CUBIC


class Analysis:
    """An analysis of which the variants fared so; `asked` tells how often it was read again."""

    def __init__(self, score: int, chances: int = 100) -> None:
        """Take how CUBIC's variant fared."""
        self.asked = 0
        self._row = {"sender": 0, "control": CUBIC, "score": score, "chances": chances}

    def variant_rows(self, flow: int, models: Any) -> RowStore:
        """Return the one row."""
        self.asked += 1
        assert isinstance(models()[1], CubicHystartPlus)
        return store_of(CANDIDATE_COLUMNS, [self._row], UNKNOWN)


@pytest.mark.parametrize(
    ("usual", "score", "chances", "expected"),
    [
        (440, 930, 100, Variant(HYSTART_PLUS, 930)),
        (440, 470, 100, None),  # it explains less than half
        (480, 510, 100, None),  # it is hardly better
        (440, 930, 10, None),  # too few chances to tell
    ],
)
def test_a_variant_is_told_where_it_explains_what_the_usual_do_not(
    usual: int, score: int, chances: int, expected: Variant | None
) -> None:
    analysis: Any = Analysis(score, chances)
    assert variant_of(analysis, 0, 0, candidates_of([fared(CUBIC, usual, best=1)], 0)) == expected
    assert analysis.asked == 1


def test_nothing_is_read_again_where_a_usual_model_fits_or_none_had_a_chance() -> None:
    analysis: Any = Analysis(930)
    assert variant_of(analysis, 0, 0, candidates_of([fared(CUBIC, 900, best=1)], 0)) is None
    assert variant_of(analysis, 0, 0, []) is None
    assert analysis.asked == 0


def test_a_variant_stands_in_the_place_of_its_base() -> None:
    assert [model.kind for model in variant_models()] == [1, 2, 3]


def test_the_variant_is_replayed_over_the_whole_capture() -> None:
    analysis = analyzer.analyze(ROOT / "fixtures" / "truth" / "ecn-marks-1" / "sender.pcap.xz")
    rows = list(rows_module.raw_rows(analysis.variant_rows(0, variant_models)))
    usual = list(rows_module.raw_rows(analysis.candidate_rows(0)))
    assert [row["control"] for row in rows] == [row["control"] for row in usual] == [1, 2, 3]
    assert rows[0] == usual[0]  # Reno has no variant

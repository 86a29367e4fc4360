"""The words about findings: there for every detector, for nothing else, and with thresholds that exist."""

from importlib import resources

import pytest

from analyzer.detectors import DETECTORS
from analyzer.settings import Settings, told
from analyzer.told import PARTS, meaning_of

NAMES = [detector.name for detector in DETECTORS]
THRESHOLDS = [each.name for each in told(Settings())]


@pytest.mark.parametrize("name", NAMES)
def test_every_part_of_every_finding_is_told(name: str) -> None:
    meaning = meaning_of(name)
    assert all(getattr(meaning, part).endswith((".", "?")) for part in PARTS)


@pytest.mark.parametrize("name", NAMES)
def test_every_threshold_that_a_finding_names_is_one(name: str) -> None:
    assert {each.name for each in meaning_of(name).thresholds(Settings())} == set(meaning_of(name).settings)


def test_every_threshold_belongs_to_a_finding() -> None:
    assert {threshold for name in NAMES for threshold in meaning_of(name).settings} == set(THRESHOLDS)


def test_nothing_is_told_of_a_finding_that_nobody_makes() -> None:
    files = (resources.files("analyzer.detectors") / "told").iterdir()
    assert sorted(file.name for file in files) == sorted(f"{name}.toml" for name in NAMES)


def test_an_unknown_name_is_an_error() -> None:
    with pytest.raises(KeyError):
        meaning_of("no-such-finding")

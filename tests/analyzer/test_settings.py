"""The thresholds: each tells its unit and why it is what it is, and none can be changed in use."""

from dataclasses import FrozenInstanceError

import pytest

from analyzer.settings import Settings, told


def test_every_threshold_tells_its_unit_and_its_reason() -> None:
    for each in told(Settings()):
        assert each.unit, each.name
        assert len(each.reason) > 20, each.name


def test_what_is_told_is_what_is_set() -> None:
    assert {each.name: each.value for each in told(Settings(loss_warning_share=0.5))}["loss_warning_share"] == 0.5


def test_settings_do_not_change_in_use() -> None:
    with pytest.raises(FrozenInstanceError):
        Settings().loss_warning_share = 1.0  # type: ignore[misc] # that is what is tested

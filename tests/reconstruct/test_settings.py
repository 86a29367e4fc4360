"""The assumptions of the replay: immutable, with defaults that agree with each other and with their sources."""

import dataclasses

import pytest

from reconstruct.settings import ReplaySettings

NS_PER_S = 1_000_000_000


def test_settings_cannot_be_changed_after_they_are_made() -> None:
    settings = ReplaySettings()
    with pytest.raises(dataclasses.FrozenInstanceError):
        settings.reordering_ns = 1  # type: ignore[misc]  # that it is refused is the test


@pytest.mark.parametrize("field", dataclasses.fields(ReplaySettings), ids=lambda field: field.name)
def test_every_setting_is_a_positive_number_with_its_unit_in_its_name(field: "dataclasses.Field[int]") -> None:
    assert isinstance(field.default, int)
    assert field.default > 0
    assert field.name.endswith("_ns") or field.name.startswith("max_")


def test_the_defaults_agree_with_their_sources() -> None:
    settings = ReplaySettings()
    assert settings.forget_ns == 2 * 120 * NS_PER_S  # RFC 9293 3.4.1: MSL is two minutes
    assert settings.forget_ns > 127 * NS_PER_S  # Linux gives up on a SYN after 1 + 2 + 4 + ... + 64 s
    assert settings.linger_ns > 3 * NS_PER_S  # RFC 6298 2.1, 5.5: a FIN comes again after 1 s, then after 2 s more
    assert settings.linger_ns < settings.forget_ns < settings.idle_ns


def test_one_setting_is_changed_by_its_name_alone() -> None:
    changed = ReplaySettings(reordering_ns=7)
    assert changed == dataclasses.replace(ReplaySettings(), reordering_ns=7)
    assert changed.idle_ns == ReplaySettings().idle_ns

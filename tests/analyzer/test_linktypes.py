"""Link types have names that a person knows, and numbers where they have none."""

import pytest

from analyzer.capture import decode
from analyzer.capture.links import LINKS
from analyzer.linktypes import link_type_name

FAST = {number for name, number in vars(decode).items() if name.startswith("LINK_") and number >= 0}


@pytest.mark.parametrize(
    ("number", "name"), [(0, "BSD loopback"), (1, "Ethernet"), (101, "raw IP"), (276, "Linux cooked v2")]
)
def test_a_known_link_type_has_its_name(number: int, name: str) -> None:
    assert link_type_name(number) == name


@pytest.mark.parametrize("number", [147, 65535, -1])
def test_an_unknown_link_type_is_named_by_its_number(number: int) -> None:
    assert link_type_name(number) == f"link type {number}"


def test_every_link_type_that_is_decoded_has_a_name() -> None:
    assert {1, 101, 113} < FAST  # the names of constants of the decoder
    assert [number for number in FAST | LINKS.keys() if link_type_name(number) == f"link type {number}"] == []

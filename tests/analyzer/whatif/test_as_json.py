"""The estimate as plain values."""

import json

from analyzer.whatif.as_json import members
from tests.analyzer.whatif.test_words import told


def test_an_estimate_is_plain_values_all_the_way_down() -> None:
    made = dict(members(told()))
    assert json.loads(json.dumps(made)) == made
    assert (made["real_s"], made["estimate_s"], made["change"]) == (1.0, 0.5, -0.5)
    assert made["asked"] == {"congestion_control": "bbr", "initial_window": None, "rwnd": None}
    assert made["was"] == {"congestion_control": "reno", "initial_window": 10}


def test_a_simulation_without_an_end_is_null() -> None:
    made = dict(members(told(other_ms=None)))
    assert made["estimate_s"] is None
    assert made["change"] is None

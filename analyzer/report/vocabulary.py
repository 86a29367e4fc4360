"""The closed lists that pages need to put numbers into words."""

from __future__ import annotations

from functools import cache
from typing import Any

from analyzer.rows import FLAG_LETTERS
from reconstruct.rules import Rule
from reconstruct.states import BEYOND_FIGURE_5, TRANSITIONS, Event, State
from reconstruct.vocabulary import EventKind, Limit, Phase, Reopening, SegmentKind, Sender


@cache
def vocabulary() -> dict[str, Any]:
    """Return the names by their numbers, the rules in words, and the moves of the state machine; not to be changed."""
    named = {"senders": Sender, "kinds": SegmentKind, "phases": Phase, "limits": Limit, "events": EventKind,
             "reopenings": Reopening}  # fmt: skip
    return {
        **{key: [name.text for name in names] for key, names in named.items()},
        "flags": FLAG_LETTERS,
        "states": [state.text for state in State],
        "moves_on": [event.text for event in Event],
        "rules": [[rule.template, rule.source] for rule in Rule],
        "moves": [
            [int(state), int(event), int(target)]
            for state, moves in TRANSITIONS.items()
            for event, target in moves.items()
            if (state, event) not in BEYOND_FIGURE_5
        ],
    }

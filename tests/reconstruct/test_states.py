"""The transition table against a second statement of RFC 9293: figure 5 as arrows, and what resets do in 3.10.7."""

from itertools import product

import pytest

from reconstruct.states import (
    ABORT,
    BEYOND_FIGURE_5,
    EVENTS,
    NEXT_STATE,
    NO_MOVE,
    NOT_ABORTED,
    TRANSITIONS,
    Event,
    State,
    moves,
    next_state,
)

# RFC 9293 3.3.2, figure 5, arrow by arrow. OPEN without a segment (CLOSED to LISTEN) and CLOSE without one (LISTEN and
# SYN-SENT to CLOSED) leave nothing on the wire; the reset that leads back to LISTEN (note 1) ends the connection.
# FIN-WAIT-1 to TIME-WAIT by a FIN with the ACK of the own FIN (note 2) is two arrows, one after the other.
FIGURE_5 = """
CLOSED       | snd SYN        | SYN-SENT
LISTEN       | rcv SYN        | SYN-RECEIVED
LISTEN       | snd SYN        | SYN-SENT
SYN-SENT     | rcv SYN        | SYN-RECEIVED
SYN-SENT     | rcv SYN,ACK    | ESTABLISHED
SYN-RECEIVED | rcv ACK of SYN | ESTABLISHED
SYN-RECEIVED | snd FIN        | FIN-WAIT-1
ESTABLISHED  | snd FIN        | FIN-WAIT-1
ESTABLISHED  | rcv FIN        | CLOSE-WAIT
FIN-WAIT-1   | rcv ACK of FIN | FIN-WAIT-2
FIN-WAIT-1   | rcv FIN        | CLOSING
FIN-WAIT-2   | rcv FIN        | TIME-WAIT
CLOSE-WAIT   | snd FIN        | LAST-ACK
CLOSING      | rcv ACK of FIN | TIME-WAIT
LAST-ACK     | rcv ACK of FIN | CLOSED
TIME-WAIT    | timeout 2MSL   | CLOSED
"""
# RFC 9293 3.10.7.4, eighth: "SYN-RECEIVED STATE, ESTABLISHED STATE: Enter the CLOSE-WAIT state."
EIGHTH_STEP = ("SYN-RECEIVED", "rcv FIN", "CLOSE-WAIT")
# RFC 9293 3.10.7.3, second, and 3.10.7.4, second: in these states a reset that is taken leads to CLOSED.
RESETTABLE = (
    "SYN-SENT", "SYN-RECEIVED", "ESTABLISHED", "FIN-WAIT-1", "FIN-WAIT-2", "CLOSE-WAIT", "CLOSING", "LAST-ACK",
    "TIME-WAIT",
)  # fmt: skip

ARROWS = {tuple(cell.strip() for cell in line.split("|")) for line in FIGURE_5.strip().splitlines()}
RESETS = set(product(RESETTABLE, ("snd RST", "rcv RST"), ("CLOSED",)))
LEGAL = {(before, event): after for before, event, after in {*ARROWS, EIGHTH_STEP, *RESETS}}


@pytest.mark.parametrize(("state", "event"), list(product(State, Event)), ids=lambda word: word.text)
def test_each_event_does_in_each_state_what_the_rfc_says(state: State, event: Event) -> None:
    after = next_state(state, event)
    assert (None if after == NO_MOVE else State(after).text) == LEGAL.get((state.text, event.text))


def test_there_are_eleven_states_and_ten_events() -> None:
    assert [len(State), len(Event), EVENTS] == [11, 10, 10]
    assert set(TRANSITIONS) == set(State)


def test_the_figure_lacks_one_arrow_only() -> None:
    table = {
        (before.text, event.text, after.text) for before, row in TRANSITIONS.items() for event, after in row.items()
    }
    assert table - ARROWS == {EIGHTH_STEP}
    assert table >= ARROWS
    assert [(state.text, event.text) for state, event in BEYOND_FIGURE_5] == [EIGHTH_STEP[:2]]


@pytest.mark.parametrize("event", [Event.SND_RST, Event.RCV_RST], ids=lambda event: event.text)
@pytest.mark.parametrize("state", list(State), ids=lambda state: state.text)
def test_a_reset_ends_every_state_that_has_something_to_end(state: State, event: Event) -> None:
    assert next_state(state, event) == (State.CLOSED if state.text in RESETTABLE else NO_MOVE)


def test_only_closed_and_listen_take_no_reset() -> None:
    assert {state.text for state in NOT_ABORTED} == {state.text for state in State} - set(RESETTABLE)
    assert set(ABORT.values()) == {State.CLOSED}


def test_the_flat_table_is_the_same_as_the_rows() -> None:
    flat = {(s, e): NEXT_STATE[s * len(Event) + e] for s, e in product(State, Event)}
    assert len(NEXT_STATE) == len(flat)
    assert {key: State(after) for key, after in flat.items() if after != NO_MOVE} == {
        (state, event): after for state in State for event, after in moves(state).items()
    }


def test_every_state_but_listen_can_be_reached() -> None:
    reached = {after for state in State for after in moves(state).values()}
    assert set(State) - reached == {State.LISTEN}  # a passive OPEN leaves no trace


def test_every_state_leads_to_closed() -> None:
    closing = {State.CLOSED}
    while more := {state for state in set(State) - closing if set(TRANSITIONS[state].values()) & closing}:
        closing |= more
    assert closing == set(State)  # without the help of resets


def test_no_event_keeps_a_state_as_a_move() -> None:
    assert [(state, event) for state in State for event, after in moves(state).items() if after == state] == []


@pytest.mark.parametrize("state", list(State), ids=lambda state: state.text)
def test_states_are_spelled_as_the_rfc_prints_them(state: State) -> None:
    assert "_" not in state.text
    assert State[state.text.replace("-", "_")] is state


def test_events_have_names_of_their_own() -> None:
    assert len({event.text for event in Event}) == len(Event)

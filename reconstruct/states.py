# cython: annotation_typing=False, initializedcheck=False, wraparound=False
"""The reference state machine: one transition table (RFC 9293 3.3.2, figure 5, and 3.10.7.4).

Rule: a move is legal if and only if it stands in `TRANSITIONS` or `ABORT`; no other code decides a state. A capture
cannot see OPEN and CLOSE calls; they appear as the SYN or FIN that follows them. One segment may carry several events;
they apply in the order of RFC 9293 3.10.7.4 (RST, SYN, ACK, FIN), so that FIN+ACK in FIN-WAIT-1 needs no row.
"""

from enum import IntEnum


class State(IntEnum):
    """The eleven states of RFC 9293 3.3.2."""

    CLOSED = 0
    LISTEN = 1
    SYN_SENT = 2
    SYN_RECEIVED = 3
    ESTABLISHED = 4
    FIN_WAIT_1 = 5
    FIN_WAIT_2 = 6
    CLOSE_WAIT = 7
    CLOSING = 8
    LAST_ACK = 9
    TIME_WAIT = 10

    @property
    def text(self) -> str:
        """Return the name as RFC 9293 prints it."""
        return self.name.replace("_", "-")


class Event(IntEnum):
    """What a segment, or time, means to the end that it happens to."""

    SND_SYN = 0
    RCV_SYN = 1
    RCV_SYN_ACK = 2
    RCV_ACK_OF_SYN = 3
    SND_FIN = 4
    RCV_FIN = 5
    RCV_ACK_OF_FIN = 6
    SND_RST = 7
    RCV_RST = 8
    TIMEOUT_2MSL = 9

    @property
    def text(self) -> str:
        """Return the event in the words of RFC 9293 figure 5."""
        return _EVENT_TEXTS[self]


S, E = State, Event

_EVENT_TEXTS = {
    E.SND_SYN: "snd SYN",
    E.RCV_SYN: "rcv SYN",
    E.RCV_SYN_ACK: "rcv SYN,ACK",
    E.RCV_ACK_OF_SYN: "rcv ACK of SYN",
    E.SND_FIN: "snd FIN",
    E.RCV_FIN: "rcv FIN",
    E.RCV_ACK_OF_FIN: "rcv ACK of FIN",
    E.SND_RST: "snd RST",
    E.RCV_RST: "rcv RST",
    E.TIMEOUT_2MSL: "timeout 2MSL",
}

TRANSITIONS: dict[State, dict[Event, State]] = {
    S.CLOSED: {E.SND_SYN: S.SYN_SENT},
    S.LISTEN: {E.RCV_SYN: S.SYN_RECEIVED, E.SND_SYN: S.SYN_SENT},
    S.SYN_SENT: {E.RCV_SYN_ACK: S.ESTABLISHED, E.RCV_SYN: S.SYN_RECEIVED},
    S.SYN_RECEIVED: {E.RCV_ACK_OF_SYN: S.ESTABLISHED, E.SND_FIN: S.FIN_WAIT_1, E.RCV_FIN: S.CLOSE_WAIT},
    S.ESTABLISHED: {E.SND_FIN: S.FIN_WAIT_1, E.RCV_FIN: S.CLOSE_WAIT},
    S.FIN_WAIT_1: {E.RCV_ACK_OF_FIN: S.FIN_WAIT_2, E.RCV_FIN: S.CLOSING},
    S.FIN_WAIT_2: {E.RCV_FIN: S.TIME_WAIT},
    S.CLOSE_WAIT: {E.SND_FIN: S.LAST_ACK},
    S.CLOSING: {E.RCV_ACK_OF_FIN: S.TIME_WAIT},
    S.LAST_ACK: {E.RCV_ACK_OF_FIN: S.CLOSED},
    S.TIME_WAIT: {E.TIMEOUT_2MSL: S.CLOSED},
}
# A reset ends a connection from any state (RFC 9293 3.10.7.4, second check); from LISTEN it is ignored (3.10.7.2), and
# CLOSED has nothing to end. A SYN-RECEIVED end that came from LISTEN returns there; its connection is over even so.
ABORT: dict[Event, State] = {E.SND_RST: S.CLOSED, E.RCV_RST: S.CLOSED}
NOT_ABORTED = frozenset({S.CLOSED, S.LISTEN})

# The one arrow that the figure lacks: SYN-RECEIVED receives a FIN (RFC 9293 3.10.7.4, eighth step).
BEYOND_FIGURE_5 = frozenset({(S.SYN_RECEIVED, E.RCV_FIN)})

NO_MOVE = 255  # data, not an exception: the end keeps its state
EVENTS = len(Event)


def moves(state: State) -> dict[Event, State]:
    """Return what can happen in a state: each event that moves it, and where to."""
    aborts = {} if state in NOT_ABORTED else ABORT
    return aborts | TRANSITIONS[state]


NEXT_STATE = bytes(moves(state).get(event, NO_MOVE) for state in State for event in Event)

_EVENTS = len(Event)
_NEXT_STATE = NEXT_STATE


def next_state(state: int, event: int) -> int:
    """Return the state after an event, or `NO_MOVE` where the table has no such move."""
    return _NEXT_STATE[state * _EVENTS + event]

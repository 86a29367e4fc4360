"""Pages know every name of the core, and the moves of figure 5."""

from analyzer.report.vocabulary import vocabulary
from reconstruct.rules import Rule
from reconstruct.states import Event, State
from reconstruct.vocabulary import Reopening, SegmentKind


def test_names_stand_at_their_numbers() -> None:
    told = vocabulary()
    assert told["kinds"][SegmentKind.TAIL_LOSS_PROBE] == "tail-loss-probe"
    assert told["reopenings"][Reopening.PROBE_ANSWER] == "probe-answer"
    assert told["states"][State.FIN_WAIT_1] == "FIN-WAIT-1"
    assert told["rules"][Rule.NEW_DATA] == ["starts at SND.NXT", "RFC 9293 3.4"]


def test_moves_are_those_of_the_figure() -> None:
    moves = vocabulary()["moves"]
    assert [State.CLOSED, Event.SND_SYN, State.SYN_SENT] in moves
    assert [State.SYN_RECEIVED, Event.RCV_FIN, State.CLOSE_WAIT] not in moves  # beyond figure 5

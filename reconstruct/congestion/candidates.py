# cython: annotation_typing=False, initializedcheck=False, wraparound=False
"""The models of one sender, side by side: each is told the same, those that a flow has ruled out are told no more."""

from reconstruct.congestion.base import CongestionModel
from reconstruct.congestion.bbr import Bbr
from reconstruct.congestion.cubic import Cubic
from reconstruct.congestion.reno import Reno
from reconstruct.congestion.sender_state import SenderState


class Candidates:
    """All models, in the order of `models`; each method hands its event to those that are alive."""

    def __init__(self) -> None:
        """Make one model of each kind."""
        self.models: list[CongestionModel] = [Reno(), Cubic(), Bbr()]
        self.count = len(self.models)

    def start(self, window: int) -> None:
        """Begin with an initial window of so many segments."""
        for index in range(self.count):
            self.models[index].start(window)

    def close_opportunity(self, state: SenderState, sent: int) -> None:
        """Tell that an acknowledgment comes after `sent` segments of new data."""
        for index in range(self.count):
            model = self.models[index]
            if model.alive:
                model.close_opportunity(state, sent)

    def sent(self, state: SenderState, excess: int) -> None:
        """Tell that new data was sent, of which `excess` segments may pass the window."""
        for index in range(self.count):
            model = self.models[index]
            if model.alive:
                model.sent(state, excess)

    def after_ack(self, state: SenderState) -> None:
        """Tell that an acknowledgment was taken in whole."""
        for index in range(self.count):
            model = self.models[index]
            if model.alive:
                model.after_ack(state)

    def after_timer(self, state: SenderState) -> None:
        """Tell that a timer began a recovery, not an acknowledgment."""
        for index in range(self.count):
            model = self.models[index]
            if model.alive:
                model.after_timer(state)

    def reduce(self, state: SenderState, undoable: int) -> None:
        """Tell that a reduction begins."""
        for index in range(self.count):
            model = self.models[index]
            if model.alive:
                model.reduce(state, undoable)

    def end_reduction(self, state: SenderState) -> None:
        """Tell that a reduction ends."""
        for index in range(self.count):
            model = self.models[index]
            if model.alive:
                model.end_reduction(state)

    def time_out(self, state: SenderState, first: int) -> None:
        """Tell that the retransmission timer fired."""
        for index in range(self.count):
            model = self.models[index]
            if model.alive:
                model.time_out(state, first)

    def undo(self, state: SenderState) -> None:
        """Tell that the last reduction was unfounded."""
        for index in range(self.count):
            model = self.models[index]
            if model.alive:
                model.undo(state)

    def resume(self, state: SenderState, idle_ns: int) -> None:
        """Tell that the sender sends again after `idle_ns` with nothing outstanding."""
        for index in range(self.count):
            model = self.models[index]
            if model.alive:
                model.restart(state, idle_ns)
                model.resume(state, idle_ns)

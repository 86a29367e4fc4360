# cython: annotation_typing=False, initializedcheck=False, wraparound=False
"""The episodes of a Linux sender's loss recovery: how they begin, go on, end, and are taken back.

Fast recovery (RFC 6675, RFC 9937), timeouts (RFC 6298) with F-RTO (RFC 5682), probes (RFC 8985 7), ECN (RFC 3168), undo
by D-SACK (RFC 3708) and by timestamps (RFC 4015). What a window does then is for the models to say.
"""

from reconstruct.congestion.candidates import Candidates
from reconstruct.congestion.loss_detection import STEPS_KEPT, LossDetection
from reconstruct.congestion.pieces import DEAD, EVER_RESENT, RESENT, SACKED
from reconstruct.congestion.sender_state import CWR, DISORDER, LOSS, OPEN, RECOVERY
from reconstruct.sender_event import SenderEvent
from reconstruct.seq import UNKNOWN

NEW_DATA_FIRST = 2  # `Recovery.frto` once the first ACK after a timeout lets new data be tried (RFC 5682 2.1 step 2b)

_UNKNOWN = UNKNOWN
_OPEN, _DISORDER, _CWR, _RECOVERY, _LOSS = OPEN, DISORDER, CWR, RECOVERY, LOSS
_SACKED, _DEAD, _RESENT, _EVER_RESENT = SACKED, DEAD, RESENT, EVER_RESENT
_NEW_DATA_FIRST, _STEPS_KEPT = NEW_DATA_FIRST, STEPS_KEPT
_MASK32, _HALF32 = 0xFFFFFFFF, 0x80000000


class Recovery(LossDetection):
    """The episodes of one sender.

    `reductions` counts the episodes that reduce the window, `timeouts` the timeouts in a row without an answer.
    `probe_seq` is SND.NXT at a tail loss probe that nothing has answered (`UNKNOWN`: none), `probe_resent` 1 if it
    repeated the last segment. `frto` is not 0 while a timeout may
    prove spurious. `resent_tsval` is the timestamp of the first retransmission of the episode, if `has_resent`.
    """

    def __init__(self) -> None:
        """Make a sender that has sent nothing."""
        LossDetection.__init__(self)
        self.candidates = Candidates()
        self.reset_recovery()

    def reset_recovery(self) -> None:
        """Forget everything."""
        self.reset_delivery()
        self.losses = self.timeouts = self.reductions = 0
        self.probe_seq = _UNKNOWN
        self.probe_resent = self.frto = self.has_resent = 0
        self.resent_tsval = _UNKNOWN

    def time_out(self, piece: int) -> None:
        """Take a retransmission timeout (RFC 6298 5.4 to 5.7; RFC 5682 2.1)."""
        state = self.state
        pieces = self.pieces
        fresh = 1 if state.ca < _RECOVERY else 0
        first = 1 if fresh or state.high_seq <= state.una or (state.ca == _LOSS and self.timeouts == 0) else 0
        if pieces.flags(piece) & _SACKED:
            state.sacked -= pieces.renege()
        if not self.has_sack:
            state.sacked = 0
        for number in range(pieces.head, pieces.tail):
            flags = pieces.flags(number)
            if flags & _SACKED == 0 and (flags & _DEAD == 0 or flags & _RESENT):
                young = state.now_ns - pieces.sent_ns(number) < self.rack_rtt_ns
                if number == pieces.head or not self.has_sack or not young:
                    self.mark_lost(number)
        if state.ca <= _DISORDER and state.sacked >= 3:
            state.reordering = min(state.reordering, 3)
        state.ca = _LOSS
        if first:
            self.reductions += 1
            state.undo_marker = state.una
            self.undo_count = state.retrans if state.retrans > 0 else -1
        self.candidates.time_out(state, first)
        state.high_seq = state.nxt
        self.probe_seq = _UNKNOWN
        self.frto = 1 if fresh or self.timeouts > 0 else 0
        self.timeouts += 1

    def enter_recovery(self, ece: int) -> None:
        """Begin fast recovery (RFC 6675 5, RFC 9937 6)."""
        state = self.state
        state.undo_marker = state.una
        self.undo_count = state.retrans if state.retrans > 0 else -1
        if not state.is_reducing():
            self._begin_reduction(0 if ece else 1)
        state.ca = _RECOVERY

    def _enter_cwr(self) -> None:
        """Begin to reduce because congestion was echoed (RFC 3168 6.1.2); nothing undoes that."""
        state = self.state
        if state.ca < _CWR:
            state.undo_marker = _UNKNOWN
            self._begin_reduction(0)
            state.ca = _CWR

    def _begin_reduction(self, undoable: int) -> None:
        state = self.state
        state.high_seq = state.nxt
        self.probe_seq = _UNKNOWN
        state.prr_delivered = state.prr_out = 0
        self.reductions += 1
        self.candidates.reduce(state, undoable)

    def may_undo(self, event: SenderEvent) -> int:
        """Return 1 if the episode was unfounded: all retransmissions arrived twice, or nothing was lost (RFC 4015)."""
        if self.state.undo_marker == _UNKNOWN:
            return 0
        return 1 if self.undo_count == 0 or self.is_delayed(event) else 0

    def is_delayed(self, event: SenderEvent) -> int:
        """Return 1 if an echo is older than the first retransmission: it answers what was sent before (RFC 3522)."""
        if not self.has_resent or self.resent_tsval == _UNKNOWN or event.tsecr == _UNKNOWN:
            return 0
        return 1 if (event.tsecr - self.resent_tsval) & _MASK32 >= _HALF32 else 0

    def _undo(self) -> None:
        """Take the reduction of this episode back."""
        self.candidates.undo(self.state)
        self.state.undo_marker = _UNKNOWN
        self.rack_moved = 1

    def _undo_by_dsack(self) -> None:
        if self.state.undo_marker != _UNKNOWN and self.undo_count == 0:
            self.steps_kept = min(_STEPS_KEPT, self.steps_kept + 1)
            self._undo()

    def _unmark_losses(self) -> None:
        """Take all loss marks back."""
        pieces = self.pieces
        for piece in range(pieces.head, pieces.tail):
            if pieces.flags(piece) & _DEAD:
                pieces.set_flags(piece, pieces.flags(piece) & ~_DEAD)
        self.state.lost = 0

    def _end_episode(self, event: SenderEvent) -> int:
        """End a reduction whose last byte was acknowledged; return 1 if nothing else is to be done."""
        state = self.state
        if state.ca == _CWR:
            if state.una > state.high_seq:
                self.candidates.end_reduction(state)
                state.ca = _OPEN
            return 0
        undo = self.may_undo(event)
        if undo:
            self._undo()
        elif self.steps_kept > 0:
            self.steps_kept -= 1
        if not self.has_sack:
            state.sacked = 0
            if state.una == state.high_seq:
                return 1  # RFC 6582 (3.2): sames of retransmissions must not begin another recovery
        state.ca = _OPEN
        if undo:
            return 1
        if state.undo_marker != _UNKNOWN:
            self.candidates.end_reduction(state)
        return 0

    def _go_on_recovering(self, event: SenderEvent) -> int:
        """Go on with fast recovery; return 1 if nothing else is to be done."""
        state = self.state
        if state.advanced and state.undo_marker != _UNKNOWN and self.is_delayed(event):
            if state.retrans > 0:
                return 1  # wait for what is still out, so that it is not undone twice
            self._unmark_losses()
            self._undo()
            self._keep_open()
        elif state.undo_marker != _UNKNOWN and self.undo_count == 0:
            self._undo_by_dsack()
            self._try_to_open()
        self.identify_losses()
        return 1 if state.ca == _RECOVERY else 0

    def _go_on_after_timeout(self, event: SenderEvent, same: int) -> int:
        """Go on after a timeout (RFC 5682 2.1); return 1 if nothing else is to be done."""
        state = self.state
        recovered = state.una >= state.high_seq
        answers_original = self.frto and self.original and state.undo_marker != _UNKNOWN
        if answers_original or (state.advanced and self.may_undo(event)):
            self._undo_timeout()
        else:
            if self.frto:
                if state.nxt > state.high_seq:
                    if self.newly_sacked or same:
                        self.frto = 0  # RFC 5682 (2.1) step 3a: the loss was real
                elif state.advanced and not recovered:
                    state.high_seq = state.nxt
                    self.frto = _NEW_DATA_FIRST  # step 2b: new data is tried first
            if recovered:
                self._recovered(event)
        self.identify_losses()
        return 1 if state.ca == _LOSS and not self.lost_resent else 0

    def _recovered(self, event: SenderEvent) -> None:
        state = self.state
        if self.may_undo(event):
            self._undo()
        if not self.has_sack:
            state.sacked = 0
        state.ca = _OPEN

    def _undo_timeout(self) -> None:
        """Take a timeout back."""
        self._unmark_losses()
        self._undo()
        self.timeouts = 0
        self.frto = 0
        if self.has_sack:
            self.state.ca = _OPEN

    def _any_resent(self) -> int:
        """Return 1 if the head was sent again, or anything that was is still out."""
        if self.state.retrans > 0:
            return 1
        pieces = self.pieces
        return 1 if pieces.head < pieces.tail and pieces.flags(pieces.head) & _EVER_RESENT else 0

    def _try_to_open(self) -> None:
        state = self.state
        if not self._any_resent():
            self.has_resent = 0
        if state.ece:
            self._enter_cwr()
        if state.ca != _CWR:
            self._keep_open()

    def _keep_open(self) -> None:
        """Go to Open, or to Disorder while something is SACKed, lost or sent again."""
        state = self.state
        was = state.ca
        state.ca = _OPEN
        if state.sacked + state.lost > 0 or self._any_resent():
            state.ca = _DISORDER
        if was != state.ca:
            state.high_seq = state.nxt

    def take_alert(self, event: SenderEvent, same: int) -> None:
        """Take an acknowledgment that is not plain: end an episode or undo it, mark losses, begin another.

        `same` is 1 if it repeats the one before.
        """
        state = self.state
        if same and not self.has_sack and state.sacked < state.out:
            state.sacked += 1
            state.delivered += 1
        done = 0
        if state.una >= state.high_seq and (state.ca == _CWR or state.ca == _RECOVERY):
            done = self._end_episode(event)
        if not done:
            done = self._go_on(event, same)
        if not done and state.ca != _RECOVERY:
            if state.lost > 0:
                self.enter_recovery(state.ece)
            else:
                self._try_to_open()

    def _go_on(self, event: SenderEvent, same: int) -> int:
        """Mark what is lost and go on with the episode; return 1 if nothing else is to be done."""
        if self.state.ca == _RECOVERY:
            return self._go_on_recovering(event)
        if self.state.ca == _LOSS:
            return self._go_on_after_timeout(event, same)
        if self.state.ca <= _DISORDER:
            self._undo_by_dsack()
        self.identify_losses()
        return 0

    def answer_probe(self, event: SenderEvent, same: int) -> None:
        """Take the answer to a tail loss probe (RFC 8985 7.4)."""
        state = self.state
        if event.ack >= self.probe_seq and (not self.probe_resent or self.dsacked):
            self.probe_seq = _UNKNOWN
        elif event.ack > self.probe_seq:
            self._begin_reduction(1)
            state.ca = _CWR
            self.candidates.end_reduction(state)
            self._keep_open()
        elif same and event.ack == self.probe_seq and not self.newly_sacked:
            self.probe_seq = _UNKNOWN

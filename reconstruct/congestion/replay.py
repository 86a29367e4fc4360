# cython: annotation_typing=False, initializedcheck=False, wraparound=False
"""One sender's congestion control replayed: what its window was at every row, and which algorithm it ran."""

from reconstruct.congestion.base import INITIAL_WINDOW, NO_SSTHRESH, CongestionModel
from reconstruct.congestion.loss_machine import LossMachine
from reconstruct.limits import Limits
from reconstruct.recorder import Recorder, RowStore
from reconstruct.sender_event import SenderEvent
from reconstruct.seq import UNKNOWN
from reconstruct.vocabulary import CongestionControl

TRACK_COLUMNS = (
    "row", "mss", "reno_cwnd", "reno_ssthresh", "reno_phase", "cubic_cwnd", "cubic_ssthresh", "cubic_phase",
    "bbr_cwnd", "bbr_ssthresh", "bbr_phase",
)  # fmt: skip
LEAST_OPPORTUNITIES = 2  # chances to send; fewer tell nothing of a window

_UNKNOWN = UNKNOWN
_INITIAL_WINDOW, _NO_SSTHRESH = INITIAL_WINDOW, NO_SSTHRESH
_NAMELESS, _BBR = int(CongestionControl.UNKNOWN), int(CongestionControl.BBR)
_LEAST_OPPORTUNITIES = LEAST_OPPORTUNITIES
_COLUMNS = TRACK_COLUMNS
_THOUSAND = 1000
_RENO, _CUBIC = 0, 1  # places of the candidates
_OF_MODEL = 3  # cells of the track for each model


class CongestionReplay(LossMachine):
    """The replay of one sender, with its rows.

    `limits` keeps account of what held it back; `verdict` is the `CongestionControl` found at the end, `confidence` how
    sure that is, in millionths.
    """

    def __init__(self, recorder: Recorder) -> None:
        """Make a replay that writes its estimates into the rows of a recorder."""
        self.recorder = recorder
        self.limits = Limits(recorder)
        self.track: RowStore | None = None
        LossMachine.__init__(self)
        self._begin_account()

    def _begin_account(self) -> None:
        self.start_seen = 0
        self.verdict = _NAMELESS
        self.confidence = 0
        self.cwnd_max = _UNKNOWN
        self.finished = 0
        if self.track is not None:
            self.track.clear()

    def begin(self, mss: int, window: int, start_seen: int) -> None:
        """Begin to follow a sender at its first data; `window` is its first congestion window in segments."""
        self.reset_machine()
        self._begin_account()
        self.state.mss = mss
        self.start_seen = start_seen
        self.candidates.start(window)

    def begin_at(self, una: int, wnd: int, round_trip_ns: int) -> None:
        """Take where the sender stands: SND.UNA, SND.WND in bytes, and the round trip of its handshake."""
        self.state.una = self.state.nxt = una
        self.state.wnd = wnd
        if round_trip_ns != _UNKNOWN:
            self.timer.sample(round_trip_ns, una, una)
            self.state.srtt_ns = self.state.min_rtt_ns = round_trip_ns
            self.state.rto_ns = self.timer.rto_ns

    def take(self, event: SenderEvent) -> None:
        """Take the next event of the sender and note what its windows are then."""
        LossMachine.take(self, event)
        self._tell_limits(event)
        if event.row >= 0 and not self.overflowed:
            self._note(event)

    def _tell_limits(self, event: SenderEvent) -> None:
        """Let the account of limits take the event, with the room that the best model leaves after it."""
        limits = self.limits
        best = self._best() if self.start_seen and not self.overflowed else -1
        limits.room = _UNKNOWN
        limits.clocked = 0
        if best >= 0:
            model = self.candidates.models[best]
            limits.room = model.cwnd - self.state.in_flight()
            limits.clocked = 1 if model.kind == _BBR else 0
        limits.take(event)

    def _note(self, event: SenderEvent) -> None:
        """Keep what each model says at a row, until it is known which of them is right."""
        if self.track is None:
            self.track = RowStore(_COLUMNS)
        track = self.track
        at = track.new_row()
        track.cells[at] = event.row
        track.cells[at + 1] = self.state.mss
        at += 2
        for index in range(self.candidates.count):
            model = self.candidates.models[index]
            track.cells[at] = model.cwnd if model.alive else _UNKNOWN
            track.cells[at + 1] = model.ssthresh
            track.cells[at + 2] = model.phase(self.state)
            at += _OF_MODEL

    def allowance(self) -> int:
        """Return how many bytes the congestion window lets out by what fits so far, and the window of the peer.

        BBR paces what it sends: its window does not tell (`UNKNOWN`).
        """
        best = self._best()
        if best >= 0:
            model = self.candidates.models[best]
            if model.kind == _BBR:
                return _UNKNOWN
        state = self.state
        room = (self._window() - state.in_flight()) * state.mss
        return min(room, state.una + state.wnd - state.nxt) if state.wnd != _UNKNOWN else room

    def _window(self) -> int:
        """Return the congestion window by the model that fits, in segments.

        Where Reno and CUBIC fit alike it is that of CUBIC, Linux's default since 2.6.19.
        """
        reno, cubic = self.candidates.models[_RENO], self.candidates.models[_CUBIC]
        chances = max(cubic.fits + cubic.unders + cubic.overs, 1)
        return cubic.cwnd if self._score(cubic, chances) >= self._score(reno, chances) else reno.cwnd

    def finish(self) -> None:
        """Settle which model is right, and write what it says into the rows."""
        if not self.finished:
            self.finished = 1
            self.limits.end()
            best = self._best()
            if best >= 0 and self.track is not None:
                self._write_rows(best)

    def _score(self, model: CongestionModel, chances: int) -> int:
        """Return how well a model fits, in thousandths of the chances to send that it had."""
        score = _THOUSAND * (model.fits - 2 * model.overs) // chances
        return score - 10 * _THOUSAND * model.raised // max(self.state.delivered, 1)

    def _best(self) -> int:
        """Return the model that fits best, -1 if the capture cannot bear an estimate."""
        best = -1
        best_score = 0
        for index in range(self.candidates.count):
            model = self.candidates.models[index]
            chances = model.fits + model.unders + model.overs
            if model.alive and chances >= _LEAST_OPPORTUNITIES:
                score = self._score(model, chances)
                if best < 0 or score > best_score:
                    best = index
                    best_score = score
        return best

    def _write_rows(self, best: int) -> None:
        track = self.track
        assert track is not None  # the caller has looked
        for row in range(track.count):
            at = row * track.width
            of_model = at + 2 + best * _OF_MODEL
            mss = track.cells[at + 1]
            cwnd = track.cells[of_model] * mss
            ssthresh = track.cells[of_model + 1]
            self.recorder.patch_window(
                track.cells[at],
                cwnd,
                cwnd,
                cwnd,
                ssthresh * mss if ssthresh < _NO_SSTHRESH else _UNKNOWN,
                track.cells[of_model + 2],
            )

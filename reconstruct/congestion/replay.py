# cython: annotation_typing=False, initializedcheck=False, wraparound=False
"""One sender's congestion control replayed: what its window was at every row, and which algorithm it ran."""

from reconstruct.congestion.base import NO_SSTHRESH
from reconstruct.congestion.identify import Verdict, leader_of, rule_out
from reconstruct.congestion.loss_machine import LossMachine
from reconstruct.congestion.restart import Restart
from reconstruct.limits import Limits
from reconstruct.recorder import Recorder, RowStore
from reconstruct.sender_event import SENT, SenderEvent
from reconstruct.seq import UNKNOWN
from reconstruct.vocabulary import CongestionControl, Contradiction, Sign

TRACK_COLUMNS = (
    "row", "mss", "doubt", "reno_cwnd", "reno_ssthresh", "reno_phase", "cubic_cwnd", "cubic_ssthresh", "cubic_phase",
    "bbr_cwnd", "bbr_ssthresh", "bbr_phase",
)  # fmt: skip
SLACK = 50  # a replay is taken to be within a fiftieth of the window, and within a segment
DOUBTFUL_SLACK = 25  # and within a 25th where the order of events at the sender had to be rebuilt

_UNKNOWN = UNKNOWN
_NO_SSTHRESH = NO_SSTHRESH
_SENT, _IDLE_RESTART = SENT, int(Sign.IDLE_RESTART)
_BBR = int(CongestionControl.BBR)
_BEYOND, _SHORT = int(Contradiction.BEYOND_WINDOW), int(Contradiction.SHORT_OF_WINDOW)
_RENO, _CUBIC = 0, 1  # places of the candidates
_LOOKS = 15  # the models are compared after every sixteenth event
_COLUMNS = TRACK_COLUMNS
_OF_ROW, _OF_MODEL = 3, 3  # cells of the track before those of the models, and of each
_SLACK, _DOUBTFUL_SLACK = SLACK, DOUBTFUL_SLACK


class CongestionReplay(LossMachine):
    """The replay of one sender, with its rows.

    `limits` keeps account of what held it back, by the window of the model that leads (`leader`, its index, -1: none).
    `verdict` tells at the end which model is right; `cwnd_max` is the largest window that it had, in bytes (`UNKNOWN`
    where the capture cannot bear an estimate). Where the start was not seen, a window is known from the first reduction
    on, which starts from what was in flight.
    """

    def __init__(self, recorder: Recorder) -> None:
        """Make a replay that writes its estimates into the rows of a recorder."""
        self.recorder = recorder
        self.limits = Limits(recorder)
        self.verdict = Verdict()
        self.restart = Restart()
        self.track: RowStore | None = None
        LossMachine.__init__(self)
        self._begin_account()

    def _begin_account(self) -> None:
        self.start_seen = self.rebuilt = 0
        self.leader = -1
        self.window_model = _CUBIC
        self.verdict.reset()
        self.restart.reset()
        self.cwnd_max = _UNKNOWN
        if self.track is not None:
            self.track.clear()

    def begin(self, mss: int, window: int, start_seen: int) -> None:
        """Begin to follow a sender at its first data; `window` is its first congestion window in segments."""
        self.reset_machine()
        self._begin_account()
        self.state.mss = mss
        self.start_seen = start_seen
        if self.recorder.models is not None:
            self.candidates.models = self.recorder.models()
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
        if self.state.out == 0 and event.what == _SENT and event.end > event.seq:
            before = self._window()
            LossMachine.take(self, event)
            self.restart.begin(before, self._window(), event.frame)
        else:
            self._follow_restart(event)
            LossMachine.take(self, event)
        self._tell_limits(event)
        if event.doubt > 0:
            self.rebuilt = 1
        if event.row >= 0 and not self.overflowed and (self.start_seen or self.reductions > 0):
            self._note(event)

    def _window(self) -> int:
        """Return the window by what fits so far, in segments; 0 for one that no rest shrinks."""
        model = self.candidates.models[self.leader if self.leader >= 0 else self.window_model]
        return 0 if self.overflowed or model.kind == _BBR else model.cwnd

    def _follow_restart(self, event: SenderEvent) -> None:
        """Tell who watches for a restart after a rest what comes next."""
        if self.restart.stage > 0:
            if event.what != _SENT:
                self.restart.heard(self.state.in_flight(), event.time_ns)
            elif event.fresh:
                trips = self.restart.sent(event.time_ns, self.limits.prompt_ns())
                if trips > 0:
                    self.limits.note(_IDLE_RESTART, self.restart.frame, trips)

    def _tell_limits(self, event: SenderEvent) -> None:
        """Let the account of limits take the event, with the room that the leading model leaves after it."""
        limits = self.limits
        if self.taken & _LOOKS == 0:
            self._compare()
        limits.room = _UNKNOWN
        limits.clocked = 0
        if self.leader >= 0 and not self.overflowed:
            model = self.candidates.models[self.leader]
            limits.room = model.cwnd - self.state.in_flight()
            limits.clocked = 1 if model.kind == _BBR else 0
        limits.take(event)

    def _note(self, event: SenderEvent) -> None:
        """Keep what each model says at a row, until it is known which of them is right."""
        if self.track is None:
            self.track = RowStore(_COLUMNS)
        track = self.track
        at = track.new_row()
        cells = track.cells
        cells[at] = event.row
        cells[at + 1] = self.state.mss
        cells[at + 2] = event.doubt
        at += _OF_ROW
        for index in range(self.candidates.count):
            model = self.candidates.models[index]
            cells[at] = model.cwnd if model.alive else _UNKNOWN
            cells[at + 1] = model.ssthresh
            cells[at + 2] = model.phase(self.state)
            at += _OF_MODEL

    def allowance(self) -> int:
        """Return how many bytes the congestion window lets out by what fits so far, and the window of the peer.

        BBR paces what it sends: its window does not tell (`UNKNOWN`).
        """
        if self.leader >= 0:
            model = self.candidates.models[self.leader]
            if model.kind == _BBR:
                return _UNKNOWN
        state = self.state
        model = self.candidates.models[self.window_model]
        room = (model.cwnd - state.in_flight()) * state.mss
        return min(room, state.una + state.wnd - state.nxt) if state.wnd != _UNKNOWN else room

    def _compare(self) -> None:
        """Find which model leads; where Reno and CUBIC fit alike it is CUBIC, Linux's default since 2.6.19."""
        sent = self.sent_segments
        if self.start_seen:
            self.leader = leader_of(self.candidates, sent)
            rule_out(self.candidates, self.leader, sent, self.state.sent_frame)
        reno, cubic = self.candidates.models[_RENO], self.candidates.models[_CUBIC]
        cubic_fits = cubic.score(sent) >= reno.score(sent)
        self.window_model = _CUBIC if cubic_fits else _RENO

    def finish(self) -> None:
        """Settle which model is right, and write what it says into the rows."""
        self.limits.end()
        self.verdict.judge(self.candidates, self.sent_segments)
        if self.verdict.best >= 0 and not self.overflowed and (self.start_seen or self.reductions > 0):
            best = self.candidates.models[self.verdict.best]
            self.cwnd_max = max(best.largest, best.cwnd) * self.state.mss
            if self.track is not None:
                self._write_rows(self.track)
        if self.track is not None and self.track.count > 0:
            self._write_candidates(self.track)

    def _write_rows(self, track: RowStore) -> None:
        cells = track.cells
        for row in range(track.count):
            at = row * track.width
            of_model = at + _OF_ROW + self.verdict.best * _OF_MODEL
            mss = cells[at + 1]
            cwnd = cells[of_model]
            slack = self._slack(cwnd, cells[at + 2])
            ssthresh = cells[of_model + 1] * mss if cells[of_model + 1] < _NO_SSTHRESH else _UNKNOWN
            self.recorder.patch_window(
                cells[at], cwnd * mss, max(cwnd - slack, 1) * mss, (cwnd + slack) * mss, ssthresh, cells[of_model + 2]
            )

    def _write_candidates(self, track: RowStore) -> None:
        """Write how each model fared, beside the rows."""
        for index in range(self.candidates.count):
            model = self.candidates.models[index]
            unit = self.state.mss if model.against in (_BEYOND, _SHORT) else 1
            self.recorder.candidate(track.cells[0], (
                model.kind, 1 if index == self.verdict.best else 0, model.chances(), model.score(self.sent_segments),
                self.rebuilt, model.ended_frame, model.against, model.against_frame,
                model.allowed if model.allowed == _UNKNOWN else model.allowed * unit,
                model.seen if model.seen == _UNKNOWN else model.seen * unit,
            ))  # fmt: skip

    def _slack(self, cwnd: int, doubt: int) -> int:
        """Return by how many segments a window may be off."""
        if self.rebuilt:
            return doubt + max((cwnd + _DOUBTFUL_SLACK // 2) // _DOUBTFUL_SLACK, 1)
        return (cwnd + _SLACK - 1) // _SLACK

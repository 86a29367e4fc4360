"""A sender without losses on a path of one rate and one delay, as the state that models are told."""

from reconstruct.congestion.base import CongestionModel
from reconstruct.congestion.sender_state import SenderState

MS = 1_000_000  # ns
MSS = 1000


class Path:
    """A path that delivers a segment each `gap_ms` after `delay_ms`; the sender sends as far as its model lets it."""

    def __init__(self, model: CongestionModel, gap_ms: float, delay_ms: float) -> None:
        """Begin with a window of ten segments."""
        self.model, self.state = model, SenderState()
        self.gap_ns, self.delay_ns = int(gap_ms * MS), int(delay_ms * MS)
        self.queue: list[tuple[int, int, int, int, int]] = []  # arrives, sent, delivered, delivered at, first of flight
        self.free_ns = 0
        self.next_ns = 1000 * MS
        model.start(10)
        state = self.state
        state.mss, state.wnd = MSS, 1 << 40
        state.now_ns = 1000 * MS
        state.min_rtt_ns = state.srtt_ns = self.delay_ns
        state.rto_ns = self.delay_ns + 200 * MS

    def send(self) -> None:
        """Send what the window lets out, a segment after another at the pace of the model."""
        state = self.state
        while state.in_flight() < self.model.cwnd and self.next_ns <= state.now_ns:
            if state.out == 0:
                state.first_ns = state.delivered_ns = state.now_ns
            arrives = max(state.now_ns + self.delay_ns, self.free_ns + self.gap_ns)
            self.free_ns = arrives
            self.queue.append((arrives, state.now_ns, state.delivered, state.delivered_ns, state.first_ns))
            state.out += 1
            state.nxt += MSS
            self.model.sent(state, 0)
            state.sent_ns = state.now_ns
            pacing = getattr(self.model, "pacing", 0)
            if pacing:
                self.next_ns = max(self.next_ns, state.now_ns - MS) + MSS * 1_000_000_000 // pacing

    def step(self) -> None:
        """Go on to the next acknowledgment, or to when the pacer lets a segment go."""
        state = self.state
        room = state.in_flight() < self.model.cwnd
        if room and (not self.queue or self.next_ns < self.queue[0][0]):
            state.now_ns = max(state.now_ns, self.next_ns)
            self.send()
            return
        arrives, sent_ns, delivered, delivered_ns, first_ns = self.queue.pop(0)
        self.model.close_opportunity(state, 1)
        state.now_ns = arrives
        state.prior_in_flight = state.in_flight()
        state.out -= 1
        state.una += MSS
        state.advanced = state.acked = 1
        state.delivered += 1
        state.delivered_ns = arrives
        state.sample_delivered, state.sample_delivered_ns = delivered, delivered_ns
        state.sample_sent_ns, state.sample_first_ns, state.first_ns = sent_ns, first_ns, sent_ns
        state.rtt_ns = arrives - sent_ns
        state.min_rtt_ns = min(state.min_rtt_ns, state.rtt_ns)
        self.model.after_ack(state)
        self.send()

    def run(self, until_ms: float) -> None:
        """Go on until so many ms after the beginning."""
        self.send()
        while self.state.now_ns < (1000 + until_ms) * MS:
            self.step()

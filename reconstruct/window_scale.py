# cython: annotation_typing=False, initializedcheck=False, wraparound=False
"""By how many bits an end scales its windows, where the capture missed the SYNs that would tell (RFC 7323 2)."""

from array import array

from reconstruct.flow_control import MAX_WINDOW_SHIFT
from reconstruct.seq import UNKNOWN

CONTRADICTIONS = 3  # times that a shift must be contradicted, in different windows, before it is ruled out
FLIGHT_MARGIN = 4  # a flight exceeds a window by more than a quarter of it: the capture may have missed an ACK or two
STOPS_VARIED = 24  # times that a sender stopped at the edge of a window that changed meanwhile
STOPS_CONSTANT = 256  # the same where the window stayed: a sender with a fixed buffer might stop there too
MISS_COST = 4  # stops at the edge that one elsewhere takes back
STILL_EDGES = 3  # holes filled while the right edge stood still
STILL_STEPS = 16  # units of the window field that such a hole was large, at least: the rest is rounding
HOLE_ACKS = 3  # ACKs of one offset that tell a hole from a pause (RFC 5681 3.2)
LEAST_FULL = 16  # segments in a constant window: in a smaller one, any flight ends within a segment of the edge

_UNKNOWN = UNKNOWN
_ONE = 1  # as wide as an offset where it is shifted
_MAX_SHIFT = MAX_WINDOW_SHIFT
_SHIFTS = MAX_WINDOW_SHIFT + 1
_CONTRADICTIONS, _FLIGHT_MARGIN = CONTRADICTIONS, FLIGHT_MARGIN
_STILL_EDGES, _STILL_STEPS, _HOLE_ACKS = STILL_EDGES, STILL_STEPS, HOLE_ACKS
_STOPS_VARIED, _STOPS_CONSTANT, _MISS_COST, _LEAST_FULL = STOPS_VARIED, STOPS_CONSTANT, MISS_COST, LEAST_FULL


class ScaleGuess:
    """The shifts that an end's windows leave possible: `least` to `most` (bits); `shift` is the proven one.

    A shift is too small if the peer sent beyond the edge that it would give, and too large if that edge would have
    moved left (RFC 9293 3.8.6: an end "SHOULD NOT" do that). Between those that remain, a sender that stops at one's
    edge again and again shows that one to be in force. `shift` is `UNKNOWN` until it is proven, and for good after
    something that no shift explains.
    """

    def __init__(self) -> None:
        """Know nothing."""
        self.edges = array("q", bytes(8 * _SHIFTS))
        self.large = array("q", bytes(8 * _SHIFTS))
        self.small = array("q", bytes(8 * _SHIFTS))
        self.small_at = array("q", bytes(8 * _SHIFTS))
        self.reset()

    def reset(self) -> None:
        """Forget everything."""
        for shift in range(_SHIFTS):
            self.edges[shift] = _UNKNOWN
            self.large[shift] = self.small[shift] = self.small_at[shift] = 0
        self.least = 0
        self.most = _MAX_SHIFT
        self.shift = _UNKNOWN
        self.offers = 0
        self.field = self.lowest_field = self.highest_field = 0
        self.stops = self.still = self.repeats = self.ack = 0

    def offer(self, ack: int, field: int, newer: int, highest: int, full: int) -> None:
        """Take a window field that the end sent with SEG.ACK `ack`; `newer` says that no later one came before it.

        The peer has sent up to `highest`, in segments of `full` bytes.
        """
        if self.offers > 0 and full > 0:
            self._weigh_stop(highest, full)
        if newer:
            self._weigh_hole(ack, field)
        for shift in range(_SHIFTS):
            edge = ack + (field << shift)
            if edge >= self.edges[shift]:
                self.edges[shift] = edge
            elif newer and self.edges[shift] - edge >= _ONE << shift:  # less is rounding
                self._contradict(shift)
        self.repeats = self.repeats + 1 if ack == self.ack else 0
        self.ack = ack
        self.field = field
        self.offers += 1

    def _weigh_hole(self, ack: int, field: int) -> None:
        """Weigh the ACK after a hole was filled: it leaves at once (RFC 5681 4.2), before anybody can have read.

        So the window shrinks by exactly what the ACK advances.
        """
        advance = ack - self.ack
        if self.repeats >= _HOLE_ACKS and self.most >= self.least and advance >= _STILL_STEPS << self.most:
            moved = advance + (field - self.field) * (_ONE << self.most)
            if -(_ONE << self.most) < moved < _ONE << self.most:
                self.still += 1
                if self.still == _STILL_EDGES:
                    self.least = self.most
                    self._settle()

    def _contradict(self, shift: int) -> None:
        """Count that the right edge would have moved left."""
        self.large[shift] += 1
        if self.large[shift] == _CONTRADICTIONS and shift <= self.most:
            self.most = shift - 1
            self.still = 0
            self._settle()

    def sent(self, end: int, snd_una: int) -> None:
        """Take text that the peer sent, up to `end`."""
        if self.offers > 0 and self.least <= _MAX_SHIFT and end > self.edges[self.least]:
            shift = self.least
            while shift <= _MAX_SHIFT and end > self.edges[shift] and self._exceeds(end - snd_una, shift):
                if self.small_at[shift] != self.offers:  # once for each window
                    self.small_at[shift] = self.offers
                    self.small[shift] += 1
                shift += 1
            if self.small[self.least] >= _CONTRADICTIONS:
                self._raise_least()

    def _exceeds(self, flight: int, shift: int) -> int:
        """Return 1 if a flight is larger than the window would be, by more than a lost ACK or two explain."""
        window = self.field << shift
        return 1 if flight > window + window // _FLIGHT_MARGIN else 0

    def _raise_least(self) -> None:
        while self.least <= _MAX_SHIFT and self.small[self.least] >= _CONTRADICTIONS:
            self.least += 1
        self.stops = 0
        self._settle()

    def _weigh_stop(self, highest: int, full: int) -> None:
        """Weigh where the peer stopped before it heard of the next window."""
        if self.least <= self.most:
            room = self.edges[self.least] - highest
            if 0 <= room < full:
                self._count_stop(full)
            else:
                self.stops = max(0, self.stops - _MISS_COST)

    def _count_stop(self, full: int) -> None:
        """Count that the peer stopped within a full segment of the edge."""
        if self.stops == 0:
            self.lowest_field = self.highest_field = self.field
        self.stops += 1
        self.lowest_field = min(self.lowest_field, self.field)
        self.highest_field = max(self.highest_field, self.field)
        varied = (self.highest_field - self.lowest_field) << self.least >= 2 * full
        enough = self.field << self.least >= _LEAST_FULL * full
        if (varied and self.stops >= _STOPS_VARIED) or (enough and self.stops >= _STOPS_CONSTANT):
            self.most = self.least
            self._settle()

    def _settle(self) -> None:
        """Say what is proven; where nothing is left, the capture or the receiver does not do as supposed."""
        self.shift = self.least if self.least == self.most else _UNKNOWN

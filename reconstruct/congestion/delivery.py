# cython: annotation_typing=False, initializedcheck=False, wraparound=False
"""What a sender has outstanding and what became of it: SACK, D-SACK, round trips, RACK's newest delivery.

RFC 2018, 2883, 6298 and 8985 over pieces of at most MSS bytes, in the order in which Linux takes an acknowledgment.
"""

from reconstruct.congestion.pieces import APP_LIMITED, DEAD, EVER_RESENT, RESENT, SACKED, Piece, Pieces
from reconstruct.congestion.sender_state import LOSS, SenderState
from reconstruct.congestion.sender_timer import SenderTimer
from reconstruct.sender_event import SenderEvent, SenderSink
from reconstruct.seq import UNKNOWN

MOST_REORDERING = 300  # segments, Linux's tcp_max_reordering

_UNKNOWN = UNKNOWN
_LOSS = LOSS
_SACKED, _DEAD, _RESENT, _EVER_RESENT, _APP_LIMITED = SACKED, DEAD, RESENT, EVER_RESENT, APP_LIMITED
_MOST_REORDERING = MOST_REORDERING
_NS_PER_MS = 1_000_000
_MASK32, _HALF32 = 0xFFFFFFFF, 0x80000000


class Delivery(SenderSink):
    """The outstanding pieces of one sender and what its acknowledgments tell of them.

    `has_sack` and `has_timestamps` are what the connection negotiated. `rack_ns` and `rack_end` are of the newest piece
    delivered (RFC 8985 6.2), `rack_rtt_ns` its round trip. Of the acknowledgment that is taken: `original` 1 if it
    delivers what was sent once and below `high_seq`, `newly_sacked` and `dsacked` what its blocks told, `lost_resent`
    1 if it shows that a retransmission was lost.
    """

    def __init__(self) -> None:
        """Make a sender that has sent nothing."""
        SenderSink.__init__(self)
        self.state = SenderState()
        self.pieces = Pieces()
        self.timer = SenderTimer()
        self.reset_delivery()

    def reset_delivery(self) -> None:
        """Forget everything."""
        self.state.reset()
        self.pieces.reset()
        self.timer.reset()
        self.taken = 0
        self.overflowed = 0
        self.has_sack = self.has_timestamps = 1
        self.rack_ns = self.rack_end = self.rack_rtt_ns = _UNKNOWN
        self.rack_moved = 0
        self.dsack_seen = self.dsack_count = self.resent_count = 0
        self.steps = 1
        self.steps_kept = self.steps_delivered = 0
        self.reorderings = 0
        self.undo_count = 0
        self.original = self.newly_sacked = self.dsacked = self.lost_resent = 0
        self.sacked_high = self.prior_high = _UNKNOWN
        self.sack_first_ns = self.sack_last_ns = _UNKNOWN
        self.resent_acked = 0
        self.sample_end = 0
        self.tsval = self.tsval_ns = _UNKNOWN

    def begin_ack(self) -> None:
        """Forget what the acknowledgment before told."""
        self.prior_high = self.sacked_high
        self.state.rtt_ns = self.sack_first_ns = self.sack_last_ns = _UNKNOWN
        self.state.sample_delivered = -1
        self.sample_end = 0
        self.newly_sacked = self.dsacked = self.original = self.lost_resent = 0

    def send_new(self, start: int, end: int, payload_len: int) -> None:
        """Add the pieces of bytes that are sent for the first time, of which `payload_len` are text."""
        state = self.state
        if state.out == 0:
            state.first_ns = state.delivered_ns = state.now_ns
        control = end - start - payload_len
        while start < end and not self.overflowed:
            edge = start + state.mss
            if edge + control >= end:
                edge = end
            if self.pieces.push(start, edge, state.now_ns, state.delivered, state.delivered_ns, state.first_ns):
                if state.app_limited:
                    self.pieces.set_flags(self.pieces.tail - 1, _APP_LIMITED)
                state.out += 1
                start = edge
            else:
                self.overflowed = 1
        state.nxt = end

    def _deliver(self, piece: Piece) -> None:
        """Note that a piece arrived: for RACK and for the delivery rate."""
        state = self.state
        state.delivered += 1
        rtt_ns = state.now_ns - piece.sent_ns
        if piece.flags & _EVER_RESENT == 0 or rtt_ns >= state.min_rtt_ns:
            # RFC 8985 (6.2) step 2: else it may be the original that is answered
            self.rack_moved = 1
            self.rack_rtt_ns = rtt_ns
            if piece.sent_ns > self.rack_ns or (piece.sent_ns == self.rack_ns and piece.end > self.rack_end):
                self.rack_ns = piece.sent_ns
                self.rack_end = piece.end

    def _sample_rate(self, piece: Piece) -> None:
        """Keep the stamps of the newest segment that an acknowledgment delivers, for the delivery rate."""
        state = self.state
        newer = piece.sent_ns > state.first_ns or (piece.sent_ns == state.first_ns and piece.end > self.sample_end)
        if state.sample_delivered < 0 or newer:
            state.sample_delivered = piece.delivered
            state.sample_delivered_ns = piece.delivered_ns
            state.sample_first_ns = piece.first_ns
            state.first_ns = state.sample_sent_ns = piece.sent_ns
            state.sample_app_limited = 1 if piece.flags & _APP_LIMITED else 0
            state.sample_resent = 1 if piece.flags & _EVER_RESENT else 0
            self.sample_end = piece.end

    def take_blocks(self, event: SenderEvent, prior_una: int) -> None:
        """Take the SACK blocks of an acknowledgment; the first may be a D-SACK (RFC 2883 4)."""
        first = 0
        if event.edges[0] < event.ack or (
            event.blocks > 1 and event.edges[0] >= event.edges[2] and event.edges[1] <= event.edges[3]
        ):
            self._take_dsack(event.edges[0], event.edges[1], prior_una)
            first = 1
        highest = self.sacked_high
        low = _UNKNOWN
        for block in range(first, event.blocks):
            start = event.edges[2 * block]
            end = event.edges[2 * block + 1]
            if end <= self.state.nxt and start < end and end > prior_una:
                below = self._sack(start, end, highest)
                if below != _UNKNOWN and (low == _UNKNOWN or below < low):
                    low = below
        if low != _UNKNOWN and (self.state.ca != _LOSS or self.state.undo_marker != _UNKNOWN):
            self.note_reordering(low)

    def _take_dsack(self, start: int, end: int, prior_una: int) -> None:
        """Note that the receiver got bytes twice."""
        state = self.state
        self.dsacked = 1
        count = 1
        if end - start > state.mss:
            count = (end - start + state.mss - 1) // state.mss
        self.dsack_count += count
        if self.dsack_count <= self.resent_count:  # more would be copies that the network made
            self.dsack_seen = 1
            state.delivered += count  # Linux: what arrived twice was delivered twice
            if end > prior_una:
                self._take_dsack_inside(start, end)
            elif state.undo_marker != _UNKNOWN and self.undo_count > 0 and end > state.undo_marker:
                self.undo_count = max(0, self.undo_count - count)

    def _take_dsack_inside(self, start: int, end: int) -> None:
        """Take a D-SACK of bytes that are not acknowledged yet: their retransmissions arrived too."""
        state = self.state
        piece = self.pieces.find(start)
        while piece < self.pieces.tail and self.pieces.end(piece) <= end:
            flags = self.pieces.flags(piece)
            if flags & _EVER_RESENT and state.undo_marker != _UNKNOWN and self.undo_count > 0:
                self.undo_count -= 1
            if flags & _RESENT:
                state.retrans -= 1
                self.pieces.set_flags(piece, flags & ~_RESENT)
            piece += 1

    def _sack(self, start: int, end: int, highest: int) -> int:
        """Mark the pieces of a block; return the lowest start of one that was overtaken, `UNKNOWN` if there is none."""
        pieces = self.pieces
        low = _UNKNOWN
        piece = pieces.unsacked(pieces.find(start))
        if piece < pieces.tail and pieces.start(piece) < start:
            piece = pieces.unsacked(piece + 1)
        while piece < pieces.tail and pieces.end(piece) <= end:
            if low == _UNKNOWN and pieces.start(piece) < highest and pieces.flags(piece) & _EVER_RESENT == 0:
                low = pieces.start(piece)
            self._sack_piece(piece)
            piece = pieces.unsacked(piece + 1)
        return low

    def _sack_piece(self, number: int) -> None:
        state = self.state
        self.pieces.show(number)
        piece = self.pieces.shown
        flags = piece.flags
        self.newly_sacked += 1
        if flags & _EVER_RESENT == 0:
            if piece.end <= state.high_seq:
                self.original = 1
            if self.sack_first_ns == _UNKNOWN:
                self.sack_first_ns = piece.sent_ns
            self.sack_last_ns = piece.sent_ns
        self._deliver(piece)
        self._sample_rate(piece)
        if flags & _RESENT and flags & _DEAD:
            state.retrans -= 1
            flags &= ~_RESENT
        if flags & _DEAD:
            state.lost -= 1
            flags &= ~_DEAD
        self.pieces.set_flags(number, flags | _SACKED)
        state.sacked += 1
        if self.sacked_high == _UNKNOWN or piece.start > self.sacked_high:
            self.sacked_high = piece.start

    def note_reordering(self, low: int) -> None:
        """Raise the tolerated degree: what starts at `low` came after what starts at the highest SACKed offset."""
        state = self.state
        distance = self.sacked_high - low
        if distance > 0 and self.has_sack:
            if distance > state.reordering * state.mss:
                state.reordering = min((distance + state.mss - 1) // state.mss, _MOST_REORDERING)
            self.reorderings += 1

    def remove_acked(self, event: SenderEvent) -> int:
        """Drop the pieces below the acknowledgment; return how many."""
        state = self.state
        pieces = self.pieces
        first_ns = last_ns = low = _UNKNOWN
        self.resent_acked = 0
        removed = 0
        piece = pieces.shown
        while pieces.head < pieces.tail:
            pieces.show(pieces.head)
            if piece.end > event.ack:
                break
            removed += 1
            if piece.flags & _EVER_RESENT:
                self.resent_acked = 1
                if piece.flags & _RESENT:
                    state.retrans -= 1
            elif piece.flags & _SACKED == 0:
                last_ns = piece.sent_ns
                if first_ns == _UNKNOWN:
                    first_ns = last_ns
                if low == _UNKNOWN:
                    low = piece.start
                if piece.end <= state.high_seq:
                    self.original = 1
            if piece.flags & _SACKED:
                state.sacked -= 1
            else:
                if self.has_sack:
                    self._deliver(piece)
                self._sample_rate(piece)
                if piece.flags & _DEAD:
                    state.lost -= 1
            pieces.pop()
        state.out -= removed
        if not self.has_sack:
            self._remove_dup_acks(removed)
        elif self.sacked_high != _UNKNOWN:
            if low != _UNKNOWN and low < self.prior_high:
                self.note_reordering(low)
            if event.ack > self.sacked_high:
                self.sacked_high = _UNKNOWN
        self._take_round_trip(event, first_ns, last_ns, removed)
        return removed

    def _remove_dup_acks(self, removed: int) -> None:
        """Without SACK each duplicate stands for a segment: one acknowledged was the hole, the others are those."""
        state = self.state
        if removed > 0:
            state.delivered += max(removed - state.sacked, 1)
            state.sacked = max(state.sacked - (removed - 1), 0)
        state.sacked = min(state.sacked, state.out)

    def _take_round_trip(self, event: SenderEvent, first_ns: int, last_ns: int, removed: int) -> None:
        """Take the round trip of an acknowledgment: of what was sent once, else by SACK, else by the echo."""
        state = self.state
        state.rtt_ns = newest_ns = _UNKNOWN
        oldest_ns = _UNKNOWN
        if first_ns != _UNKNOWN and not self.resent_acked:
            oldest_ns = state.now_ns - first_ns
            newest_ns = state.now_ns - last_ns
        if self.sack_first_ns != _UNKNOWN:
            if oldest_ns == _UNKNOWN:
                oldest_ns = state.now_ns - self.sack_first_ns
            newest_ns = state.now_ns - self.sack_last_ns
        if oldest_ns == _UNKNOWN and removed > 0:
            oldest_ns = newest_ns = self._echoed_ns(event)
        if oldest_ns >= 0:
            state.rtt_ns = newest_ns
            if state.min_rtt_ns == _UNKNOWN or newest_ns < state.min_rtt_ns:
                state.min_rtt_ns = newest_ns
            self.timer.sample(oldest_ns, state.una, state.nxt)
            state.srtt_ns = self.timer.srtt_ns
            state.rto_ns = self.timer.rto_ns

    def _echoed_ns(self, event: SenderEvent) -> int:
        """Return the round trip by the timestamp that an acknowledgment echoes, in whole ms (RFC 7323 4.1)."""
        if event.tsecr == _UNKNOWN or self.tsval == _UNKNOWN:
            return _UNKNOWN
        ticks = (self.tsval + (event.time_ns - self.tsval_ns) // _NS_PER_MS - event.tsecr) & _MASK32
        return max(ticks, 1) * _NS_PER_MS if ticks < _HALF32 else _UNKNOWN

# cython: annotation_typing=False, initializedcheck=False, wraparound=False
"""What a tap can know of a sender's loss recovery: its episode, its timers, and the order in which it sent."""

from array import array

from reconstruct.gaps import Gaps
from reconstruct.sender_clock import SenderClock
from reconstruct.seq import UNKNOWN

OPEN, RECOVERY, LOSS = 0, 1, 2  # tcp_ca_state of Linux, as far as it shows in segments

OLDER, NEWER, UNDECIDED = -1, 1, 0  # when a segment was sent, beside everything of its sender that the tap has seen

IP_ID_TRUSTED = 4  # consecutive segments whose IP-ID counted up by little; Linux counts for each connection
IP_ID_RUN = 32  # segments in a row without one of another connection between them, as good as a rest
IP_ID_PROVEN = 2  # proofs that other connections do not count with it: rests after which it went on by one, or that
# it is trusted
_PROOF_KEPT = 8

COPIED_AT_ONCE_NS = 1_000_000  # ns; the same segment on two interfaces, or twice from one; no timer is that short

TIMEOUT_MIN_NS = 8_000_000  # ns, Linux's TCP_TIMEOUT_MIN, two ticks at CONFIG_HZ=250

UNNEEDED, NEEDED = 1, 2  # what became known of a retransmission
VERDICT = 6  # the cell of a kept retransmission that holds it
RESENT_KEPT = 512  # retransmissions that may still be proven unneeded; a window of more is settled by its newest
_FIRST_KEPT = 16

_UNKNOWN = UNKNOWN
_OPEN = OPEN
_TIMEOUT_MIN_NS = TIMEOUT_MIN_NS
_COPIED_AT_ONCE_NS = COPIED_AT_ONCE_NS
_OLDER, _NEWER, _UNDECIDED = OLDER, NEWER, UNDECIDED
_IP_ID_TRUSTED, _IP_ID_RUN, _IP_ID_PROVEN = IP_ID_TRUSTED, IP_ID_RUN, IP_ID_PROVEN
_KEPT, _CELLS = RESENT_KEPT, 7
_MASK16, _HALF16 = 0xFFFF, 0x8000
_MASK32, _HALF32 = 0xFFFFFFFF, 0x80000000


class SenderModel:
    """The loss recovery of one sender (RFC 6675, 8985, 6298), as its segments and their acknowledgments show it.

    `state` is that of the episode, which covers the offsets below `high_seq`; `backoff` counts timeouts in a row;
    `acked_ns` is when SND.UNA last moved (from `una_before`), `head_ns` when the segment at SND.UNA was last sent
    again, `sent_ns` when anything that occupies sequence space was last sent (with timestamp `sent_tsval`); `probe_end`
    the end of a tail loss probe that nothing has answered; `sacked_to` the highest offset that a SACK block ever
    reported; `seen_before` whether the capture showed all bytes of the last retransmission earlier; `undone` whether an
    episode just proved unfounded; `frto` whether the next acknowledgments decide if a timeout was unfounded (RFC 5682).
    `heard_ns` is when the peer last acknowledged anything, `seen_ns` when the sender last showed itself, `told_nxt` the
    highest SND.NXT that a segment without text told and `told_since_ns` when the sender had shown itself before that.
    `ended_state` to `ended_tsval` tell of the episode that ended last: what it was, how far it reached, when its end
    passed the tap and with which timestamp. `clock` is the sender's own (None before its timestamps ticked).
    `refused_end` is the end of a large segment that timed out several times in a row (-1: none did).
    """

    def __init__(self) -> None:
        """Make a model of a sender that has sent nothing."""
        self.resent = array("q")
        self.resent_room = 0
        self.reset()

    def reset(self) -> None:
        """Forget everything."""
        self.state = _OPEN
        self.high_seq = self.probe_end = self.sacked_to = _UNKNOWN
        self.backoff = self.seen_before = self.undone = 0
        self.una_before = _UNKNOWN
        self.acked_ns = self.head_ns = self.sent_ns = self.heard_ns = self.seen_ns = _UNKNOWN
        self.told_nxt = self.told_since_ns = _UNKNOWN
        self.ended_state, self.frto = _OPEN, 0
        self.ended_high = self.ended_ns = self.ended_tsval = _UNKNOWN
        self.tsval = self.sent_tsval = _UNKNOWN
        self.clock: SenderClock | None = None
        self.gaps: Gaps | None = None
        self.ip_id = self.last_ip_id = -1
        self.last_start = self.last_end = self.last_ns = _UNKNOWN
        self.ip_id_trust = self.ip_id_pieces = self.ip_id_run = self.ip_id_proof = 0
        self.resent_count = 0
        self.resent_high = 0
        self.refused_end = -1

    def order(self, tsval: int, ip_id: int) -> int:
        """Say when a segment was sent: `NEWER` than all before, `OLDER` than one of them, or `UNDECIDED`.

        Timestamps decide where their clock ticked between the two (RFC 7323 4.2 leaves the tick to the sender), then
        the IP-ID where it counts up. `tsval` is `UNKNOWN` and `ip_id` -1 where the segment has none.
        """
        if tsval != _UNKNOWN and self.tsval != _UNKNOWN:
            ticks = (tsval - self.tsval) & _MASK32
            if ticks >= _HALF32:
                return _OLDER
            if ticks > 0:
                return _NEWER
        if ip_id > 0 and ip_id == self.ip_id and tsval == self.tsval:
            return _OLDER  # no sender uses both twice in a row
        if ip_id >= 0 and self.ip_id >= 0 and self.ip_id_trust >= _IP_ID_TRUSTED:
            return _OLDER if (ip_id - self.ip_id - 1) & _MASK16 >= _HALF16 else _NEWER
        return _UNDECIDED

    def order_beside_gap(self, offset: int, tsval: int, ip_id: int) -> int:
        """Say when a segment that fills the hole at `offset` was sent, beside the one that left it.

        A sender's bytes go out in order: what was sent later is sent again, what was sent earlier was delayed.
        """
        if self.gaps is None:
            return _UNDECIDED
        left = self.gaps.tsval(offset)
        order = _UNDECIDED
        if tsval != _UNKNOWN and left != _UNKNOWN and tsval != left:
            order = _NEWER if (tsval - left) & _MASK32 < _HALF32 else _OLDER
        elif ip_id > 0 and self.gaps.ip_id(offset) > 0 and self.ip_id_trust >= _IP_ID_TRUSTED:
            order = _NEWER if (ip_id - self.gaps.ip_id(offset)) & _MASK16 < _HALF16 else _OLDER
        return order if order == _NEWER or self.gaps.knows(offset) else _UNDECIDED

    def left_ns(self, offset: int) -> int:
        """Return when the hole at `offset` was left at the latest, `UNKNOWN` where that is not known."""
        return self.gaps.left_ns(offset) if self.gaps is not None else _UNKNOWN

    def note_gap(self, start: int, time_ns: int, tsval: int, ip_id: int) -> None:
        """Keep who left a hole that begins at `start`, and when."""
        if self.gaps is None:
            self.gaps = Gaps()
        self.gaps.note(start, time_ns, tsval, ip_id)

    def note_empty(self, seq: int, time_ns: int, tsval: int, ip_id: int, highest: int) -> None:
        """Take SND.NXT from a segment without text, which leaves a hole where the capture has seen less."""
        if seq > highest and seq > self.told_nxt:
            self.note_gap(max(highest, self.told_nxt), time_ns, tsval, ip_id)
            self.told_nxt = seq
            self.told_since_ns = self.seen_ns

    def note_last(self, start: int, end: int, ip_id: int, time_ns: int) -> None:
        """Keep which segment passed the tap last."""
        self.last_start, self.last_end, self.last_ip_id, self.last_ns = start, end, ip_id, time_ns

    def is_copy_of_last(self, start: int, end: int, ip_id: int, time_ns: int) -> int:
        """Return 1 if a segment is the last one again, with its IP-ID and at once: it was copied, not sent again."""
        if ip_id <= 0 or ip_id != self.last_ip_id or start != self.last_start or end != self.last_end:
            return 0
        return 1 if time_ns - self.last_ns <= _COPIED_AT_ONCE_NS else 0

    def note_sent(self, tsval: int, ip_id: int, pieces: int, time_ns: int) -> None:
        """Take the timestamp and the IP-ID of a segment that counts for so many packets (0: not known)."""
        if tsval != _UNKNOWN and (self.tsval == _UNKNOWN or (tsval - self.tsval) & _MASK32 < _HALF32):
            if self.clock is None and self.tsval not in (_UNKNOWN, tsval):
                self.clock = SenderClock()
            if self.clock is not None:
                self.clock.take(tsval, time_ns)
            self.tsval = tsval
        if ip_id > 0:  # 0 is what those send who do not count
            self._note_ip_id(ip_id, pieces, time_ns)
        self.seen_ns = time_ns

    def _note_ip_id(self, ip_id: int, pieces: int, time_ns: int) -> None:
        """Take an IP-ID unless it is that of a copy or of an older segment; learn whether it counts."""
        step = (ip_id - self.ip_id) & _MASK16
        if self.ip_id < 0 or 0 < step < _HALF16:
            if self.ip_id >= 0 and step != self.ip_id_pieces:
                self.ip_id_trust = self.ip_id_run = 0  # segments are missing, or other connections count too
                self.ip_id_proof >>= 1
            else:
                if self.ip_id_trust < _IP_ID_TRUSTED:
                    self.ip_id_trust += 1
                self._prove_ip_id(time_ns)
            self.ip_id = ip_id
            self.ip_id_pieces = pieces

    def hidden_ns(self, tsval: int, time_ns: int) -> int:
        """Return how long the sender, by its own clock, had sent no text before a segment; 0 where the tap shows it.

        What waits on its way to the tap comes there close together, whatever lay between.
        """
        if self.clock is None or self.clock.tick_ns == _UNKNOWN or tsval == _UNKNOWN or self.sent_tsval == _UNKNOWN:
            return 0
        ticks = (tsval - self.sent_tsval) & _MASK32
        quiet_ns = ticks * self.clock.tick_ns if ticks < _HALF32 else 0
        return quiet_ns if quiet_ns - (time_ns - self.sent_ns) > _TIMEOUT_MIN_NS else 0

    def _prove_ip_id(self, time_ns: int) -> None:
        """Learn that no other connection counted in a rest, or in a long run of segments."""
        self.ip_id_run += 1
        rested = self.seen_ns != _UNKNOWN and time_ns - self.seen_ns >= _TIMEOUT_MIN_NS
        if (rested or self.ip_id_run % _IP_ID_RUN == 0) and self.ip_id >= 0 and self.ip_id_proof < _PROOF_KEPT:
            self.ip_id_proof += 1

    def may_be_late(self, seq: int, time_ns: int) -> int:
        """Return 1 if what looks like new text may have been sent before: after a rest, or below what is known of."""
        if seq < self.told_nxt or seq < self.high_seq:
            return 1
        return 1 if self.seen_ns != _UNKNOWN and time_ns - self.seen_ns >= _TIMEOUT_MIN_NS else 0

    def counts_alone(self) -> int:
        """Return 1 if it is known that the IP-ID counts the segments of this sender and nothing else."""
        proof = self.ip_id_proof + (1 if self.ip_id_trust >= _IP_ID_TRUSTED else 0)
        return 1 if self.ip_id >= 0 and proof >= _IP_ID_PROVEN and self.ip_id_pieces > 0 else 0

    def skipped(self, ip_id: int, most: int) -> int:
        """Return how many segments were sent between the newest one and this by the IP-ID, 0 if it cannot tell.

        It cannot where other connections count with it, nor where it says more than `most`.
        """
        if ip_id < 0 or not self.counts_alone():
            return 0
        step = ((ip_id - self.ip_id) & _MASK16) - self.ip_id_pieces
        return step if 0 < step <= most else 0

    def note_ack(self, ack: int, time_ns: int) -> int:
        """Note that SND.UNA moved to `ack`; return 1 if that ends an episode."""
        self.acked_ns = time_ns
        self.head_ns = _UNKNOWN
        self.backoff = 0
        if self.probe_end != _UNKNOWN and ack >= self.probe_end:
            self.probe_end = _UNKNOWN
        if self.state != _OPEN and ack >= self.high_seq:
            self._end()
            return 1
        return 0

    def _end(self) -> None:
        """End the episode."""
        self.ended_state = self.state
        self.ended_high = self.high_seq
        self.state = _OPEN
        self.frto = 0

    def undo(self) -> None:
        """End an episode that proved unfounded."""
        self._end()
        self.high_seq = _UNKNOWN
        self.backoff = 0
        self.undone = 1

    def note_end(self, time_ns: int, tsval: int) -> None:
        """Keep when the acknowledgment that ended an episode passed the tap, and its timestamp."""
        self.ended_ns = time_ns
        self.ended_tsval = tsval

    def was_within(self, seq: int, tsecr: int, time_ns: int, tap_ns: int) -> int:
        """Return 1 if a segment was sent within the episode that ended last: its sender had not heard of the end.

        What it echoes tells what it had heard (RFC 7323 3), else the round trip `tap_ns` between it and the tap; 1/8 of
        that is left for jitter.
        """
        if self.ended_high == _UNKNOWN or seq >= self.ended_high:
            return 0
        if tsecr != _UNKNOWN and self.ended_tsval != _UNKNOWN and tsecr != self.ended_tsval:
            return 1 if (tsecr - self.ended_tsval) & _MASK32 >= _HALF32 else 0
        return 1 if time_ns - self.ended_ns < tap_ns * 7 // 8 else 0

    def note_resent(self, start: int, end: int, tsval: int, time_ns: int, row: int, kind: int) -> None:
        """Keep a retransmission, which may be proven unneeded a round trip later; the oldest of too many are dropped.

        `row` is that of its segment in the recorder's table, -1 where it is not recorded.
        """
        if self.resent_count == self.resent_room:
            self._make_room()
        at = self.resent_count * _CELLS
        cells = self.resent
        cells[at] = start
        cells[at + 1] = end
        cells[at + 2] = tsval
        cells[at + 3] = time_ns
        cells[at + 4] = row
        cells[at + 5] = kind
        cells[at + 6] = 0
        self.resent_count += 1
        self.resent_high = max(self.resent_high, end)

    def _make_room(self) -> None:
        """Double the room, or drop the older half where there is the most room already."""
        cells = self.resent
        count = self.resent_count * _CELLS
        if self.resent_room < _KEPT:
            self.resent_room = max(2 * self.resent_room, _FIRST_KEPT)
            larger = array("q", bytes(8 * _CELLS * self.resent_room))
            for cell in range(count):
                larger[cell] = cells[cell]
            self.resent = larger
        else:
            half = self.resent_count // 2
            for cell in range(half * _CELLS, count):
                cells[cell - half * _CELLS] = cells[cell]
            self.resent_count -= half

    def entry(self, index: int, cell: int) -> int:
        """Return a cell of a kept retransmission: start, end, tsval, time_ns, row, kind, verdict (0: not known yet)."""
        return self.resent[index * _CELLS + cell]

    def decide(self, index: int, verdict: int) -> None:
        """Settle a kept retransmission: `UNNEEDED` or `NEEDED`."""
        self.resent[index * _CELLS + 6] = verdict

# cython: annotation_typing=False, initializedcheck=False, wraparound=False
"""What a tap can know of a sender's loss recovery: its episode, its timers, and the order in which it sent."""

from array import array

from reconstruct.seq import UNKNOWN

OPEN, RECOVERY, LOSS = 0, 1, 2  # tcp_ca_state of Linux, as far as it shows in segments

OLDER, NEWER, UNDECIDED = -1, 1, 0  # when a segment was sent, beside everything of its sender that the tap has seen

IP_ID_TRUSTED = 4  # consecutive segments whose IP-ID counted up by little; Linux counts for each connection
IP_ID_STEP = 64  # the most that counts as little: segments lost before the tap, or counted for other connections

TIMEOUT_MIN_NS = 8_000_000  # ns, Linux's TCP_TIMEOUT_MIN, two ticks at CONFIG_HZ=250

UNNEEDED, NEEDED = 1, 2  # what became known of a retransmission
VERDICT = 6  # the cell of a kept retransmission that holds it
RESENT_KEPT = 512  # retransmissions that may still be proven unneeded; a window of more is settled by its newest
_FIRST_KEPT = 16

_UNKNOWN = UNKNOWN
_OPEN = OPEN
_TIMEOUT_MIN_NS = TIMEOUT_MIN_NS
_OLDER, _NEWER, _UNDECIDED = OLDER, NEWER, UNDECIDED
_IP_ID_TRUSTED, _IP_ID_STEP = IP_ID_TRUSTED, IP_ID_STEP
_KEPT, _CELLS = RESENT_KEPT, 7
_MASK16, _HALF16 = 0xFFFF, 0x8000
_MASK32, _HALF32 = 0xFFFFFFFF, 0x80000000


class SenderModel:
    """The loss recovery of one sender (RFC 6675, 8985, 6298), as its segments and their acknowledgments show it.

    `state` is that of the episode, which covers the offsets below `high_seq`; `backoff` counts timeouts in a row;
    `acked_ns` is when SND.UNA last moved, `head_ns` when the segment at SND.UNA was last sent again, `sent_ns` when
    anything that occupies sequence space was last sent; `probe_end` the end of a tail loss probe that nothing has
    answered; `sacked_to` the highest offset that a SACK block ever reported; `seen_before` whether the capture showed
    all bytes of the last retransmission earlier; `undone` whether an episode just proved unfounded.
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
        self.acked_ns = self.head_ns = self.sent_ns = _UNKNOWN
        self.tsval = self.gap_tsval = _UNKNOWN
        self.ip_id = -1
        self.ip_id_trust = self.ip_id_pieces = 0
        self.resent_count = 0
        self.resent_high = 0

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

    def note_sent(self, tsval: int, ip_id: int, pieces: int) -> None:
        """Take the timestamp and the IP-ID of a segment that counts for so many packets (0: not known)."""
        if tsval != _UNKNOWN and (self.tsval == _UNKNOWN or (tsval - self.tsval) & _MASK32 < _HALF32):
            self.tsval = tsval
        if ip_id > 0:  # 0 is what those send who do not count
            self._note_ip_id(ip_id, pieces)

    def _note_ip_id(self, ip_id: int, pieces: int) -> None:
        """Take an IP-ID unless it is that of a copy or of an older segment; learn whether it counts."""
        step = (ip_id - self.ip_id) & _MASK16
        if self.ip_id < 0 or 0 < step < _HALF16:
            if self.ip_id >= 0 and step != self.ip_id_pieces:
                self.ip_id_trust = 0  # segments are missing, or other connections count too
            elif self.ip_id_trust < _IP_ID_TRUSTED:
                self.ip_id_trust += 1
            self.ip_id = ip_id
            self.ip_id_pieces = pieces

    def has_rested(self, time_ns: int) -> int:
        """Return 1 if nothing was sent for as long as the shortest of all timers."""
        return 1 if self.sent_ns != _UNKNOWN and time_ns - self.sent_ns >= _TIMEOUT_MIN_NS else 0

    def skipped(self, ip_id: int) -> int:
        """Return how many segments were sent between the newest one and this by the IP-ID, 0 if it counts nothing."""
        if ip_id < 0 or self.ip_id < 0 or self.ip_id_trust < _IP_ID_TRUSTED or self.ip_id_pieces == 0:
            return 0
        step = ((ip_id - self.ip_id) & _MASK16) - self.ip_id_pieces
        return step if 0 < step <= _IP_ID_STEP else 0

    def note_ack(self, ack: int, time_ns: int) -> int:
        """Note that SND.UNA moved to `ack`; return 1 if that ends an episode."""
        self.acked_ns = time_ns
        self.head_ns = _UNKNOWN
        self.backoff = 0
        if self.probe_end != _UNKNOWN and ack >= self.probe_end:
            self.probe_end = _UNKNOWN
        if self.state != _OPEN and ack >= self.high_seq:
            self.state = _OPEN
            return 1
        return 0

    def undo(self) -> None:
        """End an episode that proved unfounded."""
        self.state = _OPEN
        self.high_seq = _UNKNOWN
        self.backoff = 0
        self.undone = 1

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

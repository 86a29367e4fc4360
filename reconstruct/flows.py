# cython: annotation_typing=False, initializedcheck=False, wraparound=False
"""The table of connections: which connection a segment belongs to, when one begins, and when it may be finished.

Keys are symmetric over both addresses, both ports and the domain (tunnel); a reused port begins a new connection where
Wireshark's tcp.stream does, at a SYN whose number differs from the one before. VLANs separate connections only where
the segments of one do not fit the sequence space of the other: the same segment may pass a tap on two VLANs.
"""

from array import array
from collections import deque

from reconstruct.accounts import write_direction, write_flow
from reconstruct.connection import Connection
from reconstruct.fit import domain_of_vlan, fits, renews, reuse_of
from reconstruct.follower import Followers
from reconstruct.listeners import Listeners
from reconstruct.notable import Notable
from reconstruct.pairs import Pairs
from reconstruct.recorder import DIRECTION_COLUMNS, FLOW_COLUMNS, Recorder, RowStore
from reconstruct.records import HALF_OPEN, LARGEST_TAG, Records
from reconstruct.scoreboard import SegmentPool
from reconstruct.segment import ACK, SYN, Segment
from reconstruct.seq import UNKNOWN
from reconstruct.settings import ReplaySettings
from reconstruct.states import State
from reconstruct.tally import Tally
from reconstruct.telling import is_telling

_UNKNOWN, _SYN, _ACK, _HALF_OPEN, _LARGEST_TAG = UNKNOWN, SYN, ACK, HALF_OPEN, LARGEST_TAG
_ESTABLISHED, _OPENING = int(State.ESTABLISHED), FLOW_COLUMNS.index("opening")
_FIRST_SLOTS = 1024  # slots at first; a power of two
_MASK64, _PRIME = 0xFFFFFFFFFFFFFFFF, 0x9E3779B97F4A7C15  # 2^64 / the golden ratio: Knuth's multiplicative hashing
_TAG_SHIFT = 40
_RECORD = 1 << 39  # the slot refers to a record, not to a connection in full
_REF_MASK = (1 << 39) - 1
_NOWHERE = 1 << 62  # the domain of no segment: tunnel ids have at most 32 bits
_RECENT_MASK = 63  # connections found lately, by a cheap hash: most packets belong to one of a few dozen


class FlowTable:
    """Feeds every segment to its connection; finished connections become rows of `flows` and `directions`.

    `late` counts segments that came after their connection was finished; `tally` adds up all rows, `notable` keeps the
    connections that a diagnosis may be about, `pairs` and `listeners` what they add up to. Call `finish` at the end.
    Rows are in the order in which connections were finished.
    """

    def __init__(self, settings: ReplaySettings, recorder: Recorder, tally: Tally) -> None:
        """Make an empty table."""
        self.settings, self.recorder, self.tally = settings, recorder, tally
        self.notable = Notable()
        self.pairs, self.listeners = Pairs(settings), Listeners()
        self.pool, self.followers = SegmentPool(), Followers(recorder)
        self.records = Records()
        self.flows = RowStore(FLOW_COLUMNS)
        self.directions = RowStore(DIRECTION_COLUMNS)
        self.live: list[Connection | None] = []
        self.free: list[int] = []
        self.spare: list[Connection] = []
        self.single = Connection(0, recorder, self.pool, settings, self.followers)
        self.queue: deque[int] = deque()
        self.recent: list[Connection | None] = [None] * (_RECENT_MASK + 1)
        self.slots = array("q", bytes(8 * _FIRST_SLOTS))
        self.slot_mask = _FIRST_SLOTS - 1
        self.max_live = settings.max_live_connections
        self.linger_ns, self.idle_ns, self.forget_ns = settings.linger_ns, settings.idle_ns, settings.forget_ns
        self.used = self.count = self.late = self.first_late = self.opened = 0
        self.hand = self.made_room_at = self.separated = 0
        self.syn, self.key, self.moved = Segment(), Segment(), Segment()

    def step(self, segment: Segment) -> None:
        """Take in the next segment of the capture."""
        near = (segment.sport + segment.dport + (segment.src_lo ^ segment.dst_lo)) & _RECENT_MASK
        connection = self.recent[near]
        if connection is None or not _same(connection, segment, segment.domain):
            connection = self._find(segment, segment.domain)
            self.recent[near] = connection
        if connection is not None:
            self._give(connection, segment)

    def _give(self, connection: Connection, segment: Segment) -> None:
        """Give a segment to the connection that its addresses name, or begin another one there."""
        owner: Connection | None = connection
        if segment.vlan != connection.vlan and self._is_separate(connection, segment):
            owner = self._find(segment, domain_of_vlan(segment))
        if owner is not None:
            if segment.flags & _SYN and not segment.flags & _ACK and renews(owner, segment):
                owner = self._renew(owner, segment)
            self._replay(owner, segment)

    def _is_separate(self, connection: Connection, segment: Segment) -> int:
        """Return 1 if the VLAN of a segment has a connection of its own on these addresses, or needs one."""
        if self._has_own(segment):
            return 1
        if fits(connection, segment):
            return 0
        self.separated += 1
        return 1

    def _has_own(self, segment: Segment) -> int:
        """Return 1 if the VLAN of a segment has a connection, or its record, apart from others on these addresses."""
        return 1 if self.separated > 0 and self.slots[self._probe(segment, domain_of_vlan(segment))] != 0 else 0

    def _replay(self, connection: Connection, segment: Segment) -> None:
        connection.replay(segment)
        if connection.queued < 0 and connection.client.state != _ESTABLISHED and connection.ended():
            connection.queued = 0
            self.queue.append(connection.slot)

    def _find(self, segment: Segment, domain: int) -> Connection | None:
        """Return the connection of a segment, beginning one if there is none.

        None if nothing is left to do: the segment was a first SYN, kept as a record, or came too late.
        """
        if self.opened >= self.max_live and self.count != self.made_room_at:
            self.made_room_at = self.count  # once for each connection that begins
            self._make_room(segment.time_ns)
        place = self._probe(segment, domain)
        value = self.slots[place]
        if value != 0 and not value & _RECORD:
            return self.live[value & _REF_MASK]
        record = value & _REF_MASK
        if value != 0 and self.records.kind(record) == _HALF_OPEN:
            return self._wake(record, segment, place)
        if domain == segment.domain and self._has_own(segment):
            return self._find(segment, domain_of_vlan(segment))
        if value == 0:
            return self._first(segment, domain, place)
        return self._find_late(record, segment, domain, place)

    def _find_late(self, record: int, segment: Segment, domain: int, place: int) -> Connection | None:
        """Begin another connection where the record of a finished one stands, or count a segment as late."""
        side = self.records.matches(record, segment, domain)
        if segment.flags & _SYN and not segment.flags & _ACK and self.records.reopens(record, segment, side):
            return self._reopen(record, segment, side, domain, place)
        self.records.hear(record, segment, side)
        self.late += 1
        if self.first_late == 0:
            self.first_late = segment.frame
        return None

    def _reopen(self, record: int, segment: Segment, side: int, domain: int, place: int) -> Connection | None:
        """Begin another connection where the record of a finished one stands, in full if it takes over its ports."""
        since_ns, holder = self.records.time_ns(record), self.records.holder(record)
        reuse = self.records.reuse(record, segment, side)
        self.records.give_back(record)
        self.slots[place] = 0
        self.used -= 1
        if reuse == 0 or segment.time_ns - since_ns >= self.pairs.time_wait_ns:
            return self._first(segment, domain, place)
        self.used += 1
        connection = self._open(segment, self.count, domain, place)
        self.count += 1
        connection.reuse = reuse
        connection.reuse_gap_ns = segment.time_ns - since_ns
        self.pairs.release(connection, holder, since_ns, segment.time_ns)
        return connection

    def _probe(self, segment: Segment, domain: int) -> int:
        """Return the slot that holds the key of a segment, or the empty one where it belongs."""
        if self.used * 5 >= (self.slot_mask + 1) * 3:
            self._rebuild(segment.time_ns)
        tag = _hash(
            segment.src_hi, segment.src_lo, segment.sport, segment.dst_hi, segment.dst_lo, segment.dport, domain
        )
        place = tag & self.slot_mask
        tag = tag >> _TAG_SHIFT
        while True:
            value = self.slots[place]
            if value == 0:
                return place
            if value >> _TAG_SHIFT == tag and self._holds(value, segment, domain):
                return place
            place = (place + 1) & self.slot_mask

    def _holds(self, value: int, segment: Segment, domain: int) -> int:
        """Return 1 if a slot's value refers to the segment's key."""
        if value & _RECORD:
            return 1 if self.records.matches(value & _REF_MASK, segment, domain) else 0
        connection = self.live[value & _REF_MASK]
        assert connection is not None  # slots refer to what is alive
        return _same(connection, segment, domain)

    def _set(self, place: int, segment: Segment, domain: int, reference: int) -> None:
        tag = _hash(
            segment.src_hi, segment.src_lo, segment.sport, segment.dst_hi, segment.dst_lo, segment.dport, domain
        )
        self.slots[place] = (tag >> _TAG_SHIFT) << _TAG_SHIFT | reference

    def _first(self, segment: Segment, domain: int, place: int) -> Connection | None:
        """Begin a connection: a plain SYN is kept as a record, anything else needs a connection in full."""
        number = self.count
        self.count += 1
        self.used += 1
        plain = segment.flags & _SYN and not segment.flags & _ACK and segment.payload_len == 0
        if plain and segment.vlan <= _LARGEST_TAG:
            record = self.records.put_syn(segment, number, domain)
            self._set(place, segment, domain, record | _RECORD)
            return None
        return self._open(segment, number, domain, place)

    def _wake(self, record: int, segment: Segment, place: int) -> Connection | None:
        """Make a connection in full of a record: its second segment has come."""
        self.records.load_syn(record, self.syn)
        number = self.records.flow(record)
        domain = self.records.domain(record)
        self.records.give_back(record)
        connection = self._open(self.syn, number, domain, place)
        connection.replay(self.syn)
        return connection

    def _open(self, segment: Segment, number: int, domain: int, place: int) -> Connection:
        """Put a new connection in full into a slot."""
        if self.spare:
            connection = self.spare.pop()
            connection.reset(number)
        else:
            connection = Connection(number, self.recorder, self.pool, self.settings, self.followers)
        connection.domain = domain
        connection.begin(segment)
        if self.free:
            connection.slot = self.free.pop()
            self.live[connection.slot] = connection
        else:
            connection.slot = len(self.live)
            self.live.append(connection)
        self.opened += 1
        self._set(place, segment, domain, connection.slot)
        return connection

    def _renew(self, connection: Connection, segment: Segment) -> Connection:
        """Begin a new connection on the addresses and ports of another, which is finished."""
        domain = connection.domain
        place = self._probe(segment, domain)
        waits = connection.queued
        gap_ns = segment.time_ns - connection.last_time_ns
        reuse = reuse_of(connection, segment) if 0 <= gap_ns < self.pairs.time_wait_ns else 0
        self.listeners.note_before(connection)
        self._close(connection, segment.time_ns, segment.time_ns)
        self.count += 1
        renewed = self._open(segment, self.count - 1, domain, place)
        if waits == 0:
            renewed.queued = 0  # it has the slot of the other, which stands in the queue: once is enough
        self.listeners.hand_on(renewed)
        renewed.reuse = reuse
        renewed.reuse_gap_ns = gap_ns
        return renewed

    def _close(self, connection: Connection, now_ns: int, gone_ns: int) -> None:
        """Write the rows of a connection and let it go; `gone_ns` as for `Pairs.add`."""
        connection.settle(max(now_ns, connection.last_time_ns))
        self.listeners.know_until(now_ns)
        self._write(connection, gone_ns)
        self.live[connection.slot] = None
        self.free.append(connection.slot)
        connection.queued = 1
        connection.domain = _NOWHERE  # so that nothing recent finds it
        self.opened -= 1
        self.spare.append(connection)

    def _write(self, connection: Connection, gone_ns: int) -> None:
        connection.finish()
        write_flow(connection, self.flows)
        self.listeners.add(connection, self.flows)
        write_direction(connection, connection.client, connection.server, self.directions)
        write_direction(connection, connection.server, connection.client, self.directions)
        if connection.signs is not None or is_telling(self.directions):
            points = connection.signs.noted if connection.signs is not None else 0
            self.notable.offer(self.flows, self.directions, connection.signs, points)
        self.pairs.add(connection, self.flows.cells[(self.flows.count - 1) * self.flows.width + _OPENING], gone_ns)
        self.tally.add(self.flows, self.directions)
        connection.release()

    def _make_room(self, now_ns: int) -> None:
        """Finish connections that ended a while ago; when very many are there, the silent ones too."""
        while self.queue:
            connection = self.live[self.queue[0]]
            if connection is None or connection.queued != 0 or not connection.ended():
                if connection is not None and connection.queued == 0:
                    connection.queued = -1
                self.queue.popleft()
                continue
            if now_ns - connection.last_time_ns < self.linger_ns and self.opened < 2 * self.max_live:
                break
            self.queue.popleft()
            self._retire(connection, now_ns)
        if self.opened >= 4 * self.max_live:
            self._sweep_silent(now_ns)

    def _sweep_silent(self, now_ns: int) -> None:
        """Look at a few connections in turn and finish those that were silent for long."""
        for _ in range(16):
            self.hand = (self.hand + 1) % len(self.live)
            connection = self.live[self.hand]
            if connection is not None and now_ns - connection.last_time_ns >= self.idle_ns:
                self._retire(connection, now_ns)

    def _retire(self, connection: Connection, now_ns: int) -> None:
        """Finish a connection whose addresses may still be heard: a record takes its place."""
        connection.load_key(self.key)
        self.key.time_ns = now_ns
        domain = connection.domain
        place = self._probe(self.key, domain)
        record = self.records.put_finished(connection)
        self._close(connection, now_ns, _UNKNOWN)
        self._set(place, self.key, domain, record | _RECORD)

    def _rebuild(self, now_ns: int) -> None:
        """Drop old records, and double the slots if that does not make room."""
        old = self.slots
        size = self.slot_mask + 1
        kept = self._drop_old_records(old, size, now_ns)
        if kept * 5 >= size * 2:
            size *= 2
        self.slots = array("q", bytes(8 * size))
        self.slot_mask = size - 1
        self.used = kept
        for place in range(len(old)):
            if old[place] != 0:
                self._insert(old[place])

    def _insert(self, value: int) -> None:
        """Put a slot's value into its place in the new slots."""
        if value & _RECORD:
            self.records.load_key(value & _REF_MASK, self.moved)
            domain = self.records.domain(value & _REF_MASK)
        else:
            connection = self.live[value & _REF_MASK]
            assert connection is not None  # slots refer to what is alive
            connection.load_key(self.moved)
            domain = connection.domain
        key = self.moved
        place = _hash(key.src_hi, key.src_lo, key.sport, key.dst_hi, key.dst_lo, key.dport, domain) & self.slot_mask
        while self.slots[place] != 0:
            place = (place + 1) & self.slot_mask
        self.slots[place] = value

    def _drop_old_records(self, slots: "array[int]", size: int, now_ns: int) -> int:
        """Finish unanswered SYNs and drop finished connections of long ago; return how many slots stay in use."""
        kept = 0
        self.listeners.know_until(now_ns)
        for place in range(size):
            value = slots[place]
            if value & _RECORD and now_ns - self.records.time_ns(value & _REF_MASK) >= self.forget_ns:
                if self.records.kind(value & _REF_MASK) == _HALF_OPEN:
                    self._finish_record(value & _REF_MASK)
                self.records.give_back(value & _REF_MASK)
                slots[place] = 0
            elif value != 0:
                kept += 1
        return kept

    def _finish_record(self, record: int) -> None:
        """Write the rows of a connection that stayed a single SYN."""
        self.records.load_syn(record, self.syn)
        connection = self.single
        connection.reset(self.records.flow(record))
        connection.domain = self.records.domain(record)
        connection.begin(self.syn)
        connection.replay(self.syn)
        self._write(connection, _UNKNOWN)

    def finish(self, now_ns: int = UNKNOWN) -> None:
        """Write the rows of what is still there when the capture ends (`now_ns`); the table takes no segment then."""
        self.listeners.know_until(now_ns)
        for connection in self.live:
            if connection is not None:
                self._close(connection, now_ns, _UNKNOWN)
        for record in range(self.records.used):
            if self.records.kind(record) == _HALF_OPEN:
                self._finish_record(record)
        self.live = []
        self.records = Records()


def _hash(hi: int, lo: int, port: int, peer_hi: int, peer_lo: int, peer_port: int, domain: int) -> int:
    """Return 63 bits that are the same for both directions."""
    one = ((lo ^ hi) * _PRIME + port) & _MASK64
    other = ((peer_lo ^ peer_hi) * _PRIME + peer_port) & _MASK64
    mixed = ((one ^ (one >> 29)) * _PRIME + (other ^ (other >> 29)) * _PRIME + domain) & _MASK64
    mixed = ((mixed ^ (mixed >> 32)) * _PRIME) & _MASK64
    return (mixed ^ (mixed >> 29)) >> 1


def _same(connection: Connection, segment: Segment, domain: int) -> int:
    """Return 1 if a connection has the key of a segment, in either direction."""
    if connection.domain != domain or connection.ip_version != segment.ip_version:
        return 0
    if segment.sport == connection.client_port and segment.dport == connection.server_port and (
        segment.src_lo == connection.client_lo and segment.dst_lo == connection.server_lo
        and segment.src_hi == connection.client_hi and segment.dst_hi == connection.server_hi
    ):  # fmt: skip
        return 1
    if segment.dport == connection.client_port and segment.sport == connection.server_port and (
        segment.dst_lo == connection.client_lo and segment.src_lo == connection.server_lo
        and segment.dst_hi == connection.client_hi and segment.src_hi == connection.server_hi
    ):  # fmt: skip
        return 1
    return 0

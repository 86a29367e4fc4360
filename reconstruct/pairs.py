# cython: annotation_typing=False, initializedcheck=False, wraparound=False
"""What all connections between the same ends add up to: per client address, server address and server port.

Fed once for each finished connection, in any order: what was when is kept as sums over spans of time that double in
width when a capture is longer. Bounded: where there are too many pairs, those with the fewest connections are only
counted.
"""

from array import array

from reconstruct.connection import Connection
from reconstruct.fit import NOT_REUSED
from reconstruct.seq import UNKNOWN
from reconstruct.settings import ReplaySettings
from reconstruct.states import State
from reconstruct.vocabulary import Opening

MOST_PAIRS = 1_024  # about 9 KiB each
SPANS = 256  # spans of time of a pair
FIRST_SPAN_NS = 1_000_000_000
SHORT_NS = 10_000_000_000  # a connection that lives longer hardly costs by its opening
SHORT_REQUESTS = 2  # one that serves more is in use again already
INITIAL_WINDOW = 14_600  # bytes that need no growth of the window: ten segments of 1,460 (RFC 6928 2)
MOST_FRAMES = 20  # frames of evidence, the first ones

LEVELS = ("opened", "live", "client_waits", "server_waits")  # connections per span, then changes of three levels
OPENED, LIVE, CLIENT_WAITS, SERVER_WAITS = range(len(LEVELS))
COUNTS = (
    "connections", "short", "requests", "resumed", "bytes", "handshake_ns", "handshakes", "setup_turns", "encrypted",
    "rounds", "life_ns", "short_life_ns", "short_trips", "short_cost_ns", "client_waits", "server_waits", "reuses",
    "reuses_by_isn", "reuses_by_time", "reuses_unlawful", "reuses_while_open", "reuses_refused", "stale",
)  # fmt: skip

_UNKNOWN, _NOT_REUSED = UNKNOWN, NOT_REUSED
_MOST_PAIRS, _SPANS, _FIRST_SPAN_NS, _MOST_FRAMES = MOST_PAIRS, SPANS, FIRST_SPAN_NS, MOST_FRAMES
_SHORT_NS, _SHORT_REQUESTS, _INITIAL_WINDOW = SHORT_NS, SHORT_REQUESTS, INITIAL_WINDOW
_OPENED, _LIVE, _CLIENT_WAITS, _SERVER_WAITS, _LEVELS = OPENED, LIVE, CLIENT_WAITS, SERVER_WAITS, len(LEVELS)
_TIME_WAIT = int(State.TIME_WAIT)
_HALF_OPEN, _REFUSED = int(Opening.HALF_OPEN), int(Opening.REFUSED)
_RECENT_MASK = 63


class Pair:
    """What the connections of a client's address to a port of a server add up to; `COUNTS` names what is counted.

    `handshake_ns` is the sum over `handshakes` openings, `setup_turns` the round trips of TLS in `encrypted`
    connections, `rounds` those of growing windows. Of `short` connections `short_trips` are the round trips of their
    openings and `short_cost_ns` how long these took. `longest_idle_ns` is the longest pause that a connection
    survived, `server_idle_ns` and `stale_idle_ns` the shortest after which the server closed one, and after which a
    request failed (`UNKNOWN`: none did). `levels` holds `SPANS` cells of each of `LEVELS`.
    """

    def __init__(self, connection: Connection) -> None:
        """Begin with the ends of a connection, which is not counted yet."""
        self.ip_version = connection.ip_version
        self.client_hi, self.client_lo = connection.client_hi, connection.client_lo
        self.server_hi, self.server_lo = connection.server_hi, connection.server_lo
        self.server_port = connection.server_port
        self.first_frame = connection.first_frame
        self.first_time_ns = connection.first_time_ns
        self.last_time_ns = connection.last_time_ns
        self.connections = self.short = self.requests = self.resumed = self.bytes = 0
        self.handshake_ns = self.handshakes = self.setup_turns = self.encrypted = self.rounds = 0
        self.life_ns = self.short_life_ns = self.short_trips = self.short_cost_ns = 0
        self.client_waits = self.server_waits = 0
        self.reuses = self.reuses_by_isn = self.reuses_by_time = self.reuses_unlawful = 0
        self.reuses_while_open = self.reuses_refused = self.stale = 0
        self.longest_idle_ns = 0
        self.server_idle_ns = self.stale_idle_ns = self.shortest_reuse_ns = _UNKNOWN
        self.short_frames: list[int] = []
        self.reuse_frames: list[int] = []
        self.levels = array("q", bytes(8 * _SPANS * _LEVELS))

    def is_of(self, connection: Connection) -> int:
        """Return 1 if a connection has these ends."""
        return 1 if (
            self.client_lo == connection.client_lo and self.server_lo == connection.server_lo
            and self.server_port == connection.server_port and self.client_hi == connection.client_hi
            and self.server_hi == connection.server_hi and self.ip_version == connection.ip_version
        ) else 0  # fmt: skip

    def count(self, connection: Connection) -> None:
        """Count a finished connection that was open."""
        life_ns = connection.last_time_ns - connection.first_time_ns
        requests = connection.turns - connection.setup_turns
        sent = connection.client.unique_payload() + connection.server.unique_payload()
        self.connections += 1
        self.requests += requests
        self.resumed += connection.resumed
        self.bytes += sent
        self.life_ns += life_ns
        self.setup_turns += connection.setup_turns
        self.encrypted += 1 if connection.setup_turns > 0 else 0
        if connection.first_time_ns < self.first_time_ns:
            self.first_time_ns = connection.first_time_ns
        if connection.last_time_ns > self.last_time_ns:
            self.last_time_ns = connection.last_time_ns
        trip_ns = _UNKNOWN
        if connection.syn_rtt_ns != _UNKNOWN and connection.ack_rtt_ns != _UNKNOWN:
            trip_ns = connection.syn_rtt_ns + connection.ack_rtt_ns
            self.handshake_ns += trip_ns
            self.handshakes += 1
        if trip_ns != _UNKNOWN and requests <= _SHORT_REQUESTS and life_ns < _SHORT_NS and connection.ended():
            self._count_short(connection, sent, trip_ns, life_ns)
        self._count_idle(connection)

    def _count_short(self, connection: Connection, sent: int, trip_ns: int, life_ns: int) -> None:
        """Count a connection whose opening is a good part of what it did."""
        trips = 1 + connection.setup_turns
        self.short += 1
        self.short_life_ns += life_ns
        self.short_trips += trips
        self.short_cost_ns += trips * trip_ns
        window = _INITIAL_WINDOW
        while sent > window:
            self.rounds += 1
            sent -= window
            window *= 2
        if len(self.short_frames) < _MOST_FRAMES:
            self.short_frames.append(connection.first_frame)

    def _count_idle(self, connection: Connection) -> None:
        """Take what a connection tells of pauses."""
        if connection.longest_idle_ns > self.longest_idle_ns:
            self.longest_idle_ns = connection.longest_idle_ns
        closed_ns = connection.fin_idle_ns
        if closed_ns != _UNKNOWN and (self.server_idle_ns == _UNKNOWN or closed_ns < self.server_idle_ns):
            self.server_idle_ns = closed_ns
        failed_ns = connection.stale_ns
        if failed_ns != _UNKNOWN:
            self.stale += 1
            if self.stale_idle_ns == _UNKNOWN or failed_ns < self.stale_idle_ns:
                self.stale_idle_ns = failed_ns

    def count_reuse(self, connection: Connection, refused: int) -> None:
        """Count a connection on addresses and ports that another one still held."""
        self.reuses += 1
        if refused:
            self.reuses_refused += 1
        if connection.reuse == 1:
            self.reuses_by_isn += 1
        elif connection.reuse == 2:
            self.reuses_by_time += 1
        elif connection.reuse == 3:
            self.reuses_unlawful += 1
        else:
            self.reuses_while_open += 1
        if self.shortest_reuse_ns == _UNKNOWN or connection.reuse_gap_ns < self.shortest_reuse_ns:
            self.shortest_reuse_ns = connection.reuse_gap_ns
        if len(self.reuse_frames) < _MOST_FRAMES:
            self.reuse_frames.append(connection.first_frame)

    def change(self, level: int, span: int, by: int) -> None:
        """Change a level from a span on, or add to what is counted in a span."""
        self.levels[level * _SPANS + span] += by

    def fold(self) -> None:
        """Make the spans twice as wide."""
        for first in range(0, _LEVELS * _SPANS, _SPANS):
            for span in range(_SPANS // 2):
                self.levels[first + span] = self.levels[first + 2 * span] + self.levels[first + 2 * span + 1]
            for span in range(_SPANS // 2, _SPANS):
                self.levels[first + span] = 0

    def series(self, level: int) -> list[int]:
        """Return what was counted in each span, or the level at the end of each."""
        cells = list(self.levels[level * _SPANS : (level + 1) * _SPANS])
        if level != _OPENED:
            for span in range(1, _SPANS):
                cells[span] += cells[span - 1]
        return cells


class Pairs:
    """All pairs; `others` and `other_connections` count those that there was no room for.

    Spans begin at `origin_ns`, each `span_ns` long. A TIME-WAIT lasts `time_wait_ns` unless the ports are used again.
    """

    def __init__(self, settings: ReplaySettings) -> None:
        """Make an empty account."""
        self.time_wait_ns = settings.time_wait_ns
        self.origin_ns = _UNKNOWN
        self.span_ns = _FIRST_SPAN_NS
        self.by_key: dict[tuple[int, int, int, int, int, int], Pair] = {}
        self.recent: list[Pair | None] = [None] * (_RECENT_MASK + 1)
        self.others = self.other_connections = 0

    def add(self, connection: Connection, opening: int, gone_ns: int) -> None:
        """Add a finished connection; `gone_ns` is when its ports were used again, `UNKNOWN` if they were not."""
        unopened = opening in (_HALF_OPEN, _REFUSED)
        if not unopened or connection.reuse != _NOT_REUSED:
            pair = self.of(connection)
            if connection.reuse != _NOT_REUSED:
                pair.count_reuse(connection, unopened)
            if not unopened:
                pair.count(connection)
                self._follow(pair, connection, gone_ns)

    def of(self, connection: Connection) -> Pair:
        """Return the pair of a connection."""
        near = (connection.client_lo ^ connection.server_lo ^ connection.server_port) & _RECENT_MASK
        pair = self.recent[near]
        if pair is None or not pair.is_of(connection):
            pair = self._find(connection)
            self.recent[near] = pair
        return pair

    def _find(self, connection: Connection) -> Pair:
        key = (
            connection.client_hi, connection.client_lo, connection.server_hi, connection.server_lo,
            connection.server_port, connection.ip_version,
        )  # fmt: skip
        pair = self.by_key.get(key)
        if pair is None:
            if len(self.by_key) == _MOST_PAIRS:
                self._drop_half()
            pair = Pair(connection)
            self.by_key[key] = pair
        return pair

    def _drop_half(self) -> None:
        """Keep the half of the pairs that has more connections; of equals the first ones."""
        ranked = sorted(self.by_key.items(), key=_rank)
        for _, pair in ranked[_MOST_PAIRS // 2 :]:
            self.others += 1
            self.other_connections += pair.connections
        self.by_key = dict(ranked[: _MOST_PAIRS // 2])
        self.recent = [None] * (_RECENT_MASK + 1)

    def _follow(self, pair: Pair, connection: Connection, gone_ns: int) -> None:
        """Enter when a connection was open, and who held it in TIME-WAIT until when."""
        if connection.client.syns > 0 or connection.server.syns > 0:
            pair.change(_OPENED, self._span(connection.first_time_ns), 1)
        pair.change(_LIVE, self._span(connection.first_time_ns), 1)
        if connection.ended():
            pair.change(_LIVE, self._span(connection.last_time_ns), -1)
            self._hold_ends(pair, connection, gone_ns)
        elif gone_ns != _UNKNOWN:
            pair.change(_LIVE, self._span(gone_ns), -1)

    def _hold_ends(self, pair: Pair, connection: Connection, gone_ns: int) -> None:
        """Enter which ends held an ended connection in TIME-WAIT."""
        ended_ns = connection.last_time_ns
        until_ns = ended_ns + self.time_wait_ns
        if gone_ns != _UNKNOWN and gone_ns < until_ns:
            until_ns = gone_ns
        if connection.client.state == _TIME_WAIT:
            pair.client_waits += 1
            self._hold(pair, _CLIENT_WAITS, ended_ns, until_ns)
        if connection.server.state == _TIME_WAIT:
            pair.server_waits += 1
            self._hold(pair, _SERVER_WAITS, ended_ns, until_ns)

    def _hold(self, pair: Pair, level: int, since_ns: int, until_ns: int) -> None:
        last = self._span(until_ns)  # the later one first: it may make the spans wider
        pair.change(level, self._span(since_ns), 1)
        pair.change(level, last, -1)

    def release(self, connection: Connection, holder: int, since_ns: int, now_ns: int) -> None:
        """Take back the rest of a TIME-WAIT of the client (1), the server (2) or both: its ports are in use again."""
        pair = self.of(connection)
        until = self._span(since_ns + self.time_wait_ns)
        now = self._span(now_ns)
        for end in (1, 2):
            if holder & end:
                level = _CLIENT_WAITS if end == 1 else _SERVER_WAITS
                pair.change(level, now, -1)
                pair.change(level, until, 1)

    def _span(self, time_ns: int) -> int:
        """Return the span of a time; widens all spans until there is one."""
        if self.origin_ns == _UNKNOWN:
            self.origin_ns = time_ns
        if time_ns <= self.origin_ns:
            return 0
        while (time_ns - self.origin_ns) // self.span_ns >= _SPANS:
            for pair in self.by_key.values():
                pair.fold()
            self.span_ns *= 2
        return (time_ns - self.origin_ns) // self.span_ns

    def ranked(self) -> list[Pair]:
        """Return the pairs, those with the most connections first."""
        return [pair for _, pair in sorted(self.by_key.items(), key=_rank)]


def _rank(entry: tuple[tuple[int, int, int, int, int, int], Pair]) -> tuple[int, int]:
    return -entry[1].connections, entry[1].first_frame

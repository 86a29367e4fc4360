# cython: annotation_typing=False, initializedcheck=False, wraparound=False
"""What all connections to one listener, a server's address and port, met while they opened: counted, never listed."""

from array import array

from reconstruct.connection import Connection
from reconstruct.cookie_signs import byte_sign, code_sign, isn_sign, lag_ns, lag_sign, options_sign, resend_due_ns
from reconstruct.endpoint import NOT_OFFERED, Endpoint
from reconstruct.opening import vantage_of
from reconstruct.segment import OPTION_SACK_PERMITTED, OPTION_TIMESTAMPS, OPTIONS_CUT
from reconstruct.seq import UNKNOWN
from reconstruct.vocabulary import CookieSign, Met, Opening, Sign, Vantage

MAX_FRAMES = 20  # frames that are kept of one thing that connections met, the first ones
BUCKETS = 64  # of the time line; when they are full, each becomes twice as wide
BUCKET_NS = 100_000_000  # ns, at first: a flood is told by what comes in a second
MINUTES = 32  # buckets of the signs of cookies; when they are full, each becomes twice as wide
MINUTE_NS = 60_000_000_000  # ns, at first: Linux makes its cookies of the minute
PENDING_NS = 500_000_000  # ns for which nobody can say that an answer is missing: longer than nearly every round trip
ANSWER_NS = 1_000_000_000  # ns after which an answer is missing: the first RTO (RFC 6298 2.1)
HALF_OPEN_NS = 3_000_000_000  # ns without the ACK after which a connection is half open: two resends were due
LEAST_WAIT_NS = 200_000_000  # ns; SYNs that come again sooner are copies: no timer of theirs is shorter (RFC 6298 2.1)
MAX_STARTS = 4_096  # connections whose SYN-ACK was sent again, of which the time is kept; the default of somaxconn
MAX_SOURCES = 4  # addresses of clients that are kept
REGISTERS = 64  # of the estimate of how many clients there are (HyperLogLog, Flajolet et al. 2007)
ARRIVED, COMPLETED, NEVER, REFUSED = range(4)  # the rows of the time line

_UNKNOWN, _NOT_OFFERED = UNKNOWN, NOT_OFFERED
_MAX_FRAMES, _BUCKETS, _BUCKET_NS, _MINUTES, _MINUTE_NS = MAX_FRAMES, BUCKETS, BUCKET_NS, MINUTES, MINUTE_NS
_PENDING_NS, _ANSWER_NS, _HALF_OPEN_NS = PENDING_NS, ANSWER_NS, HALF_OPEN_NS
_LEAST_WAIT_NS = LEAST_WAIT_NS
_MAX_STARTS, _MAX_SOURCES, _REGISTERS = MAX_STARTS, MAX_SOURCES, REGISTERS
_ARRIVED, _COMPLETED, _NEVER, _REFUSED_ROW = ARRIVED, COMPLETED, NEVER, REFUSED
_RESET, _PENDING = 4, 5  # outcomes that have no row
_LINES = 4
_KINDS, _CELLS = len(Met), 4  # of each: how often, the sum of its figures, the largest figure, the first connection
_SIGNS = len(CookieSign)
_SACK, _TIMESTAMPS, _CUT = OPTION_SACK_PERMITTED, OPTION_TIMESTAMPS, OPTIONS_CUT
_HALF_OPEN_OPENING, _REFUSED_OPENING = int(Opening.HALF_OPEN), int(Opening.REFUSED)
_SIMULTANEOUS_OPENING = int(Opening.SIMULTANEOUS)
_AT_CLIENT, _AT_SERVER = int(Vantage.CLIENT), int(Vantage.SERVER)
_SYN_AGAIN = int(Sign.SYN_RETRANSMISSION)
_UNIX_TTL = 64  # hosts that begin with this TTL use timestamps unless told otherwise; Windows (128) does not
_SLOW, _ANSWER_RESENT, _REFUSED = int(Met.SLOW), int(Met.ANSWER_RESENT), int(Met.REFUSED)
_UNANSWERED, _HALF_OPEN = int(Met.UNANSWERED), int(Met.HALF_OPEN)
_ACK_UNHEEDED, _SYN_UNHEEDED, _SIMULTANEOUS = int(Met.ACK_UNHEEDED), int(Met.SYN_UNHEEDED), int(Met.SIMULTANEOUS)
_GRANTED, _USED = int(Met.FAST_OPEN_GRANTED), int(Met.FAST_OPEN_USED)
_IGNORED, _LOST = int(Met.FAST_OPEN_IGNORED), int(Met.FAST_OPEN_LOST)
_NO_SACK, _NO_TIMESTAMPS = int(Met.SACK_WITHHELD), int(Met.TIMESTAMPS_WITHHELD)
_NO_SCALE, _SCALE_DENIED = int(Met.SCALE_WITHHELD), int(Met.SCALE_DENIED)
_STATELESS, _LAGGING = int(Met.STATELESS), int(Met.LAGGING)
_ANSWERS, _NOT_RESENT, _RESENT = int(CookieSign.ANSWERS), int(CookieSign.NOT_RESENT), int(CookieSign.RESENT)
_LAG_NONE, _LAG_FITS = int(CookieSign.LAG_NONE), int(CookieSign.LAG_FITS)
_ISN_CLOCK, _NO_WINDOW = int(CookieSign.ISN_CLOCK), int(CookieSign.NO_WINDOW)
_CODE_FITS, _CODE_OTHER = int(CookieSign.CODE_FITS), int(CookieSign.CODE_OTHER)
_PRIME = 0x9E3779B97F4A7C15  # 2^64 divided by the golden ratio: Knuth's multiplicative hashing
_MASK64 = 0xFFFFFFFFFFFFFFFF
_NO_CELLS = array("q", [0])
# What the SYN-ACK of one connection shows by itself (the cell `syn_cookie` of its row).
SHOWS_NOTHING, SHOWS_STATE, SHOWS_NO_LAG, SHOWS_LAG, SHOWS_SILENCE, SHOWS_SAME_ISN = range(6)
SHOWN = 6  # of them
_SHOWS_NOTHING, _SHOWS_STATE, _SHOWS_NO_LAG = SHOWS_NOTHING, SHOWS_STATE, SHOWS_NO_LAG
_SHOWS_LAG, _SHOWS_SILENCE, _SHOWS_SAME_ISN = SHOWS_LAG, SHOWS_SILENCE, SHOWS_SAME_ISN


class Listener:
    """The account of one listener.

    `connections` are those whose SYN or SYN,ACK was captured; each is `completed`, `refused`, `reset` by its client
    before that, `never` completed, or `pending` when the capture ended. `resent` counts those of the never completed
    whose client sent its SYN again, `alone` those of which only SYN,ACKs were captured, `missed` SYN,ACKs without their
    SYN. `sack`, `timestamps` and `scale` count connections in which an option was granted. Times: ns since the epoch.
    """

    def __init__(self, base_ns: int) -> None:
        """Make an account without a connection; time lines begin at `base_ns`."""
        self.base_ns = base_ns
        self.ip_version = 4
        self.hi = self.lo = self.port = 0
        self.connections = self.completed = self.refused = self.reset = self.never = self.pending = 0
        self.resent = self.alone = self.missed = 0
        self.sack = self.timestamps = self.scale = 0
        self.first_flow = self.first_ns = self.last_ns = _UNKNOWN
        self.ttl_low = self.ttl_high = 0
        self.cells = array("q", bytes(8 * _KINDS * _CELLS))
        self.kept: dict[int, list[int]] = {}
        self.width_ns = _BUCKET_NS
        self.line = array("q", bytes(8 * _LINES * _BUCKETS))
        self.minute_ns = _MINUTE_NS
        self.minutes = _NO_CELLS
        self.odds = _NO_CELLS
        self.has_minutes = 0
        self.registers = array("q", bytes(8 * _REGISTERS))
        self.sources: list[tuple[int, int]] = []
        self.starts: list[int] = []
        self.stateless_ns = self.code_high = _UNKNOWN

    def name(self, connection: Connection) -> None:
        """Take address and port of the listener from a connection."""
        self.ip_version = connection.ip_version
        self.hi, self.lo, self.port = connection.server_hi, connection.server_lo, connection.server_port

    def add(self, connection: Connection, opening: int, now_ns: int) -> int:
        """Count a finished connection; return what its SYN,ACK shows by itself, `UNKNOWN` where there is none.

        `now_ns` is how far the capture is known.
        """
        client = connection.client
        server = connection.server
        self.connections += 1
        if self.first_ns == _UNKNOWN or connection.first_time_ns < self.first_ns:
            self.first_ns = connection.first_time_ns
            self.first_flow = connection.number
        self.last_ns = max(self.last_ns, connection.first_time_ns)
        self._note_source(connection, client)
        outcome = self._outcome(connection, opening, now_ns)
        self._note_outcome(connection, outcome, now_ns)
        if server.syns > 0 and server.segments > 0:
            if client.syns == 0:
                self.missed += 1
            if client.segments == 0:
                self.alone += 1
        if outcome == _COMPLETED:
            self._note_completed(connection, opening)
        return self._note_answer(connection, outcome, now_ns) if server.syns > 0 else _UNKNOWN

    def _outcome(self, connection: Connection, opening: int, now_ns: int) -> int:
        """Say what became of a connection."""
        if opening == _REFUSED_OPENING:
            return _REFUSED_ROW
        if opening != _HALF_OPEN_OPENING:
            return _COMPLETED
        if connection.resets > 0:
            return _RESET
        return _NEVER if now_ns - connection.first_time_ns >= _PENDING_NS else _PENDING

    def _note_outcome(self, connection: Connection, outcome: int, now_ns: int) -> None:
        at = self._bucket(connection.first_time_ns)
        self.line[_ARRIVED * _BUCKETS + at] += 1
        if outcome < _RESET:
            self.line[outcome * _BUCKETS + at] += 1
        if outcome == _COMPLETED:
            self.completed += 1
        elif outcome == _REFUSED_ROW:
            self.refused += 1
            self.note(_REFUSED, connection, connection.last_time_ns - connection.first_time_ns, -1)
        elif outcome == _RESET:
            self.reset += 1
        elif outcome == _PENDING:
            self.pending += 1
        else:
            self._note_never(connection, now_ns)

    def _note_never(self, connection: Connection, now_ns: int) -> None:
        server = connection.server
        self.never += 1
        if connection.client.syns > 1:
            self.resent += 1
        if server.syns > 0:
            if now_ns - connection.first_time_ns >= _HALF_OPEN_NS:
                self.note(_HALF_OPEN, connection, now_ns - connection.first_time_ns, 1)
        elif server.segments == 0 and now_ns - connection.first_time_ns >= _ANSWER_NS:
            self.note(_UNANSWERED, connection, now_ns - connection.first_time_ns, 0)

    def _note_completed(self, connection: Connection, opening: int) -> None:
        """Note how a connection opened, whose both ends took part."""
        client = connection.client
        server = connection.server
        if opening == _SIMULTANEOUS_OPENING:
            self.note(_SIMULTANEOUS, connection, 0, -1)
        elif client.syns > 0 and server.syns > 0:
            lost = client.syn_data_sent > 0 and client.syn_payload == 0 and client.syn_data_heard == 0
            if lost:
                self.note(_LOST, connection, _waited_ns(connection, 0), 0)
            elif client.syn_retransmissions > 0:
                self._note_slow(connection)
            self._note_again(connection)
            self._note_fast_open(connection, lost)
            if not (client.syn_options | server.syn_options) & _CUT:
                self._note_options(connection)

    def _note_slow(self, connection: Connection) -> None:
        """Note a connection whose SYN was sent again, and how many of it passed a tap beyond the client in vain."""
        waited_ns = _waited_ns(connection, 0)
        if waited_ns >= _LEAST_WAIT_NS:
            self.note(_SLOW, connection, waited_ns, 0)
            where = vantage_of(connection.syn_rtt_ns, connection.ack_rtt_ns)
            if where != _UNKNOWN and where != _AT_CLIENT and connection.server.syns == 1:
                self.note(_SYN_UNHEEDED, connection, connection.client.syn_retransmissions, 0)

    def _note_again(self, connection: Connection) -> None:
        """Note a SYN,ACK that was sent again: lost, or its ACK was not taken."""
        server = connection.server
        near = vantage_of(connection.syn_rtt_ns, connection.ack_rtt_ns) == _AT_SERVER
        # Away from the server ACKs may get lost behind the tap: there others must show that the listener hears.
        if server.unheeded_acks > (0 if near else 1) and (near or self.completed > 1):
            self.note(_ACK_UNHEEDED, connection, server.unheeded_acks, 1)
        elif _waited_ns(connection, 1) >= _LEAST_WAIT_NS:
            self.note(_ANSWER_RESENT, connection, _waited_ns(connection, 1), 1)

    def _note_fast_open(self, connection: Connection, lost: int) -> None:
        """Note what became of Fast Open (RFC 7413)."""
        client = connection.client
        server = connection.server
        if client.syn_data_taken:
            known = connection.syn_rtt_ns != _UNKNOWN and connection.ack_rtt_ns != _UNKNOWN
            self.note(_USED, connection, connection.syn_rtt_ns + connection.ack_rtt_ns if known else 0, -1)
        elif client.syn_data_heard > 0:
            self.note(_IGNORED, connection, client.syn_data_sent, -1)
        elif client.syn_fast_open >= 0 and not lost and (client.syn_payload > 0 or server.syn_fast_open <= 0):
            self.note(_IGNORED, connection, client.syn_payload, -1)
        if server.syn_fast_open > 0:
            self.note(_GRANTED, connection, server.syn_fast_open, -1)

    def _note_options(self, connection: Connection) -> None:
        """Note which options of the SYN the SYN,ACK does not answer."""
        client = connection.client
        server = connection.server
        if client.syn_options & _SACK:
            if server.syn_options & _SACK:
                self.sack += 1
            else:
                self.note(_NO_SACK, connection, 0, -1)
        if client.syn_options & _TIMESTAMPS:
            if server.syn_options & _TIMESTAMPS:
                self.timestamps += 1
            elif server.syn_ttl <= _UNIX_TTL:
                self.note(_NO_TIMESTAMPS, connection, 0, -1)
        if client.window_scale >= 0:
            if server.window_scale != _NOT_OFFERED:
                self.scale += 1
            else:
                self.note(_NO_SCALE, connection, 0, -1)
        if client.scale_denied + server.scale_denied > 0:
            self.note(_SCALE_DENIED, connection, client.scale_denied + server.scale_denied, -1)

    def note(self, kind: int, connection: Connection, figure: int, resent_by: int) -> None:
        """Count something that a connection met; frames are of the segments that `resent_by` (0, 1) sent again.

        With -1 they are the first and, of a short one, the last.
        """
        at = kind * _CELLS
        self.cells[at] += 1
        self.cells[at + 1] += figure
        if figure > self.cells[at + 2] or self.cells[at] == 1:
            self.cells[at + 2] = figure
        if self.cells[at] == 1 or connection.number < self.cells[at + 3]:
            self.cells[at + 3] = connection.number
        if self.cells[at] <= _MAX_FRAMES:
            self._keep(kind, connection, resent_by)

    def _keep(self, kind: int, connection: Connection, resent_by: int) -> None:
        frames = self.kept.setdefault(kind, [])
        frames.append(connection.first_frame)
        if resent_by >= 0 and connection.signs is not None:
            frames.extend(connection.signs.frames(_SYN_AGAIN, resent_by))
        elif connection.segments <= 3 and connection.last_frame != connection.first_frame:
            frames.append(connection.last_frame)

    def _note_source(self, connection: Connection, client: Endpoint) -> None:
        """Count an address among the clients, each once, and take its TTL."""
        mixed = ((connection.client_lo ^ (connection.client_hi >> 1)) * _PRIME) & _MASK64
        mixed = ((mixed ^ (mixed >> 32)) * _PRIME) & _MASK64
        register = mixed >> 58
        rank = 1
        while rank < 58 and not (mixed >> (58 - rank)) & 1:
            rank += 1
        if rank > self.registers[register]:
            self.registers[register] = rank
            if len(self.sources) < _MAX_SOURCES:
                self._keep_source(connection)
        if client.syns > 0:
            if client.syn_ttl < self.ttl_low or self.ttl_high == 0:
                self.ttl_low = client.syn_ttl
            self.ttl_high = max(self.ttl_high, client.syn_ttl)

    def _keep_source(self, connection: Connection) -> None:
        source = (connection.client_hi, connection.client_lo)
        if source not in self.sources:
            self.sources.append(source)

    def _note_answer(self, connection: Connection, outcome: int, now_ns: int) -> int:
        """Count what a SYN,ACK shows of cookies, and return the strongest of it."""
        client = connection.client
        server = connection.server
        at = self._minute(connection.first_time_ns) * _SIGNS
        cells = self.minutes
        cells[at + _ANSWERS] += 1
        shows = self._note_memory(connection, outcome, now_ns, at)
        sign = lag_sign(server)
        if sign >= 0 and server.syns == 1:
            cells[at + sign] += 1
            if sign == _LAG_FITS:
                self.note(_LAGGING, connection, lag_ns(server), -1)
                shows = shows or _SHOWS_LAG
            elif sign == _LAG_NONE:
                shows = shows or _SHOWS_NO_LAG
        if client.syns > 0:
            shows = self._note_form(connection, at) or shows
        return shows

    def _note_memory(self, connection: Connection, outcome: int, now_ns: int, at: int) -> int:
        """Note whether the listener sent its SYN,ACK again of its own accord: only one that remembers the SYN can."""
        client = connection.client
        server = connection.server
        if server.syn_retransmissions > client.syn_retransmissions and client.syns > 0:
            self.minutes[at + _RESENT] += 1
            if len(self.starts) < _MAX_STARTS:
                self.starts.append(connection.first_time_ns)
            return _SHOWS_STATE
        waited_ns = now_ns - server.syn_ns
        if outcome == _NEVER and client.syns == 1 and server.syns == 1 and client.segments == 1 and (
            waited_ns >= resend_due_ns(server)
        ):  # fmt: skip
            self.minutes[at + _NOT_RESENT] += 1
            self.note(_STATELESS, connection, waited_ns, -1)
            if self.stateless_ns == _UNKNOWN or connection.first_time_ns < self.stateless_ns:
                self.stateless_ns = connection.first_time_ns
            return _SHOWS_SILENCE
        return _SHOWS_NOTHING

    def _note_form(self, connection: Connection, at: int) -> int:
        """Note what the numbers and options of a SYN,ACK to a SYN that was captured tell; return what proves."""
        client = connection.client
        server = connection.server
        cells = self.minutes
        if server.first_window == 0:
            cells[at + _NO_WINDOW] += 1
        sign = options_sign(client, server)
        if sign >= 0:
            cells[at + sign] += 1
        sign = byte_sign(client, server)
        if sign >= 0:
            cells[at + sign] += 1
        sign = code_sign(client, server)
        if sign >= 0 and server.syn_tsval >> 6 != self.code_high:
            self.code_high = server.syn_tsval >> 6
            cells[at + sign] += 1
        if connection.before_ns == _UNKNOWN:
            return _SHOWS_NOTHING
        sign = isn_sign(
            client, server, connection.before_client_isn, connection.before_server_isn, connection.before_ns
        )
        if sign < 0:
            return _SHOWS_NOTHING
        cells[at + sign] += 1
        return _SHOWS_STATE if sign == _ISN_CLOCK else _SHOWS_SAME_ISN

    def _bucket(self, time_ns: int) -> int:
        """Return the bucket of the time line for a time, doubling their width where it does not reach."""
        while (time_ns - self.base_ns) // self.width_ns >= _BUCKETS:
            _halve(self.line, _LINES, _BUCKETS)
            self.width_ns *= 2
        return max(0, (time_ns - self.base_ns) // self.width_ns)

    def _minute(self, time_ns: int) -> int:
        """Return the bucket of the signs of cookies for a time."""
        if not self.has_minutes:
            self.has_minutes = 1
            self.minutes = array("q", bytes(8 * _MINUTES * _SIGNS))
        while (time_ns - self.base_ns) // self.minute_ns >= _MINUTES:
            _halve_rows(self.minutes, _MINUTES, _SIGNS)
            self.minute_ns *= 2
        return self.minute_of(time_ns)

    def minute_of(self, time_ns: int) -> int:
        """Return the bucket of the signs of cookies that a time was put into."""
        return min(max(0, (time_ns - self.base_ns) // self.minute_ns), _MINUTES - 1)


def _waited_ns(connection: Connection, server: int) -> int:
    """Return the ns between the SYNs that an end sent again, 0 where they are not known."""
    return connection.signs.total(_SYN_AGAIN, server) if connection.signs is not None else 0


def _halve(cells: "array[int]", rows: int, width: int) -> None:
    """Add up two neighbours each of every row."""
    for row in range(rows):
        for at in range(width):
            first = row * width + 2 * at
            cells[row * width + at] = cells[first] + cells[first + 1] if 2 * at < width else 0


def _halve_rows(cells: "array[int]", rows: int, width: int) -> None:
    """Add up two neighbouring rows each."""
    for row in range(rows):
        for at in range(width):
            first = 2 * row * width + at
            cells[row * width + at] = cells[first] + cells[first + width] if 2 * row < rows else 0

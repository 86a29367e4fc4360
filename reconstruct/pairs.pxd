cimport cython
from libc.stdint cimport int64_t

from reconstruct.connection cimport Connection

cdef int64_t _UNKNOWN, _MOST_PAIRS, _SPANS, _FIRST_SPAN_NS, _SHORT_NS, _SHORT_REQUESTS, _INITIAL_WINDOW, _RECENT_MASK
cdef int64_t _LEVELS
cdef int _NOT_REUSED, _OPENED, _LIVE, _CLIENT_WAITS, _SERVER_WAITS, _TIME_WAIT, _HALF_OPEN, _REFUSED, _MOST_FRAMES


@cython.final
cdef class Pair:
    cdef public int ip_version
    cdef public int64_t client_hi, client_lo, server_hi, server_lo, server_port
    cdef public int64_t first_frame, first_time_ns, last_time_ns
    cdef public int64_t connections, short, requests, resumed, bytes, handshake_ns, handshakes, setup_turns, encrypted
    cdef public int64_t rounds, life_ns, short_life_ns, short_trips, short_cost_ns, client_waits, server_waits
    cdef public int64_t reuses, reuses_by_isn, reuses_by_time, reuses_unlawful, reuses_while_open, reuses_refused, stale
    cdef public int64_t longest_idle_ns, server_idle_ns, stale_idle_ns, shortest_reuse_ns
    cdef public list short_frames, reuse_frames
    cdef public int64_t[::1] levels

    cdef int is_of(self, Connection connection) except -1
    @cython.locals(life_ns=int64_t, requests=int64_t, sent=int64_t, trip_ns=int64_t)
    cdef int count(self, Connection connection) except -1
    @cython.locals(trips=int64_t, window=int64_t)
    cdef int _count_short(self, Connection connection, int64_t sent, int64_t trip_ns, int64_t life_ns) except -1
    @cython.locals(closed_ns=int64_t, failed_ns=int64_t)
    cdef int _count_idle(self, Connection connection) except -1
    cdef int count_reuse(self, Connection connection, int refused) except -1
    cdef int change(self, int64_t level, int64_t span, int64_t by) except -1
    @cython.locals(first=int64_t, span=int64_t)
    cdef int fold(self) except -1


@cython.final
cdef class Pairs:
    cdef public int64_t time_wait_ns, origin_ns, span_ns, others, other_connections
    cdef public dict by_key
    cdef public list recent

    @cython.locals(unopened=bint, pair=Pair)
    cpdef int add(self, Connection connection, int opening, int64_t gone_ns) except -1
    @cython.locals(near=Py_ssize_t, pair=Pair)
    cpdef Pair of(self, Connection connection)
    @cython.locals(pair=Pair)
    cdef Pair _find(self, Connection connection)
    @cython.locals(pair=Pair)
    cdef int _drop_half(self) except -1
    cdef int _follow(self, Pair pair, Connection connection, int64_t gone_ns) except -1
    @cython.locals(ended_ns=int64_t, until_ns=int64_t)
    cdef int _hold_ends(self, Pair pair, Connection connection, int64_t gone_ns) except -1
    @cython.locals(last=int64_t)
    cdef int _hold(self, Pair pair, int64_t level, int64_t since_ns, int64_t until_ns) except -1
    @cython.locals(pair=Pair, until=int64_t, now=int64_t, end=int, level=int64_t)
    cpdef int release(self, Connection connection, int holder, int64_t since_ns, int64_t now_ns) except -1
    @cython.locals(pair=Pair)
    cdef int64_t _span(self, int64_t time_ns) except -1

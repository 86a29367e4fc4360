cimport cython
from libc.stdint cimport int64_t

cdef int64_t _BETWEEN_BURSTS_NS, _SLACK_NS, _SLACK_PERCENT, _MOST_WAIT_NS, _NS_PER_S, _UNIT, _MOST_QUOTA


@cython.final
@cython.no_gc
cdef class Pacer:
    cdef public int64_t departure_ns, burst_ns, last_ns, sent_to, fits, overs, unders, due_ns, waited_ns

    cpdef int reset(self) except -1
    @cython.locals(quota=int64_t)
    cpdef int64_t take(self, int64_t now_ns, int64_t sent_to, int64_t pacing) except? -1
    @cython.locals(waited_ns=int64_t, slack_ns=int64_t, quota=int64_t)
    cdef int64_t _begin_burst(self, int64_t now_ns) except? -1

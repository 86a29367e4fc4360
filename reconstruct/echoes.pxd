cimport cython
from libc.stdint cimport int64_t

from reconstruct.rtt cimport RoundTrips
from reconstruct.timestamp_clock cimport TimestampClock

cdef int64_t _UNKNOWN, _ROOM, _ROOM_MASK, _MASK32, _HALF32


@cython.final
@cython.no_gc
cdef class Echoes:
    cdef public RoundTrips trips
    cdef public TimestampClock clock
    cdef int64_t[::1] tsvals, times_ns
    cdef public int64_t first, count, newest, echoed, excess_ns

    cpdef int reset(self) except -1
    @cython.locals(at=int64_t)
    cpdef int goes(self, int64_t tsval, int64_t time_ns) except -1
    @cython.locals(sample_ns=int64_t)
    cpdef int64_t comes(self, int64_t tsval, int64_t tsecr, int64_t time_ns, int64_t least_ns) except? -1
    cdef int _drop(self) except -1
    @cython.locals(late_ns=int64_t, tick_ns=int64_t, excess_ns=int64_t)
    cdef int _judge_excess(self, int64_t sample_ns, int64_t least_ns) except -1

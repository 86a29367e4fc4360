cimport cython
from libc.stdint cimport int64_t

cdef int64_t _UNKNOWN, _FIRST_LOOK_NS, _DRIFT_SHIFT, _MASK32, _HALF32, _US, _MS


@cython.final
@cython.no_gc
cdef class TimestampClock:
    cdef public int64_t first_ns, first_tsval, tick_ns, late_ns, origin_ns, seen_ns, look_ns

    cpdef int reset(self) except -1
    @cython.locals(ticks=int64_t, elapsed_ns=int64_t)
    cpdef int note(self, int64_t tsval, int64_t time_ns) except -1
    cdef int _follow(self, int64_t lag_ns, int64_t since_ns) except -1
    @cython.locals(seen_ns=int64_t, tick_ns=int64_t)
    cdef int _judge_tick(self, int64_t ticks, int64_t elapsed_ns) except -1
    @cython.locals(ticks=int64_t, ago=int64_t)
    cpdef int64_t since_ns(self, int64_t tsval, int64_t time_ns) except? -1

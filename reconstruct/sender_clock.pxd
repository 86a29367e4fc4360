cimport cython
from libc.stdint cimport int64_t

cdef int64_t _UNKNOWN, _MICROSECOND, _MILLISECOND, _HZ_250, _HZ_100, _MASK32, _HALF32, _NONE, _MOST_TICKS
cdef int64_t _LEAST_TICKS, _LEAST_SPAN_NS, _CHECKED_SPAN_NS, _WINDOW_NS, _LONGEST_NS
cdef int _DRIFT_SHIFT


@cython.final
@cython.no_gc
cdef class SenderClock:
    cdef readonly int64_t tick_ns, tsval, ticks, first_ns, window_ns, drift_ns, check_ns
    cdef readonly int64_t trip_ns, phase_ns, turn_ns
    cdef int64_t sent_now, sent_before, most_now, most_before, least_now, least_before, trip_now, trip_before

    cpdef int reset(self) except -1
    cdef int _forget_windows(self) except -1
    @cython.locals(step=int64_t)
    cpdef int take(self, int64_t tsval, int64_t tap_ns) except -1
    @cython.locals(slip_ns=int64_t)
    cdef int _drift(self, int64_t tap_ns) except -1
    @cython.locals(span_ns=int64_t, measured_ns=int64_t, tick_ns=int64_t)
    cdef int _measure(self, int64_t tap_ns) except -1
    cpdef int answers(self, int64_t heard_ns, int64_t tap_ns) except -1
    @cython.locals(least_ns=int64_t)
    cpdef int precedes(self, int64_t heard_ns) except -1
    @cython.locals(most_ns=int64_t)
    cpdef int settle(self) except -1
    cpdef int64_t sent_ns(self) except? -1
    cpdef int64_t heard_ns(self, int64_t tap_ns) except? -1


@cython.locals(common_ns=int64_t)
cdef int64_t _common(int64_t tick_ns) except? -1

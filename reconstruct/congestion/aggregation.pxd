cimport cython
from libc.stdint cimport int64_t

cdef int64_t _ROUNDS, _MOST, _LONGEST_US
cdef int _SCALE


@cython.final
@cython.no_gc
cdef class Aggregation:
    cdef public int64_t since_us, acked, rounds, of_first, of_second
    cdef public int second

    cpdef int reset(self) except -1
    cpdef int begin(self, int64_t now_us) except -1
    cpdef int64_t most(self) except? -1
    @cython.locals(expected=int64_t, extra=int64_t)
    cpdef int take(self, int64_t now_us, int64_t acked, int64_t rate, int64_t cwnd, int round_start) except -1
    cdef int _keep(self, int64_t value) except -1

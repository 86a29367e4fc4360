cimport cython
from libc.stdint cimport int64_t

cdef int64_t _LEAST_FLIGHT
cdef int _NOTHING, _FIRST_FLIGHT, _ANSWERED


@cython.final
@cython.no_gc
cdef class Restart:
    cdef public int stage
    cdef public int64_t frame, before, window, answered_ns

    cpdef int reset(self) except -1
    cpdef int begin(self, int64_t before, int64_t window, int64_t frame) except -1
    cpdef int heard(self, int64_t flight, int64_t time_ns) except -1
    @cython.locals(trips=int64_t)
    cpdef int64_t sent(self, int64_t time_ns, int64_t prompt_ns) except -1

cimport cython
from libc.stdint cimport int64_t

cdef int64_t _PACED, _MOST, _MISS, _LOW, _HIGH, _SHIFT, _MAX_BURST


@cython.final
@cython.no_gc
cdef class Pace:
    cdef public int64_t began_ns, sent, burst, spacing, usual, matches
    cdef public int prompted

    cpdef int reset(self) except -1
    cpdef int begin(self, int64_t time_ns, bint prompt) except -1
    cpdef int fits(self) except -1
    cpdef int keep(self) except -1
    cpdef int drop(self) except -1
    cpdef int is_paced(self) except -1
    cpdef int64_t until_ns(self) except? -1

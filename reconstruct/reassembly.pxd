cimport cython
from libc.stdint cimport int64_t

from reconstruct.ranges cimport RangeSet


@cython.final
@cython.no_gc
cdef class Stream:
    cdef public int64_t edge, highest, unique, missing
    cdef public RangeSet above

    cpdef int reset(self) except -1
    cpdef int start_at(self, int64_t offset) except -1
    @cython.locals(fresh=int64_t)
    cpdef int64_t insert(self, int64_t start, int64_t end) except -1
    @cython.locals(fresh=int64_t)
    cdef int64_t _insert_beside(self, int64_t start, int64_t end) except -1
    cdef int _close_up(self, RangeSet above) except -1
    cpdef int64_t unseen(self, int64_t start, int64_t end) except -1
    @cython.locals(gap=int64_t)
    cpdef int64_t acknowledged(self, int64_t ack) except -1

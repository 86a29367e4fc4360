cimport cython
from libc.stdint cimport int64_t

from reconstruct.ranges cimport RangeSet

cdef int64_t _UNKNOWN, _NONE, _FIRST_ROOM


@cython.final
cdef class SegmentPool:
    cdef public int64_t room, used, free
    cdef public int64_t[::1] end, sent_ns, following

    @cython.locals(node=int64_t)
    cpdef int64_t take(self, int64_t end, int64_t sent_ns) except -1
    cdef int _grow(self) except -1


@cython.final
@cython.no_gc
cdef class Scoreboard:
    cdef public int64_t head, tail, passed, count, sacked_to, first_sent_ns, last_sent_ns
    cdef public int marked
    cdef public RangeSet again, sacked

    cpdef int reset(self) except -1
    @cython.locals(node=int64_t)
    cpdef int sent(self, SegmentPool pool, int64_t end, int64_t now_ns) except -1
    cpdef int resent(self, int64_t seq, int64_t end) except -1
    @cython.locals(node=int64_t, sampled=int)
    cpdef int reported(self, SegmentPool pool, int64_t start, int64_t end) except -1
    cdef int _take_time(self, int64_t sent_ns) except -1
    cpdef int begin(self) except -1
    @cython.locals(node=int64_t, sampled=int)
    cpdef int acknowledged(self, SegmentPool pool, int64_t ack) except -1
    @cython.locals(following=int64_t)
    cdef int64_t _drop(self, SegmentPool pool, int64_t node) except? -2
    @cython.locals(node=int64_t, sampled=int, clean=bint, first_ns=int64_t, last_ns=int64_t)
    cdef int _acknowledged_in_part(self, SegmentPool pool, int64_t ack) except -1
    cdef int _forget_below(self, int64_t ack) except -1
    cpdef int release(self, SegmentPool pool) except -1


cdef int _holds(RangeSet marks, int64_t end) except -1

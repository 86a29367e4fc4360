cimport cython
from libc.stdint cimport int64_t

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
    cdef public int64_t head, tail, count, ambiguous_below, first_sent_ns, last_sent_ns

    cpdef int reset(self) except -1
    @cython.locals(node=int64_t)
    cpdef int sent(self, SegmentPool pool, int64_t end, int64_t now_ns) except -1
    cpdef int resent(self, int64_t highest) except -1
    @cython.locals(node=int64_t, following=int64_t, sampled=int)
    cpdef int acknowledged(self, SegmentPool pool, int64_t ack) except -1
    cpdef int release(self, SegmentPool pool) except -1

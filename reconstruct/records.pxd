cimport cython
from libc.stdint cimport int64_t

from reconstruct.connection cimport Connection
from reconstruct.fit cimport is_beyond
from reconstruct.segment cimport Segment

cdef int64_t _WORDS, _HALF_OPEN, _FINISHED, _FREE, _FIRST_ROOM, _MASK16, _MASK32, _BASED, _VERSION_6
cdef int _HOLDER_SHIFT, _TIME_WAIT, _NOT_REUSED, _BY_ISN, _UNLAWFULLY
cdef int _SYN, _ACK, _KIND_SHIFT, _TAG_SHIFT, _TTL_SHIFT, _COOKIE_SHIFT
cdef int64_t _FRAME_MASK
cdef object _NOTHING


@cython.final
cdef class Records:
    cdef public int64_t room, used, free
    cdef public object buffer
    cdef int64_t[::1] cells

    @cython.locals(more=int64_t)
    cdef int _grow(self) except -1
    @cython.locals(record=int64_t)
    cpdef int64_t take(self) except -1
    cpdef int give_back(self, int64_t record) except -1
    cpdef int kind(self, int64_t record) except -1
    cpdef int64_t flow(self, int64_t record) except -1
    cpdef int64_t time_ns(self, int64_t record) except? -1
    cpdef int64_t domain(self, int64_t record) except? -1
    @cython.locals(at=int64_t)
    cpdef int load_key(self, int64_t record, Segment segment) except -1
    @cython.locals(record=int64_t, at=int64_t, version=int64_t, options=int64_t)
    cpdef int64_t put_syn(self, Segment segment, int64_t flow, int64_t domain) except -1
    @cython.locals(at=int64_t)
    cpdef int load_syn(self, int64_t record, Segment segment) except -1
    @cython.locals(record=int64_t, at=int64_t, version=int64_t, holder=int64_t, last=int64_t)
    cpdef int64_t put_finished(self, Connection connection) except -1
    cpdef int holder(self, int64_t record) except -1
    cpdef int reuse(self, int64_t record, Segment segment, int side) except -1
    @cython.locals(at=int64_t, ports=int64_t)
    cpdef int matches(self, int64_t record, Segment segment, int64_t domain) except -1
    @cython.locals(word=int64_t)
    cpdef int reopens(self, int64_t record, Segment segment, int side) except -1
    @cython.locals(at=int64_t, peer=int64_t, before=int64_t)
    cpdef int hear(self, int64_t record, Segment segment, int side) except -1

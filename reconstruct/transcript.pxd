cimport cython
from libc.stdint cimport int64_t

from reconstruct.flow_control cimport OfferedWindow
from reconstruct.segment cimport Segment
from reconstruct.sender_event cimport SenderEvent, SenderSink
from reconstruct.seq cimport unwrap

cdef int64_t _UNKNOWN, _FIRST_ROOM, _CELLS, _MOST_CELLS
cdef int _SENT, _HEARD, _TIMESTAMPS
cdef SenderEvent _EVENT


@cython.final
@cython.no_gc
cdef class Transcript:
    cdef public OfferedWindow offered
    cdef int64_t[::1] cells
    cdef int64_t room, used
    cdef public int64_t count, flow, first, una, mss, window, near_ns, far_ns
    cdef public int begun, server, seen, sack, timestamps, ecn

    cpdef int reset(self) except -1
    cpdef int64_t trip_ns(self) except? -1
    @cython.locals(larger=int64_t[::1], cell=int64_t)
    cdef int64_t _reserve(self) except -1
    @cython.locals(at=int64_t)
    cpdef int note_sent(self, Segment segment, int64_t highest, int64_t row) except -1
    @cython.locals(at=int64_t, edge=int64_t)
    cpdef int note_heard(self, Segment segment, int64_t isn, int64_t window, int64_t row) except -1
    cdef int _note(self, int64_t at, Segment segment, int64_t row) except -1
    @cython.locals(event=SenderEvent, at=int64_t)
    cpdef int tell(self, SenderSink sink) except -1
    @cython.locals(edge=int64_t)
    cdef int64_t _load(self, SenderEvent event, int64_t at) except -1

cimport cython
from libc.stdint cimport int64_t

from reconstruct.sender_event cimport SenderEvent

cdef int64_t _CELLS, _FIRST_ROOM, _ROOM_KEPT, _TAP, _SEQ, _END, _FRESH, _TSVAL, _BLOCKS


@cython.final
@cython.no_gc
cdef class EventQueue:
    cdef int64_t[::1] cells
    cdef int64_t head
    cdef readonly int64_t room, count

    cpdef int clear(self) except -1
    cpdef int push(self, SenderEvent event) except -1
    @cython.locals(larger=int64_t[::1], room=int64_t, old=int64_t, index=int64_t, cell=int64_t)
    cdef int _grow(self) except -1
    cpdef int pop(self, SenderEvent event) except -1
    cpdef int64_t tap_ns(self, int64_t index) except? -1
    cpdef int64_t tsval(self, int64_t index) except? -1
    cpdef int64_t seq(self, int64_t index) except? -1
    cpdef int64_t end(self, int64_t index) except? -1
    cpdef int64_t blocks(self, int64_t index) except? -1
    cpdef int64_t fresh(self, int64_t index) except? -1

cimport cython
from libc.stdint cimport int64_t

from reconstruct.congestion.base cimport CongestionModel
from reconstruct.congestion.sender_state cimport SenderState


@cython.final
@cython.no_gc
cdef class Candidates:
    cdef public list models
    cdef public int count

    @cython.locals(index=int, model=CongestionModel)
    cpdef int start(self, int64_t window) except -1
    @cython.locals(index=int, model=CongestionModel)
    cpdef int close_opportunity(self, SenderState state, int64_t sent) except -1
    @cython.locals(index=int, model=CongestionModel)
    cpdef int sent(self, SenderState state, int64_t excess) except -1
    @cython.locals(index=int, model=CongestionModel)
    cpdef int after_ack(self, SenderState state) except -1
    @cython.locals(index=int, model=CongestionModel)
    cpdef int after_timer(self, SenderState state) except -1
    @cython.locals(index=int, model=CongestionModel)
    cpdef int reduce(self, SenderState state, int undoable) except -1
    @cython.locals(index=int, model=CongestionModel)
    cpdef int end_reduction(self, SenderState state) except -1
    @cython.locals(index=int, model=CongestionModel)
    cpdef int time_out(self, SenderState state, int first) except -1
    @cython.locals(index=int, model=CongestionModel)
    cpdef int undo(self, SenderState state) except -1
    @cython.locals(index=int, model=CongestionModel)
    cpdef int resume(self, SenderState state, int64_t idle_ns) except -1

cimport cython
from libc.stdint cimport int64_t

from reconstruct.congestion.delivery cimport Delivery
from reconstruct.congestion.pieces cimport Pieces
from reconstruct.congestion.sender_state cimport SenderState

cdef int64_t _UNKNOWN, _DEAD, _RESENT, _MOST_STEPS, _STEPS_KEPT
cdef int _RECOVERY


@cython.no_gc
cdef class LossDetection(Delivery):
    cdef public int64_t losses

    @cython.locals(state=SenderState, flags=int64_t)
    cpdef int mark_lost(self, int64_t piece) except -1
    @cython.locals(
        state=SenderState, pieces=Pieces, wait_ns=int64_t, piece=int64_t, sent_ns=int64_t, following=int64_t
    )
    cpdef int detect_losses(self) except -1
    @cython.locals(state=SenderState)
    @cython.final
    cdef int64_t _reordering_window_ns(self) except? -1
    @cython.locals(state=SenderState)
    @cython.final
    cdef int identify_losses(self) except -1
    @cython.final
    cdef int mark_head(self) except -1
    @cython.final
    cdef int widen_for_dsack(self) except -1

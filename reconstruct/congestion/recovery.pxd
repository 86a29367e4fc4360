cimport cython
from libc.stdint cimport int64_t

from reconstruct.congestion.candidates cimport Candidates
from reconstruct.congestion.loss_detection cimport LossDetection
from reconstruct.congestion.pieces cimport Pieces
from reconstruct.congestion.sender_state cimport SenderState
from reconstruct.sender_event cimport SenderEvent

cdef int64_t _UNKNOWN, _SACKED, _DEAD, _RESENT, _EVER_RESENT, _STEPS_KEPT, _MASK32, _HALF32
cdef int _OPEN, _DISORDER, _CWR, _RECOVERY, _LOSS, _NEW_DATA_FIRST


@cython.no_gc
cdef class Recovery(LossDetection):
    cdef public Candidates candidates
    cdef public int probe_resent, frto, has_resent
    cdef public int64_t timeouts, reductions, probe_seq, resent_tsval

    cpdef int reset_recovery(self) except -1
    @cython.locals(
        state=SenderState, pieces=Pieces, fresh=int, first=int, number=int64_t, flags=int64_t, young=bint
    )
    @cython.final
    cdef int time_out(self, int64_t piece) except -1
    @cython.locals(state=SenderState)
    @cython.final
    cdef int enter_recovery(self, int ece) except -1
    @cython.locals(state=SenderState)
    @cython.final
    cdef int _enter_cwr(self) except -1
    @cython.locals(state=SenderState)
    @cython.final
    cdef int _begin_reduction(self, int undoable) except -1
    cpdef int may_undo(self, SenderEvent event) except -1
    cpdef int is_delayed(self, SenderEvent event) except -1
    @cython.final
    cdef int _undo(self) except -1
    @cython.final
    cdef int _undo_by_dsack(self) except -1
    @cython.locals(pieces=Pieces, piece=int64_t)
    @cython.final
    cdef int _unmark_losses(self) except -1
    @cython.locals(state=SenderState, undo=int)
    @cython.final
    cdef int _end_episode(self, SenderEvent event) except -1
    @cython.locals(state=SenderState)
    @cython.final
    cdef int _go_on_recovering(self, SenderEvent event) except -1
    @cython.locals(state=SenderState, recovered=bint, answers_original=bint)
    @cython.final
    cdef int _go_on_after_timeout(self, SenderEvent event, int same) except -1
    @cython.locals(state=SenderState)
    @cython.final
    cdef int _recovered(self, SenderEvent event) except -1
    @cython.final
    cdef int _undo_timeout(self) except -1
    @cython.locals(pieces=Pieces)
    @cython.final
    cdef int _any_resent(self) except -1
    @cython.locals(state=SenderState)
    @cython.final
    cdef int _try_to_open(self) except -1
    @cython.locals(state=SenderState, was=int)
    @cython.final
    cdef int _keep_open(self) except -1
    @cython.locals(state=SenderState, done=int)
    @cython.final
    cdef int take_alert(self, SenderEvent event, int same) except -1
    @cython.final
    cdef int _go_on(self, SenderEvent event, int same) except -1
    @cython.locals(state=SenderState)
    @cython.final
    cdef int answer_probe(self, SenderEvent event, int same) except -1

cimport cython
from libc.stdint cimport int64_t

from reconstruct.congestion.sender_state cimport SenderState

cdef int64_t _UNKNOWN, _NO_SSTHRESH, _LEAST_SSTHRESH, _INITIAL_WINDOW, _DEFER_SHARE
cdef int _BEYOND, _SHORT
cdef int _NAMELESS, _DISORDER, _DUP_THRESH, _OPEN, _RECOVERY, _LOSS, _IN_SLOW_START, _AVOIDING, _IN_RECOVERY, _IN_LOSS


@cython.no_gc
cdef class CongestionModel:
    cdef public int kind, alive, limited, restarts
    cdef public int64_t cwnd, ssthresh, count, initial_window, prior_cwnd, prior_ssthresh
    cdef public int64_t most_out, most_used, usage_seq, used_ns
    cdef public int64_t fits, overs, unders, raised, largest, rested_cwnd, rested_ssthresh
    cdef public int64_t unraised, off, against, against_frame, allowed, seen, ended_frame

    cpdef int start(self, int64_t window) except -1
    @cython.locals(graver=bint, off=int64_t)
    cpdef int contradict(self, int64_t how, int64_t frame, int64_t allowed, int64_t seen) except -1
    @cython.locals(in_flight=int64_t, limited=int)
    cpdef int close_opportunity(self, SenderState state, int64_t sent) except -1
    @cython.final
    cdef int _validate(self, SenderState state, int limited) except -1
    @cython.locals(used=int64_t)
    @cython.final
    cdef int _shrink_unused(self, SenderState state) except -1
    cpdef int is_limited(self) except -1
    cpdef int64_t kept_ssthresh(self) except? -1
    cpdef int64_t chances(self) except? -1
    @cython.locals(chances=int64_t)
    cpdef int64_t score(self, int64_t sent) except? -1
    @cython.locals(over=int64_t)
    cpdef int sent(self, SenderState state, int64_t excess) except -1
    cpdef int after_ack(self, SenderState state) except -1
    cpdef int after_timer(self, SenderState state) except -1
    @cython.locals(in_flight=int64_t, room=int64_t, more=int64_t)
    @cython.final
    cdef int _reduce_by_rate(self, SenderState state) except -1
    cpdef int grow(self, SenderState state, int64_t acked) except -1
    @cython.locals(grown=int64_t)
    cpdef int64_t slow_start(self, int64_t acked) except? -1
    @cython.locals(steps=int64_t)
    cpdef int avoid(self, int64_t window, int64_t acked) except -1
    cpdef int64_t reduced(self) except? -1
    cpdef int reduce(self, SenderState state, int undoable) except -1
    cpdef int end_reduction(self, SenderState state) except -1
    cpdef int time_out(self, SenderState state, int first) except -1
    cpdef int forget(self, SenderState state) except -1
    cpdef int undo(self, SenderState state) except -1
    @cython.locals(least=int64_t)
    cpdef int restart(self, SenderState state, int64_t idle_ns) except -1
    cpdef int resume(self, SenderState state, int64_t idle_ns) except -1
    cpdef int phase(self, SenderState state) except -1

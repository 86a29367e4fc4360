cimport cython
from libc.stdint cimport int64_t

from reconstruct.congestion.pieces cimport Pieces
from reconstruct.congestion.recovery cimport Recovery
from reconstruct.congestion.sender_state cimport SenderState
from reconstruct.sender_event cimport SenderEvent

cdef int64_t _UNKNOWN, _SACKED, _DEAD, _RESENT, _EVER_RESENT, _PROBE_SLACK_NS, _PROBE_DELAYED_ACK_NS, _JIFFY_NS
cdef int _SENT, _ECE, _OPEN, _CWR, _RECOVERY, _LOSS, _NEW_DATA_FIRST
cdef int _BY_TIMER, _TAIL_PROBE, _WINDOW_PROBE, _KEEP_ALIVE, _DUPLICATE, _OUT_OF_ORDER, _INVALID


@cython.no_gc
cdef class LossMachine(Recovery):
    cdef public int ecn
    cdef public int64_t sent_since, sent_segments, heard_ns

    cpdef int reset_machine(self) except -1
    cpdef int take(self, SenderEvent event) except -1
    cpdef int take_sent(self, SenderEvent event) except -1
    @cython.locals(state=SenderState)
    @cython.final
    cdef int _take_bytes(self, SenderEvent event) except -1
    @cython.locals(state=SenderState, probe=int, start=int64_t, before=int64_t)
    @cython.final
    cdef int _send(self, SenderEvent event) except -1
    @cython.locals(state=SenderState, last_ns=int64_t)
    @cython.final
    cdef int _is_probe(self) except -1
    @cython.locals(state=SenderState, slack_ns=int64_t)
    cpdef int64_t probe_ns(self) except? -1
    @cython.locals(state=SenderState, pieces=Pieces, piece=int64_t)
    @cython.final
    cdef int _resend(self, SenderEvent event) except -1
    @cython.locals(state=SenderState, pieces=Pieces, end=int64_t, exact=bint, more=int64_t)
    @cython.final
    cdef int64_t _recut(self, int64_t piece, SenderEvent event) except? -1
    @cython.locals(state=SenderState, flags=int64_t)
    @cython.final
    cdef int _resend_piece(self, int64_t piece, SenderEvent event) except -1
    @cython.locals(state=SenderState, before=int64_t)
    @cython.final
    cdef int _explain(self, int64_t piece) except -1
    @cython.final
    cdef int _is_in_flight(self, int64_t piece) except -1
    @cython.locals(state=SenderState, prior_una=int64_t, delivered=int64_t, losses=int64_t, same=int)
    cpdef int take_heard(self, SenderEvent event) except -1
    @cython.locals(state=SenderState)
    @cython.final
    cdef int _take_ack(self, SenderEvent event) except -1


cdef int _is_aside(int kind) except -1

cimport cython
from libc.stdint cimport int64_t

from reconstruct.congestion.pieces cimport Piece, Pieces
from reconstruct.congestion.sender_state cimport SenderState
from reconstruct.congestion.sender_timer cimport SenderTimer
from reconstruct.sender_event cimport SenderEvent, SenderSink

cdef int64_t _UNKNOWN, _MOST_REORDERING, _NS_PER_MS, _MASK32, _HALF32
cdef int64_t _SACKED, _DEAD, _RESENT, _EVER_RESENT, _APP_LIMITED
cdef int _LOSS


@cython.no_gc
cdef class Delivery(SenderSink):
    cdef public SenderState state
    cdef public Pieces pieces
    cdef public SenderTimer timer
    cdef public int overflowed, has_sack, has_timestamps, rack_moved, dsack_seen
    cdef public int original, dsacked, lost_resent, resent_acked
    cdef public int64_t rack_ns, rack_end, rack_rtt_ns, dsack_count, resent_count
    cdef public int64_t steps, steps_kept, steps_delivered, reorderings, undo_count, newly_sacked
    cdef public int64_t sacked_high, prior_high, sack_first_ns, sack_last_ns, sample_end, tsval, tsval_ns

    cpdef int reset_delivery(self) except -1
    cpdef int begin_ack(self) except -1
    @cython.locals(state=SenderState, control=int64_t, edge=int64_t)
    cpdef int send_new(self, int64_t start, int64_t end, int64_t payload_len) except -1
    @cython.locals(state=SenderState, rtt_ns=int64_t)
    @cython.final
    cdef int _deliver(self, Piece piece) except -1
    @cython.locals(state=SenderState, newer=bint)
    @cython.final
    cdef int _sample_rate(self, Piece piece) except -1
    @cython.locals(first=int, block=int, highest=int64_t, low=int64_t, start=int64_t, end=int64_t, below=int64_t)
    cpdef int take_blocks(self, SenderEvent event, int64_t prior_una) except -1
    @cython.locals(state=SenderState, count=int64_t)
    @cython.final
    cdef int _take_dsack(self, int64_t start, int64_t end, int64_t prior_una) except -1
    @cython.locals(state=SenderState, piece=int64_t, flags=int64_t)
    @cython.final
    cdef int _take_dsack_inside(self, int64_t start, int64_t end) except -1
    @cython.locals(pieces=Pieces, low=int64_t, piece=int64_t)
    @cython.final
    cdef int64_t _sack(self, int64_t start, int64_t end, int64_t highest) except? -1
    @cython.locals(state=SenderState, piece=Piece, flags=int64_t)
    @cython.final
    cdef int _sack_piece(self, int64_t number) except -1
    @cython.locals(state=SenderState, distance=int64_t)
    cpdef int note_reordering(self, int64_t low) except -1
    @cython.locals(
        state=SenderState, pieces=Pieces, first_ns=int64_t, last_ns=int64_t, low=int64_t, removed=int64_t,
        piece=Piece
    )
    cpdef int64_t remove_acked(self, SenderEvent event) except? -1
    @cython.locals(state=SenderState)
    @cython.final
    cdef int _remove_dup_acks(self, int64_t removed) except -1
    @cython.locals(state=SenderState, newest_ns=int64_t, oldest_ns=int64_t)
    @cython.final
    cdef int _take_round_trip(self, SenderEvent event, int64_t first_ns, int64_t last_ns, int64_t removed) except -1
    @cython.locals(ticks=int64_t)
    @cython.final
    cdef int64_t _echoed_ns(self, SenderEvent event) except? -1

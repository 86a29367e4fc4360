cimport cython
from libc.stdint cimport int64_t

from reconstruct.gaps cimport Gaps
from reconstruct.sender_clock cimport SenderClock

cdef int64_t _COPIED_AT_ONCE_NS
cdef int64_t _UNKNOWN, _TIMEOUT_MIN_NS, _KEPT, _CELLS, _FIRST_KEPT
cdef int64_t _MASK16, _HALF16, _MASK32, _HALF32
cdef int _OPEN, _OLDER, _NEWER, _UNDECIDED, _IP_ID_TRUSTED, _IP_ID_RUN, _IP_ID_PROVEN, _PROOF_KEPT


@cython.final
@cython.no_gc
cdef class SenderModel:
    cdef public int state, backoff, seen_before, undone, frto, ended_state, ip_id_trust, ip_id_run, ip_id_proof
    cdef public int64_t high_seq, probe_end, sacked_to, una_before, acked_ns, head_ns, sent_ns, heard_ns, seen_ns
    cdef public int64_t told_nxt, told_since_ns, ended_high, ended_ns, ended_tsval
    cdef public int64_t tsval, sent_tsval, ip_id, ip_id_pieces, last_start, last_end, last_ip_id, last_ns
    cdef public Gaps gaps
    cdef public SenderClock clock
    cdef public int64_t resent_room, resent_count, resent_high, refused_end
    cdef int64_t[::1] resent

    cpdef int reset(self) except -1
    @cython.locals(ticks=int64_t)
    cpdef int order(self, int64_t tsval, int64_t ip_id) except -2
    @cython.locals(left=int64_t, order=int)
    cpdef int order_beside_gap(self, int64_t offset, int64_t tsval, int64_t ip_id) except -2
    cpdef int64_t left_ns(self, int64_t offset) except? -1
    cpdef int note_gap(self, int64_t start, int64_t time_ns, int64_t tsval, int64_t ip_id) except -1
    cpdef int note_empty(
        self, int64_t seq, int64_t time_ns, int64_t tsval, int64_t ip_id, int64_t highest
    ) except -1
    cpdef int note_last(self, int64_t start, int64_t end, int64_t ip_id, int64_t time_ns) except -1
    cpdef int is_copy_of_last(self, int64_t start, int64_t end, int64_t ip_id, int64_t time_ns) except -1
    cpdef int note_sent(self, int64_t tsval, int64_t ip_id, int64_t pieces, int64_t time_ns) except -1
    @cython.locals(step=int64_t)
    cdef int _note_ip_id(self, int64_t ip_id, int64_t pieces, int64_t time_ns) except -1
    @cython.locals(ticks=int64_t, quiet_ns=int64_t)
    cpdef int64_t hidden_ns(self, int64_t tsval, int64_t time_ns) except? -1
    @cython.locals(rested=bint)
    cdef int _prove_ip_id(self, int64_t time_ns) except -1
    cpdef int may_be_late(self, int64_t seq, int64_t time_ns) except -1
    @cython.locals(proof=int64_t)
    cpdef int counts_alone(self) except -1
    @cython.locals(step=int64_t)
    cpdef int64_t skipped(self, int64_t ip_id, int64_t most) except -1
    cpdef int note_ack(self, int64_t ack, int64_t time_ns) except -1
    cdef int _end(self) except -1
    cpdef int undo(self) except -1
    cpdef int note_end(self, int64_t time_ns, int64_t tsval) except -1
    cpdef int was_within(self, int64_t seq, int64_t tsecr, int64_t time_ns, int64_t tap_ns) except -1
    @cython.locals(at=int64_t)
    cpdef int note_resent(
        self, int64_t start, int64_t end, int64_t tsval, int64_t time_ns, int64_t row, int64_t kind
    ) except -1
    @cython.locals(larger=int64_t[::1], cell=int64_t, half=int64_t, count=int64_t)
    cdef int _make_room(self) except -1
    cpdef int64_t entry(self, int64_t index, int64_t cell) except? -1
    cpdef int decide(self, int64_t index, int64_t verdict) except -1

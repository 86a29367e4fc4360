cimport cython
from libc.stdint cimport int64_t

from reconstruct.echoes cimport Echoes
from reconstruct.flow_control cimport OfferedWindow
from reconstruct.follower cimport Follower
from reconstruct.reassembly cimport Stream
from reconstruct.rtt cimport RoundTrips, RttEstimator
from reconstruct.scoreboard cimport Scoreboard
from reconstruct.sender_model cimport SenderModel
from reconstruct.states cimport next_state
from reconstruct.transcript cimport Transcript
from reconstruct.window_scale cimport ScaleGuess
from reconstruct.troubles cimport Troubles

cdef int64_t _UNKNOWN, _AT_END_RATIO, _MAX_BACKOFF, _MAX_RTO_NS
cdef int _NO_MOVE, _NO_EVENT, _NOT_OFFERED, _TIMESTAMPS
cdef int64_t _TIMESTAMPS_LENGTH


@cython.final
@cython.no_gc
cdef class Endpoint:
    cdef public Stream stream
    cdef public OfferedWindow offered
    cdef public Scoreboard board
    cdef public SenderModel model
    cdef public RttEstimator rtt
    cdef public Transcript transcript
    cdef public Follower follower
    cdef public Troubles troubles
    cdef public ScaleGuess guess
    cdef public RoundTrips whole
    cdef public Echoes echoes
    cdef public int state, undo_state, undo_event, fin_pending, based, asked, dup_acks_now
    cdef public int64_t undo_row, undo_since, answer_from_ns
    cdef public int64_t isn, snd_una, fin_end, shift, near_ns
    cdef public int64_t outside_from, outside_end, unsent_ack, unsent_edge, reset_at
    cdef public int64_t silent_since_ns, silent_frame, ttl
    cdef public int syns, bare_syns, syn_options, syn_ecn, window_scale, initial_phase, syn_data_taken, syn_data_sent
    cdef public int syn_data_heard
    cdef public int counts_marks
    cdef public int64_t syn_payload, mss, syn_ns, initial_window, initial_tsval, initial_until_ns
    cdef public int64_t syn_window, scale_denied, scale_least, scale_most
    cdef public int64_t first_window, syn_tsval, later_tsval, later_ns, unheeded_acks
    cdef public int syn_ttl, syn_fast_open
    cdef public int64_t segments, data_segments, payload, fins, syn_retransmissions, out_of_order
    cdef public int64_t fast, recovery, timeouts, slow_start, tail_probes, unexplained, spurious, needless_probes
    cdef public int64_t network_duplicates, dup_acks, window_probes, keep_alives, flight_max
    cdef public int64_t invalid_segments, oversized_segments, stale_resets
    cdef public int64_t missing_frame, invalid_frame, oversized_frame

    cpdef int reset(self, int state) except -1
    @cython.locals(leg_ns=int64_t)
    cpdef int sample(self, int64_t newest_ns, int64_t oldest_ns, int64_t time_ns=*) except -1
    cdef int _add_whole(self, int64_t trip_ns) except -1
    cpdef int recall(self, int64_t time_ns) except -1
    @cython.locals(trip_ns=int64_t, leg_ns=int64_t)
    cpdef int sample_by_timestamp(self, int64_t tsecr, int64_t time_ns) except -1
    cpdef int64_t leg_ns(self) except? -1
    cpdef int is_tapped(self) except -1
    cpdef int note_near(self, int64_t trip_ns) except -1
    cpdef int hear(self, int64_t tsval, int64_t time_ns) except -1
    @cython.locals(trip_ns=int64_t)
    cpdef int answer(self, int64_t tsval, int64_t tsecr, int64_t time_ns) except -1
    cpdef int64_t srtt_ns(self) except? -1
    cpdef int64_t timeout_ns(self) except? -1
    cdef int _forget_round_trips(self) except -1
    cdef int _forget_gaps(self) except -1
    cdef int _start_opening(self) except -1
    cdef int _start_counting(self) except -1
    cpdef int start_at(self, int64_t isn, int64_t offset) except -1
    cpdef int renumber(self, int64_t isn) except -1
    @cython.locals(target=int)
    cpdef int move(self, int event) except -1
    cpdef int undo(self) except -1
    cpdef int64_t flight(self) except? -1
    cpdef int64_t scaled(self, int64_t window) except? -1
    cpdef Troubles need_troubles(self)
    @cython.locals(most=int64_t)
    cpdef int64_t full_size(self, int64_t peer_mss) except? -1
    @cython.locals(control=int64_t)
    cpdef int64_t unique_payload(self) except? -1

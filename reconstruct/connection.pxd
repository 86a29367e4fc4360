cimport cython
from libc.stdint cimport int64_t

from reconstruct.acceptance cimport refused
from reconstruct.conduct cimport Conduct
from reconstruct.endpoint cimport Endpoint
from reconstruct.follower cimport Followers
from reconstruct.journal cimport record_segment, record_window
from reconstruct.kinds cimport classify
from reconstruct.lost_copies cimport explain_late
from reconstruct.offsets cimport locate
from reconstruct.opening cimport count_first_flight, note_first_ack, note_syn, note_timestamps
from reconstruct.retransmission cimport explain, may_probe
from reconstruct.round_trip cimport time_ack, time_sack
from reconstruct.scoreboard cimport SegmentPool
from reconstruct.segment cimport Segment
from reconstruct.sender_feed cimport begin_transcript, finish_end, look, release_end
from reconstruct.spurious cimport judge_timeout

cdef int64_t _UNKNOWN, _MASK, _NO_ROW, _LEAST_SYN_TIMER_NS, _FULL
cdef int _ACK, _FIN, _RST, _SYN, _SYN_OR_RST, _FIN_SYN_RST, _ESTABLISHED, _CLOSED, _LISTEN
cdef int64_t _MAX_UNHEARD
cdef int _OLD_DATA, _TIMESTAMPS, _ASKED_CHALLENGE, _COUNTING, _COUNTED, _NEW, _INVALID, _DUPLICATE
cdef int _PROBE, _KEEP_ALIVE
cdef int _RECOVERY_EXIT, _CAPTURE_GAP, _RULE_VIOLATION, _STALE_RESET, _OUTSIDE_WINDOW, _LOSS


@cython.final
@cython.no_gc
cdef class Connection(Conduct):
    cdef public SegmentPool pool
    cdef public Followers followers
    cdef public int64_t reordering_ns, max_outstanding
    cdef public int64_t client_hi, client_lo, server_hi, server_lo
    cdef public int client_port, server_port, ip_version
    cdef public int64_t domain, vlan, slot, queued
    cdef public int role_known
    cdef public int64_t acked_ns, before_client_isn, before_server_isn, before_ns
    cdef public int64_t first_frame, last_frame, segments, first_time_ns, last_time_ns

    cpdef int reset(self, int64_t number) except -1
    @cython.locals(from_client=bint)
    cpdef int begin(self, Segment segment) except -1
    cdef int _set_ends(
        self, int64_t hi, int64_t lo, int port, int64_t peer_hi, int64_t peer_lo, int peer_port
    ) except -1
    cpdef int load_key(self, Segment segment) except -1
    cpdef int is_from_client(self, Segment segment) except -1
    @cython.locals(sender=Endpoint, receiver=Endpoint, head_ns=int64_t)
    cpdef int replay(self, Segment segment) except -1
    cpdef int64_t soonest_ns(self) except? -1
    @cython.locals(ack=int64_t)
    cdef int _confirm_gap(self, Endpoint sender, Segment segment) except -1
    cdef int _note_gap(self, Endpoint end, Segment segment, int64_t missing) except -1
    cdef int _number(self, Endpoint sender, Endpoint receiver, Segment segment) except -1
    cdef int _refuse(self, Endpoint sender, Endpoint receiver, Segment segment) except -1
    @cython.locals(flight=int64_t, changed=int, tsval=int64_t)
    cdef int _take(self, Endpoint sender, Endpoint receiver, Segment segment) except -1
    @cython.locals(sent_row=int64_t, heard_row=int64_t)
    cdef int _tell(
        self, Endpoint sender, Endpoint receiver, Segment segment, int64_t highest, int changed
    ) except -1
    @cython.locals(from_client=bint, near_ns=int64_t, far_ns=int64_t)
    cdef int _tell_sent(
        self, Endpoint sender, Endpoint receiver, Segment segment, int64_t highest, int64_t row
    ) except -1
    cpdef int finish(self) except -1
    cpdef int release(self) except -1
    @cython.locals(highest=int64_t, gap=int64_t, limit=int64_t)
    cdef int _send_text(self, Endpoint sender, Endpoint receiver, Segment segment) except -1
    @cython.locals(tsval=int64_t)
    cdef int _note_hole(self, Endpoint sender, Segment segment, int64_t start) except -1
    cdef int _send_control(self, Endpoint sender, Endpoint receiver, Segment segment) except -1
    @cython.locals(since_ns=int64_t, alone=bint)
    cdef int _note_answer_again(self, Endpoint sender, Endpoint receiver, Segment segment) except -1
    cdef int _note_handshake_ack(self, Endpoint sender, Endpoint receiver, Segment segment) except -1
    @cython.locals(ack=int64_t, changed=int, before=int64_t)
    cdef int _take_ack(self, Endpoint sender, Endpoint receiver, Segment segment) except -1
    @cython.locals(ack=int64_t, before=int64_t, missing=int64_t)
    cdef int _acknowledge(self, Endpoint sender, Endpoint receiver, Segment segment) except -1

cimport cython
from libc.stdint cimport int64_t

from reconstruct.acceptance cimport refused
from reconstruct.endpoint cimport Endpoint
from reconstruct.journal cimport record_segment, record_window
from reconstruct.kinds cimport classify, note_question
from reconstruct.lifecycle cimport Lifecycle
from reconstruct.offsets cimport locate
from reconstruct.opening cimport count_first_flight, is_tap_at_peer, note_first_ack, note_syn, note_timestamps
from reconstruct.retransmission cimport explain, explain_late
from reconstruct.scoreboard cimport SegmentPool
from reconstruct.segment cimport Segment
from reconstruct.sender_model cimport SenderModel
from reconstruct.spurious cimport judge

cdef int64_t _UNKNOWN, _MASK
cdef int _ACK, _FIN, _RST, _SYN, _SYN_OR_RST, _FIN_SYN_RST, _ESTABLISHED, _CLOSED, _LISTEN
cdef int64_t _MAX_UNHEARD
cdef int _OLD_DATA
cdef int _ASKED_NOTHING, _ASKED_ALIVE, _ASKED_WINDOW, _ASKED_CHALLENGE, _COUNTING, _COUNTED
cdef int _PURE_ACK, _DUP_ACK, _NEW, _UPDATE, _KEEP_ALIVE, _PROBE
cdef int _RETRANSMISSION, _OUT_OF_ORDER, _SYN_RETRANSMISSION, _INVALID
cdef int _TIMESTAMPS, _FAST, _IN_RECOVERY, _BY_TIMER, _AFTER_TIMER, _TAIL_PROBE, _DUPLICATE
cdef int _RECOVERY_ENTER, _RECOVERY_EXIT, _RTO, _TAIL_LOSS_PROBE, _UNDO, _UNNEEDED
cdef int _ZERO_WINDOW_BEGIN, _ZERO_WINDOW_END, _ZERO_WINDOW_PROBE, _CAPTURE_GAP, _RULE_VIOLATION, _STALE_RESET


@cython.final
@cython.no_gc
cdef class Connection(Lifecycle):
    cdef public SegmentPool pool
    cdef public int64_t reordering_ns, first_reordering_ns, max_outstanding
    cdef public int64_t client_hi, client_lo, server_hi, server_lo
    cdef public int client_port, server_port, ip_version
    cdef public int64_t domain, vlan, slot, queued
    cdef public int role_known
    cdef public int64_t first_frame, last_frame, segments, first_time_ns, last_time_ns, syn_rtt_ns, ack_rtt_ns

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
    @cython.locals(ack=int64_t)
    cdef int _confirm_gap(self, Endpoint sender, Segment segment) except -1
    cdef int _note_gap(self, Endpoint end, Segment segment, int64_t missing) except -1
    cdef int _number(self, Endpoint sender, Endpoint receiver, Segment segment) except -1
    cdef int _refuse(self, Endpoint sender, Segment segment) except -1
    @cython.locals(flight=int64_t, changed=int, pieces=int64_t)
    cdef int _take(self, Endpoint sender, Endpoint receiver, Segment segment) except -1
    @cython.locals(highest=int64_t, gap=int64_t, limit=int64_t)
    cdef int _send_text(self, Endpoint sender, Endpoint receiver, Segment segment) except -1
    cdef int _send_control(self, Endpoint sender, Endpoint receiver, Segment segment) except -1
    cdef int _note_handshake_ack(self, Endpoint sender, Endpoint receiver, Segment segment) except -1
    @cython.locals(ack=int64_t, scaled=int64_t, changed=int)
    cdef int _take_ack(self, Endpoint sender, Endpoint receiver, Segment segment) except -1
    @cython.locals(ack=int64_t, before=int64_t, missing=int64_t)
    cdef int _acknowledge(self, Endpoint sender, Endpoint receiver, Segment segment) except -1
    cdef int _judge(self, Endpoint receiver, Segment segment, int64_t before) except -1
    @cython.locals(sample_ns=int64_t)
    cdef int _sample(self, Endpoint receiver, Segment segment) except -1
    @cython.locals(probes=int64_t)
    cdef int _note_zero_window(self, Endpoint held, Segment segment) except -1
    @cython.locals(kind=int)
    cdef int _count(self, Endpoint sender, Endpoint receiver, Segment segment) except -1
    @cython.locals(kind=int)
    cdef int _count_rare(self, Endpoint sender, Endpoint receiver, Segment segment) except -1
    @cython.locals(kind=int, row=int64_t, tsval=int64_t, at_peer=bint)
    cdef int _count_resent(self, Endpoint sender, Segment segment) except -1
    @cython.locals(trip_ns=int64_t)
    cdef int64_t _tap_ns(self, Endpoint sender) except? -1
    cdef int _ask(self, Endpoint sender, Segment segment, int question) except -1
    cdef int _event(
        self, Endpoint end, Segment segment, int64_t event, int64_t a, int64_t b, int64_t c
    ) except -1

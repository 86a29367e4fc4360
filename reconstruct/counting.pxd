cimport cython
from libc.stdint cimport int64_t

from reconstruct.congestion.replay cimport CongestionReplay
from reconstruct.endpoint cimport Endpoint
from reconstruct.held cimport HeldTime
from reconstruct.kinds cimport note_question
from reconstruct.lifecycle cimport Lifecycle
from reconstruct.merged cimport segments_in
from reconstruct.opening cimport is_tap_at_peer
from reconstruct.segment cimport Segment
from reconstruct.sender_model cimport SenderModel
from reconstruct.signs cimport Signs
from reconstruct.spurious cimport judge
from reconstruct.troubles cimport Troubles

cdef int64_t _LEAST_HELD_NS
cdef int _RWND, _APPLICATION, _NAGLE, _SEND_BUFFER
cdef int _RWND_LIMITED, _APPLICATION_LIMITED, _NAGLE_LIMITED, _SEND_BUFFER_LIMITED
cdef int64_t _UNKNOWN, _LONGEST_TRIP_NS
cdef int _CE, _SYN, _ECE, _CWR, _ECN_FLAGS, _REPEATED, _RESENT_NS, _LEAST_REFUSED, _SIZE_CUT_SIGN
cdef int _TAIL_LOSS_SIGN, _REPEATED_SIGN, _SIZE_REFUSED_SIGN, _OVERTAKEN_SIGN, _MARK_SIGN, _ECHO_SIGN, _REDUCED_SIGN
cdef int _TIMESTAMPS, _UNNEEDED, _ASKED_NOTHING, _ASKED_ALIVE, _ASKED_WINDOW
cdef int _PURE_ACK, _DUP_ACK, _NEW, _UPDATE, _KEEP_ALIVE, _PROBE, _FAST, _IN_RECOVERY, _BY_TIMER, _AFTER_TIMER
cdef int _TAIL_PROBE, _DUPLICATE, _RETRANSMISSION, _OUT_OF_ORDER, _SYN_RETRANSMISSION
cdef int _FIRST_SIGN, _TAIL_PROBE_SIGN, _RTO_SIGN, _SYN_SIGN, _SPURIOUS_SIGN, _OUT_OF_ORDER_SIGN, _DUPLICATE_SIGN
cdef int _PROBE_SIGN, _KEEP_ALIVE_SIGN, _UPDATE_LOST_SIGN
cdef int _UNDO, _RECOVERY_ENTER, _RTO, _TAIL_LOSS_PROBE, _ZERO_WINDOW_PROBE


@cython.no_gc
cdef class Counting(Lifecycle):
    cdef public int64_t syn_rtt_ns, ack_rtt_ns
    cdef public Signs signs

    cpdef int note(self, Endpoint end, Segment segment, int sign, int64_t figure) except -1
    cpdef int note_at(self, int server, int64_t frame, int sign, int64_t figure) except -1
    @cython.final
    cdef int note_spurious(self, Endpoint receiver, Segment segment, int64_t before) except -1
    @cython.locals(replay=CongestionReplay, held=HeldTime)
    @cython.final
    cdef int note_limits(self, Endpoint end) except -1
    @cython.locals(server=bint)
    @cython.final
    cdef int _note_limit(self, Endpoint end, HeldTime held, int limit, int sign) except -1
    @cython.locals(kind=int)
    @cython.final
    cdef int count(self, Endpoint sender, Endpoint receiver, Segment segment) except -1
    @cython.locals(seen=bint, counted=int)
    @cython.final
    cdef int _count_marks(self, Endpoint sender, Endpoint receiver, Segment segment) except -1
    @cython.locals(kind=int, open_ns=int64_t, left_ns=int64_t, idle_ns=int64_t, piece=int64_t)
    @cython.final
    cdef int _count_rare(self, Endpoint sender, Endpoint receiver, Segment segment) except -1
    @cython.locals(troubles=Troubles, waited_ns=int64_t, lost_frame=int64_t, trip_ns=int64_t, crossing_ns=int64_t)
    @cython.final
    cdef int _count_probe(self, Endpoint sender, Segment segment) except -1
    @cython.locals(kind=int, sign=int, waited=bint, row=int64_t, tsval=int64_t, at_peer=bint)
    @cython.final
    cdef int _count_resent(self, Endpoint sender, Segment segment) except -1
    @cython.locals(model=SenderModel, before_ns=int64_t)
    @cython.final
    cdef int _count_timeout(self, Endpoint sender, Segment segment) except -1
    @cython.final
    cdef int64_t tap_ns(self, Endpoint sender) except? -1
    @cython.final
    cdef int ask(self, Endpoint sender, Segment segment, int question) except -1
    @cython.final
    cdef int event(
        self, Endpoint end, Segment segment, int64_t event, int64_t a, int64_t b, int64_t c
    ) except -1
    @cython.final
    cdef int count_merged(self, Endpoint sender, Endpoint receiver, Segment segment) except -1
    @cython.locals(spurious=int64_t)
    @cython.final
    cdef int judge_resent(self, Endpoint receiver, Segment segment, int64_t before) except -1
    @cython.final
    cdef int note_undo(self, Endpoint receiver, Segment segment) except -1

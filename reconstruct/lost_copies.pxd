cimport cython
from libc.stdint cimport int64_t

from reconstruct.endpoint cimport Endpoint
from reconstruct.retransmission cimport filled_soon, least_timer_ns, may_probe, probe_timeout_ns, rto_ns
from reconstruct.segment cimport Segment
from reconstruct.sender_model cimport SenderModel

cdef int64_t _UNKNOWN, _JIFFY_NS, _SKIPPED_MOST, _TIMERS_MOST
cdef int _FIN, _R_LATE_FIN, _TIMESTAMPS, _LOSS, _RECOVERY, _OLDER, _NEWER, _OWN_IP_ID
cdef int _FAST, _BY_TIMER, _AFTER_TIMER, _TAIL_PROBE, _OUT_OF_ORDER, _R_LOSS, _R_SKIPPED, _R_TOLD, _R_SENT_EARLIER
cdef int _R_FILLED_SOON

cdef int _say(Segment segment, int kind, int rule, int64_t figure_a, int64_t figure_b) except -1
@cython.locals(model=SenderModel, quiet_ns=int64_t)
cpdef int explain_late(
    Endpoint sender, Endpoint receiver, Segment segment, int64_t tap_ns, int64_t reordering_ns
) except -1
@cython.locals(answers=bint)
cdef int _is_late_fin(Endpoint sender, Endpoint receiver, Segment segment, int64_t tap_ns) except -1
cdef int64_t _answered_ns(Endpoint peer, int64_t tap_ns) except? -1
cdef int _fits(int64_t quiet_ns, int64_t timeout_ns) except -1
@cython.locals(model=SenderModel, tsval=int64_t, order=int, quiet_ns=int64_t, wait_ns=int64_t)
cdef int _explain_told(
    Endpoint sender, Endpoint receiver, Segment segment, int64_t tap_ns, int64_t reordering_ns
) except -1
@cython.locals(model=SenderModel)
cdef int _begin_loss(Endpoint sender, Segment segment, int64_t high_seq) except -1
@cython.locals(
    model=SenderModel, lost=int64_t, quiet_ns=int64_t, again=int64_t, wait_ns=int64_t, timers=int64_t, text=int64_t
)
cdef int _explain_skipped(Endpoint sender, Endpoint receiver, Segment segment, int64_t tap_ns) except -1
@cython.locals(allowed=int64_t)
cdef int64_t _most_lost(Endpoint sender, Endpoint receiver) except -1
@cython.locals(length=int64_t)
cdef int64_t _pieces_in(Segment segment, Endpoint receiver, int64_t gap) except -1
@cython.locals(timers=int64_t, wait_ns=int64_t)
cdef int64_t _timers(int64_t quiet_ns, int64_t first_ns, int64_t timeout_ns) except -1
cdef int _is_text(
    Endpoint sender, Endpoint receiver, Segment segment, int64_t quiet_ns, int64_t tap_ns, int64_t spare
) except -1

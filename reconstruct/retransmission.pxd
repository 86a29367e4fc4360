cimport cython
from libc.stdint cimport int64_t

from reconstruct.endpoint cimport Endpoint
from reconstruct.segment cimport Segment
from reconstruct.sender_model cimport SenderModel

cdef int64_t _UNKNOWN, _JIFFY_NS, _MIN_RTO_NS, _INITIAL_RTO_NS, _PROBE_SLACK_NS, _PROBE_DELAYED_ACK_NS, _MAX_BACKOFF
cdef int _TIMESTAMPS, _OPEN, _RECOVERY, _LOSS, _OLDER, _NEWER
cdef int _FAST, _IN_RECOVERY, _BY_TIMER, _AFTER_TIMER, _TAIL_PROBE, _UNEXPLAINED, _OUT_OF_ORDER, _DUPLICATE
cdef int _R_FAST, _R_FAST_BY_SACK, _R_RECOVERY, _R_RTO, _R_LOSS, _R_PROBE, _R_SEEN_BEFORE, _R_SENT_EARLIER, _R_COPY, _R_FILLED_SOON

cdef int _say(Segment segment, int kind, int rule, int64_t figure_a, int64_t figure_b) except -1
@cython.locals(unseen=int64_t, order=int)
cpdef int explain(
    Endpoint sender, Endpoint receiver, Segment segment, int64_t head_sent_ns, int64_t tap_ns, int64_t reordering_ns
) except -1
cdef int _filled_soon(Endpoint sender, Segment segment, int64_t reordering_ns) except -1
cdef int64_t _tsval(Segment segment) except? -1
cpdef int64_t rto_ns(Endpoint sender, int64_t tap_ns) except? -1
@cython.locals(timeout_ns=int64_t, wait_ns=int64_t)
cpdef int64_t probe_ns(Endpoint sender, int64_t tap_ns) except? -1
@cython.locals(model=SenderModel, last_ns=int64_t, waited_ns=int64_t, quiet_ns=int64_t, timeout_ns=int64_t, rule=int)
cdef int _explain_again(
    Endpoint sender, Endpoint receiver, Segment segment, int64_t head_sent_ns, int64_t tap_ns, int64_t seen
) except -1
@cython.locals(model=SenderModel, wait_ns=int64_t)
cdef int _is_tail_probe(
    Endpoint sender, Segment segment, int64_t quiet_ns, int64_t timeout_ns, int64_t tap_ns
) except -1

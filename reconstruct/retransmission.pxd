cimport cython
from libc.stdint cimport int64_t

from reconstruct.endpoint cimport Endpoint
from reconstruct.segment cimport Segment
from reconstruct.sender_model cimport SenderModel

cdef int64_t _UNKNOWN, _JIFFY_NS, _MIN_RTO_NS, _INITIAL_RTO_NS, _PROBE_SLACK_NS, _PROBE_DELAYED_ACK_NS, _MAX_BACKOFF
cdef int64_t _LATEST_COPY_NS

cdef int _WITH_SACK, _TIMESTAMPS, _OPEN, _RECOVERY, _LOSS, _OLDER, _NEWER, _UNDECIDED
cdef int _FAST, _IN_RECOVERY, _BY_TIMER, _AFTER_TIMER, _TAIL_PROBE, _UNEXPLAINED, _OUT_OF_ORDER, _DUPLICATE
cdef int _R_FAST, _R_FAST_BY_SACK, _R_RECOVERY, _R_RTO, _R_LOSS, _R_PROBE, _R_SEEN_BEFORE
cdef int _R_SENT_EARLIER, _R_COPY, _R_FILLED_SOON
cdef int _NEW, _R_NEW_DATA, _R_FILLED_LATE, _R_COPY_BY_TIME, _R_UNASKED, _R_SYN_DATA, _R_NOTHING_HEARD

cdef int _say(Segment segment, int kind, int rule, int64_t figure_a, int64_t figure_b) except -1
@cython.locals(unseen=int64_t, order=int)
cpdef int explain(
    Endpoint sender, Endpoint receiver, Segment segment, int64_t head_sent_ns, int64_t tap_ns, int64_t reordering_ns
) except -1
@cython.locals(length=int64_t, since_ns=int64_t, at_ns=int64_t)
cdef int _say_unexplained(Endpoint sender, Segment segment, int64_t unseen, int64_t reordering_ns) except -1
@cython.locals(tsval=int64_t, order=int, quiet_ns=int64_t)
cdef int _order(Endpoint sender, Segment segment, int64_t unseen) except -2
@cython.locals(at_ns=int64_t)
cpdef int filled_soon(Endpoint sender, Segment segment, int64_t reordering_ns) except -1
cpdef int64_t rto_ns(Endpoint sender, int64_t tap_ns) except? -1
cpdef int64_t probe_ns(Endpoint sender, int64_t tap_ns) except? -1
@cython.locals(timeout_ns=int64_t, wait_ns=int64_t)
cpdef int64_t probe_timeout_ns(Endpoint sender, int64_t tap_ns, int64_t outstanding) except? -1
@cython.locals(
    model=SenderModel, waited_ns=int64_t, quiet_ns=int64_t, timeout_ns=int64_t, due_ns=int64_t, told=bint, rule=int,
    state=int, high_seq=int64_t, hidden_ns=int64_t
)
cdef int _explain_again(
    Endpoint sender, Endpoint receiver, Segment segment, int64_t head_sent_ns, int64_t tap_ns, int order
) except -1
cdef int _needs_silence(Endpoint sender, int64_t tap_ns) except -1
@cython.locals(tsecr=int64_t)
cdef int _was_within_ended(Endpoint sender, Segment segment, int64_t tap_ns) except -1
@cython.locals(model=SenderModel, since_ns=int64_t)
cdef int _heard_nothing(Endpoint sender, Segment segment, int64_t tap_ns) except -1
cdef int64_t _least_timeout_ns(Endpoint sender, int64_t tap_ns) except? -1
@cython.locals(model=SenderModel, since_ns=int64_t)
cdef int64_t _waited_ns(Endpoint sender, Segment segment, int64_t head_sent_ns, int64_t tap_ns) except? -1
@cython.locals(model=SenderModel, tail=bint, hole=bint)
cdef int _explain_untold(
    Endpoint sender, Endpoint receiver, Segment segment, int64_t quiet_ns, int64_t timeout_ns, int64_t tap_ns, int order
) except -1
@cython.locals(end=Endpoint)
cpdef int may_probe(Endpoint sender, Endpoint receiver) except -1
cpdef int64_t least_timer_ns(Endpoint sender, int64_t tap_ns) except? -1
@cython.locals(model=SenderModel)
cdef int _note_episode(Endpoint sender, Segment segment) except -1
@cython.locals(outstanding=int64_t)
cdef int64_t _probe_wait_ns(Endpoint sender, Segment segment, int64_t tap_ns) except? -1
@cython.locals(model=SenderModel, wait_ns=int64_t)
cdef int _is_tail_probe(
    Endpoint sender, Segment segment, int64_t quiet_ns, int64_t timeout_ns, int64_t tap_ns
) except -1

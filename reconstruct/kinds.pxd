cimport cython
from libc.stdint cimport int64_t

from reconstruct.endpoint cimport Endpoint
from reconstruct.segment cimport Segment
from reconstruct.troubles cimport Troubles

cdef int64_t _UNKNOWN, _MASK, _TSECR_HALF, _MAX_RTO_NS
cdef int _ASKED_NOTHING, _ASKED_ALIVE, _ASKED_WINDOW, _ASKED_CHALLENGE
cdef int _FIN, _SYN, _RST, _ACK, _FIN_SYN_RST, _TIMESTAMPS
cdef int _OLD_DATA, _NEW, _PURE_ACK, _DUP_ACK, _WINDOW_UPDATE, _KEEP_ALIVE, _KEEP_ALIVE_ACK, _PROBE, _PROBE_ACK
cdef int _SYN_RETRANSMISSION, _DUPLICATE, _CHALLENGE_ACK, _RESET, _R_COPY
cdef int _R_NEW_DATA, _R_NEW_AFTER_GAP, _R_ACK_ADVANCES, _R_ACK_OLD, _R_ACK_REPEATED, _R_ACK_DUPLICATE
cdef int _R_ACK_WITH_SACK, _R_WINDOW_CHANGED, _R_KEEP_ALIVE, _R_KEEP_ALIVE_ANSWER, _R_PROBE_ANSWER, _R_PROBE_BELOW
cdef int _R_PROBE_AT, _R_PROBE_UNHEARD, _R_CHALLENGE, _R_RESET, _R_SYN, _R_SYN_ACK, _R_SYN_AGAIN

cdef int _say(Segment segment, int kind, int rule, int64_t figure_a, int64_t figure_b) except -1
cpdef int classify(Endpoint sender, Endpoint receiver, Segment segment) except -1
cdef int _classify_syn(Endpoint sender, Segment segment) except -1
@cython.locals(advance=int64_t, known=bint)
cdef int _classify_ack(Endpoint sender, Endpoint receiver, Segment segment) except -1
@cython.locals(troubles=Troubles)
cdef int _has_not_heard(Endpoint sender, Segment segment) except -1
@cython.locals(outstanding=int64_t, asked=int)
cdef int _classify_repeated_ack(Endpoint sender, Endpoint receiver, Segment segment) except -1
@cython.locals(highest=int64_t, gap=int64_t, tiny=bint, rule=int)
cdef int _classify_data(Endpoint sender, Segment segment) except -1
cpdef int note_question(Endpoint sender, Segment segment, int question, int64_t trip_ns) except -1

cimport cython
from libc.stdint cimport int64_t

from reconstruct.endpoint cimport Endpoint
from reconstruct.segment cimport Segment

cdef int _COUNTING, _DRAINING, _COUNTED
cdef int64_t _UNKNOWN, _RATIO, _PEER_RATIO, _MASK, _TSVAL_HALF
cdef int _AE, _AE_OR_CWR
cdef int _NOT_OFFERED, _CUT_OFF, _OPTIONS_CUT, _ACK, _SYN, _ECE, _MSS, _TIMESTAMPS, _WINDOW_SCALE, _MAX_SHIFT
cdef int _FAST_OPEN
cdef int _AT_CLIENT, _AT_SERVER, _ON_PATH

@cython.locals(accurate=int)
cpdef int note_syn(Endpoint sender, Endpoint receiver, Segment segment) except -1
cpdef int negotiate_scale(Endpoint sender, Endpoint receiver, int answered) except -1
cdef int64_t _shift_of(Endpoint end) except? -1
cpdef int note_timestamps(Endpoint sender, Endpoint receiver, Segment segment) except -1
cpdef int count_first_flight(Endpoint sender, Segment segment, int64_t gap) except -1
cdef int64_t _segments_in(int64_t gap, int64_t payload_len) except -1
cdef int _sent_before_ack(Endpoint sender, Segment segment) except -1
cpdef int note_first_ack(Endpoint receiver, Segment segment, int64_t tap_round_trip_ns) except -1
cpdef int64_t vantage_of(int64_t syn_rtt_ns, int64_t ack_rtt_ns) except? -1
@cython.locals(near_ns=int64_t, far_ns=int64_t)
cpdef int is_tap_at_peer(int from_client, int64_t syn_rtt_ns, int64_t ack_rtt_ns) except -1

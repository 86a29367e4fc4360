cimport cython
from libc.stdint cimport int64_t

cdef int64_t _UNKNOWN
cdef int _OPEN, _CWR, _RECOVERY, _DUP_THRESH


@cython.final
@cython.no_gc
cdef class SenderState:
    cdef public int64_t now_ns, una, nxt, high_seq, undo_marker
    cdef public int64_t out, sacked, lost, retrans, reordering, mss, wnd
    cdef public int64_t acked, losses, prior_in_flight, prr_delivered, prr_out, sent_ns, sent_frame
    cdef public int held, ca, advanced, ece
    cdef public int64_t rtt_ns, min_rtt_ns, srtt_ns, rto_ns
    cdef public int64_t delivered, delivered_ns, first_ns, app_limited
    cdef public int64_t sample_delivered, sample_delivered_ns, sample_sent_ns, sample_first_ns
    cdef public int sample_app_limited, sample_resent

    cpdef int reset(self) except -1
    cdef int _start_clocks(self) except -1
    cdef int _start_rates(self) except -1
    cpdef int64_t in_flight(self) except? -1
    cpdef int is_reducing(self) except -1

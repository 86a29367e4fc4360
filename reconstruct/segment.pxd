cimport cython
from libc.stdint cimport int64_t


@cython.final
@cython.no_gc
cdef class Segment:
    cdef public int64_t frame, time_ns
    cdef public int64_t src_hi, src_lo, dst_hi, dst_lo
    cdef public int64_t ip_version, sport, dport
    cdef public int64_t domain, vlan
    cdef public int64_t wire_seq, wire_ack
    cdef public int64_t window, flags
    cdef public int64_t payload_len, captured_len, text_head
    cdef public int64_t length_known, ip_id, ttl, ecn
    cdef public int64_t options, mss, window_scale
    cdef public int64_t tsval, tsecr
    cdef public int64_t sack_blocks, fast_open_len
    cdef public int64_t[::1] sack_edges
    cdef public int64_t seq, end, ack
    cdef public int from_client
    cdef public int kind, rule
    cdef public int64_t figure_a, figure_b, rtt_ns, pieces

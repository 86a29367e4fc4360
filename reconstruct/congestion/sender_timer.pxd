cimport cython
from libc.stdint cimport int64_t

cdef int64_t _UNKNOWN, _INITIAL_RTO_NS, _MAX_RTO_NS, _MIN_RTO_NS


@cython.final
@cython.no_gc
cdef class SenderTimer:
    cdef public int64_t srtt_ns, rto_ns, deviation_ns, largest_ns, variation_ns, round_end

    cpdef int reset(self) except -1
    cpdef int sample(self, int64_t rtt_ns, int64_t una, int64_t nxt) except -1
    @cython.locals(error_ns=int64_t, change_ns=int64_t)
    cdef int _smooth(self, int64_t rtt_ns) except -1

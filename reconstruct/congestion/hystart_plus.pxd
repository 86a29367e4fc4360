cimport cython
from libc.stdint cimport int64_t

from reconstruct.congestion.cubic cimport Cubic
from reconstruct.congestion.sender_state cimport SenderState

cdef int64_t _UNKNOWN, _SAMPLES, _LEAST_ETA_NS, _MOST_ETA_NS, _ETA_SHARE, _DIVISOR, _ROUNDS, _MOST_GROWTH


@cython.no_gc
cdef class CubicHystartPlus(Cubic):
    cdef public int watching
    cdef public int64_t last_min_ns, this_min_ns, baseline_ns, samples, css_rounds, part, until

    cpdef int start(self, int64_t window) except -1
    cpdef int after_ack(self, SenderState state) except -1
    @cython.final
    cdef int _take_sample(self, SenderState state) except -1
    @cython.final
    cdef int _begin_css_round(self, int64_t until) except -1
    @cython.final
    cdef int64_t _eta_ns(self) except? -1
    cpdef int grow(self, SenderState state, int64_t acked) except -1
    cpdef int reduce(self, SenderState state, int undoable) except -1
    cpdef int forget(self, SenderState state) except -1

cimport cython
from libc.stdint cimport int64_t

from reconstruct.congestion.base cimport CongestionModel
from reconstruct.congestion.sender_state cimport SenderState

cdef int64_t _LEAST_SSTHRESH
cdef int _RENO


@cython.no_gc
cdef class Reno(CongestionModel):
    cpdef int grow(self, SenderState state, int64_t acked) except -1
    cpdef int64_t reduced(self) except? -1

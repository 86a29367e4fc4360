cimport cython
from libc.stdint cimport int64_t

from reconstruct.segment cimport Segment

cdef int64_t _UNKNOWN, _MTU, _TCP_HEADER, _TIMESTAMPS_LEN, _IPV4_HEADER, _IPV6_HEADER
cdef int _TIMESTAMPS

@cython.locals(options=int64_t, header=int64_t, full=int64_t)
cpdef int64_t full_payload(Segment segment, int64_t mss) except? -1
@cython.locals(full=int64_t)
cpdef int64_t segments_in(Segment segment, int64_t mss) except? -1

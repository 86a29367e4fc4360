cimport cython
from libc.stdint cimport int64_t

from reconstruct.segment cimport Segment

cdef int64_t _END, _NOP, _MSS, _WINDOW_SCALE, _SACK_PERMITTED, _SACK, _TIMESTAMPS, _MD5, _AO, _MPTCP, _FAST_OPEN
cdef int64_t _EXPERIMENT, _FAST_OPEN_MAGIC, _MAX_BLOCKS
cdef int _HAS_MSS, _HAS_SCALE, _HAS_SACK_PERMITTED, _HAS_SACK, _HAS_TIMESTAMPS, _HAS_FAST_OPEN, _HAS_EXPERIMENT
cdef int _HAS_MD5, _HAS_AO, _HAS_MPTCP, _CUT, _MALFORMED

@cython.locals(found=int, kind=int, size=int64_t)
cpdef int read_options(const unsigned char[::1] data, int64_t at, int64_t stop, int64_t end, Segment segment) except -1
cdef int _read_option(const unsigned char[::1] data, int64_t at, int kind, int64_t size, Segment segment) except -1
@cython.locals(edge=int64_t)
cdef int _read_sack(const unsigned char[::1] data, int64_t at, int64_t blocks, Segment segment) except -1
cdef int _read_rare(const unsigned char[::1] data, int64_t at, int kind, int64_t size, Segment segment) except -1
@cython.locals(high=int64_t)
cdef int64_t _u32(const unsigned char[::1] data, int64_t at) except -1

from libc.stdint cimport int64_t

from reconstruct.endpoint cimport Endpoint
from reconstruct.segment cimport Segment
from reconstruct.seq cimport unwrap

cdef int64_t _UNKNOWN, _MASK
cdef int _ACK, _FIN, _SYN, _SYN_OR_RST

cpdef int locate(Endpoint sender, Endpoint receiver, Segment segment) except -1

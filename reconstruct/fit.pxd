cimport cython
from libc.stdint cimport int64_t

from reconstruct.connection cimport Connection
from reconstruct.endpoint cimport Endpoint
from reconstruct.segment cimport Segment
from reconstruct.seq cimport unwrap

cdef int _SYN, _ACK
cdef int64_t _FIT


@cython.locals(end=Endpoint)
cpdef int renews(Connection connection, Segment segment) except -1
@cython.locals(sender=Endpoint, receiver=Endpoint)
cpdef int fits(Connection connection, Segment segment) except -1
@cython.locals(distance=int64_t)
cdef int _near(int64_t wire, int64_t highest) except -1

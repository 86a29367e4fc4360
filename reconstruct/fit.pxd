cimport cython
from libc.stdint cimport int64_t

from reconstruct.connection cimport Connection
from reconstruct.endpoint cimport Endpoint
from reconstruct.segment cimport Segment
from reconstruct.seq cimport unwrap

cdef int _SYN, _ACK, _TIMESTAMPS
cdef int _NOT_REUSED, _BY_ISN, _BY_TIME, _UNLAWFULLY, _WHILE_OPEN, _ESTABLISHED, _TIME_WAIT
cdef int64_t _FIT, _UNKNOWN, _MASK, _HALF


@cython.locals(end=Endpoint)
cpdef int renews(Connection connection, Segment segment) except -1
@cython.locals(client=Endpoint, server=Endpoint, end=Endpoint, told=int64_t)
cpdef int reuse_of(Connection connection, Segment segment) except -1
@cython.locals(ahead=int64_t)
cpdef int is_beyond(int64_t wire, int64_t last) except -1
@cython.locals(sender=Endpoint, receiver=Endpoint)
cpdef int fits(Connection connection, Segment segment) except -1
@cython.locals(distance=int64_t)
cdef int _near(int64_t wire, int64_t highest) except -1
cpdef int64_t domain_of_vlan(Segment segment) except? -1

cimport cython
from libc.stdint cimport int64_t

from reconstruct.endpoint cimport Endpoint
from reconstruct.scoreboard cimport Scoreboard, SegmentPool
from reconstruct.segment cimport Segment
from reconstruct.seq cimport unwrap

cdef int64_t _UNKNOWN
cdef int _TIMESTAMPS

@cython.locals(board=Scoreboard, marked=int, sacked=int)
cpdef int time_ack(SegmentPool pool, Endpoint sender, Endpoint receiver, Segment segment) except -1
cpdef int time_sack(SegmentPool pool, Endpoint sender, Endpoint receiver, Segment segment) except -1
@cython.locals(sampled=int, block=int, start=int64_t, end=int64_t)
cdef int _take_sack(SegmentPool pool, Endpoint receiver, Segment segment) except -1
@cython.locals(sample_ns=int64_t)
cdef int _sample(Endpoint sender, Endpoint receiver, Segment segment) except -1

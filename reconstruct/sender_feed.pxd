cimport cython
from libc.stdint cimport int64_t

from reconstruct.endpoint cimport Endpoint
from reconstruct.follower cimport Follower, Followers
from reconstruct.merged cimport full_payload
from reconstruct.segment cimport Segment
from reconstruct.transcript cimport Transcript

cdef int64_t _UNKNOWN, _DEFAULT_MSS, _TIMESTAMPS_LEN, _FIRST_WINDOW
cdef int _TIMESTAMPS, _SACK

@cython.locals(transcript=Transcript, options=int)
cpdef int begin_transcript(
    Endpoint sender, Endpoint peer, Segment segment, int64_t number, int server, int64_t near_ns, int64_t far_ns
) except -1
@cython.locals(transcript=Transcript)
cpdef Follower look(Endpoint sender, Followers followers)
cpdef int finish_end(Endpoint sender, Followers followers) except -1
cpdef int release_end(Endpoint sender, Followers followers) except -1
@cython.locals(mss=int64_t)
cdef int64_t _mss(Endpoint sender, Endpoint peer, Segment segment, int options) except? -1

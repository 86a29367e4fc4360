cimport cython
from libc.stdint cimport int64_t

from reconstruct.congestion.replay cimport CongestionReplay
from reconstruct.recorder cimport Recorder
from reconstruct.sender_order cimport SenderOrder
from reconstruct.sender_windows cimport SenderWindows
from reconstruct.transcript cimport Transcript


@cython.final
@cython.no_gc
cdef class Follower:
    cdef Recorder recorder
    cdef readonly CongestionReplay replay
    cdef readonly SenderOrder order
    cdef readonly SenderWindows windows

    @cython.locals(replay=CongestionReplay, trip_ns=int64_t)
    cpdef int begin(self, Transcript transcript) except -1
    cdef int _begin_windows(self, Transcript transcript) except -1
    cpdef int read(self, Transcript transcript) except -1
    cpdef int finish(self) except -1


@cython.final
@cython.no_gc
cdef class Followers:
    cdef Recorder recorder
    cdef readonly list spare

    cpdef Follower take(self)
    cpdef int give_back(self, Follower follower) except -1

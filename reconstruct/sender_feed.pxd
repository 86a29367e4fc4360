cimport cython
from libc.stdint cimport int64_t

from reconstruct.congestion.replay cimport CongestionReplay
from reconstruct.endpoint cimport Endpoint
from reconstruct.recorder cimport Recorder
from reconstruct.segment cimport Segment
from reconstruct.sender_event cimport SenderEvent
from reconstruct.sender_order cimport SenderOrder
from reconstruct.sender_windows cimport SenderWindows
from reconstruct.seq cimport unwrap

cdef int64_t _UNKNOWN, _DEFAULT_MSS, _TIMESTAMPS_LEN, _FIRST_WINDOW
cdef int _SENT, _HEARD, _SYN, _TIMESTAMPS, _SACK, _CUT
cdef SenderEvent _EVENT

@cython.locals(event=SenderEvent)
cpdef int tell_sent(Endpoint sender, Segment segment, int64_t highest, int64_t row) except -1
@cython.locals(event=SenderEvent, edge=int)
cpdef int tell_heard(Endpoint receiver, Segment segment, int64_t window, int64_t row) except -1
cdef int _fill(SenderEvent event, Segment segment, int64_t row) except -1
@cython.locals(replay=CongestionReplay, options=int, seen=int, known=bint, window=int64_t, mss=int64_t)
cpdef int follow(
    Endpoint sender, Endpoint peer, Segment segment, Recorder recorder, int64_t number, int64_t near_ns, int64_t far_ns
) except -1
@cython.locals(order=SenderOrder, replay=CongestionReplay)
cdef int _put_in_order(
    Endpoint sender, Segment segment, Recorder recorder, int64_t number, int64_t mss, int64_t near_ns, int64_t far_ns
) except -1
cdef int _options(Endpoint sender, Endpoint peer) except -1
@cython.locals(mss=int64_t)
cdef int64_t _mss(Endpoint sender, Endpoint peer, Segment segment, int options) except? -1

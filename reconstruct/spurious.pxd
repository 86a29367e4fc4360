cimport cython
from libc.stdint cimport int64_t

from reconstruct.endpoint cimport Endpoint
from reconstruct.recorder cimport Recorder
from reconstruct.segment cimport Segment
from reconstruct.sender_model cimport SenderModel
from reconstruct.seq cimport unwrap

cdef int64_t _UNKNOWN, _MASK32, _HALF32
cdef int _TIMESTAMPS, _START, _END, _TSVAL, _TIME, _ROW, _KIND, _VERDICT, _UNNEEDED, _NEEDED, _LOSS, _BY_TIMER
cdef int _TAIL_PROBE

@cython.locals(model=SenderModel, index=int64_t, covered=bint)
cpdef int judge(Endpoint sender, Recorder recorder, Segment segment, int64_t before) except -1
@cython.locals(
    model=SenderModel, once=int64_t, advanced=bint, arrived=bint, above=int, block=int64_t, start=int64_t, end=int64_t
)
cpdef int judge_timeout(Endpoint sender, Recorder recorder, Segment segment, int with_sack) except -1
@cython.locals(model=SenderModel, index=int64_t)
cdef int _undo_timeout(Endpoint sender, Recorder recorder) except -1
@cython.locals(model=SenderModel, tsval=int64_t, older=bint)
cdef int _settle(Endpoint sender, Recorder recorder, Segment segment, int64_t index, int64_t before) except -1
cdef int _filled_before(Endpoint sender, Segment segment, int64_t index) except -1
@cython.locals(waited_ns=int64_t)
cdef int _settle_by_time(Endpoint sender, Recorder recorder, Segment segment, int64_t index) except -1
@cython.locals(model=SenderModel)
cpdef int decide(Endpoint sender, Recorder recorder, int64_t index, int64_t verdict) except -1
@cython.locals(model=SenderModel, near=int64_t, start=int64_t, end=int64_t, block=int64_t, index=int64_t)
cdef int _judge_by_sack(Endpoint sender, Recorder recorder, Segment segment) except -1
@cython.locals(outer=int64_t, outer_end=int64_t)
cdef int _is_inside_second(Endpoint sender, Segment segment, int64_t start, int64_t end) except -1
@cython.locals(model=SenderModel, index=int64_t)
cdef int _judge_by_dsack(Endpoint sender, Recorder recorder, int64_t start, int64_t end) except -1
@cython.locals(model=SenderModel)
cdef int _is_open(Endpoint sender, int64_t index, int64_t start, int64_t end) except -1

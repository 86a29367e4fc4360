cimport cython
from libc.stdint cimport int64_t

from reconstruct.congestion.policer cimport Policer
from reconstruct.congestion.sender_state cimport SenderState
from reconstruct.congestion.windowed_max cimport WindowedMax

cdef int64_t _UNKNOWN, _MOST_RATE, _ROUNDS, _FULL_SHARE, _FULL_ROUNDS, _NS_PER_US
cdef int _SCALE


@cython.locals(send_us=int64_t, ack_us=int64_t, interval_us=int64_t)
cpdef int64_t interval_of(SenderState state) except? -1


@cython.final
@cython.no_gc
cdef class Bandwidth:
    cdef public WindowedMax most
    cdef public Policer policer
    cdef public int round_start, full
    cdef public int64_t rounds, round_end, full_rounds, full_rate, lost

    cpdef int reset(self) except -1
    cpdef int64_t rate(self) except? -1
    @cython.locals(freed=int, rate=int64_t)
    cpdef int take(self, SenderState state, int64_t interval_us, int cycling) except -1
    @cython.locals(policer=Policer)
    cdef int _look_for_policer(self, SenderState state, int cycling) except -1
    cdef int _look_whether_full(self) except -1
    cpdef int forget_policer(self, SenderState state) except -1
    cpdef int time_out(self, SenderState state) except -1
    cpdef int undo(self, SenderState state) except -1

cimport cython
from libc.stdint cimport int64_t

from reconstruct.congestion.base cimport CongestionModel
from reconstruct.congestion.identify cimport Verdict, leader_of, rule_out
from reconstruct.congestion.loss_machine cimport LossMachine
from reconstruct.congestion.sender_state cimport SenderState
from reconstruct.congestion.restart cimport Restart
from reconstruct.limits cimport Limits
from reconstruct.recorder cimport Recorder, RowStore
from reconstruct.sender_event cimport SenderEvent

cdef int64_t _UNKNOWN, _NO_SSTHRESH, _OF_ROW, _OF_MODEL, _SLACK, _DOUBTFUL_SLACK, _LOOKS
cdef int _BEYOND, _SHORT, _SENT, _IDLE_RESTART, _BBR, _RENO, _CUBIC
cdef tuple _COLUMNS


@cython.no_gc
cdef class CongestionReplay(LossMachine):
    cdef public Recorder recorder
    cdef public Limits limits
    cdef public RowStore track
    cdef public Verdict verdict
    cdef public Restart restart
    cdef public int start_seen, rebuilt, leader, window_model
    cdef public int64_t cwnd_max

    @cython.final
    cdef int _begin_account(self) except -1
    cpdef int begin(self, int64_t mss, int64_t window, int start_seen) except -1
    cpdef int begin_at(self, int64_t una, int64_t wnd, int64_t round_trip_ns) except -1
    @cython.locals(before=int64_t)
    cpdef int take(self, SenderEvent event) except -1
    @cython.locals(model=CongestionModel)
    @cython.final
    cdef int64_t _window(self) except -1
    @cython.locals(trips=int64_t)
    @cython.final
    cdef int _follow_restart(self, SenderEvent event) except -1
    @cython.locals(limits=Limits, model=CongestionModel)
    @cython.final
    cdef int _tell_limits(self, SenderEvent event) except -1
    @cython.locals(track=RowStore, at=Py_ssize_t, cells=int64_t[::1], index=int, model=CongestionModel)
    @cython.final
    cdef int _note(self, SenderEvent event) except -1
    @cython.locals(model=CongestionModel, state=SenderState, room=int64_t)
    cpdef int64_t allowance(self) except? -1
    @cython.locals(reno=CongestionModel, cubic=CongestionModel, cubic_fits=bint, sent=int64_t)
    @cython.final
    cdef int _compare(self) except -1
    @cython.locals(best=CongestionModel)
    cpdef int finish(self) except -1
    @cython.locals(
        cells=int64_t[::1], row=Py_ssize_t, at=Py_ssize_t, of_model=Py_ssize_t, mss=int64_t, cwnd=int64_t,
        slack=int64_t, ssthresh=int64_t
    )
    @cython.final
    cdef int _write_rows(self, RowStore track) except -1
    @cython.locals(index=int, model=CongestionModel, unit=int64_t)
    @cython.final
    cdef int _write_candidates(self, RowStore track) except -1
    @cython.final
    cdef int64_t _slack(self, int64_t cwnd, int64_t doubt) except? -1

cimport cython
from libc.stdint cimport int64_t

from reconstruct.congestion.base cimport CongestionModel
from reconstruct.congestion.loss_machine cimport LossMachine
from reconstruct.congestion.sender_state cimport SenderState
from reconstruct.limits cimport Limits
from reconstruct.recorder cimport Recorder, RowStore
from reconstruct.sender_event cimport SenderEvent

cdef int64_t _UNKNOWN, _INITIAL_WINDOW, _NO_SSTHRESH, _LEAST_OPPORTUNITIES, _OF_MODEL
cdef int _NAMELESS, _BBR, _RENO, _CUBIC
cdef tuple _COLUMNS


@cython.no_gc
cdef class CongestionReplay(LossMachine):
    cdef public Recorder recorder
    cdef public Limits limits
    cdef public RowStore track
    cdef public int start_seen, verdict, finished
    cdef public int64_t confidence, cwnd_max

    cdef int _begin_account(self) except -1
    cpdef int begin(self, int64_t mss, int64_t window, int start_seen) except -1
    cpdef int begin_at(self, int64_t una, int64_t wnd, int64_t round_trip_ns) except -1
    cpdef int take(self, SenderEvent event) except -1
    @cython.locals(limits=Limits, best=int, model=CongestionModel)
    cdef int _tell_limits(self, SenderEvent event) except -1
    @cython.locals(track=RowStore, at=Py_ssize_t, index=int, model=CongestionModel)
    cdef int _note(self, SenderEvent event) except -1
    @cython.locals(state=SenderState, room=int64_t, best=int, model=CongestionModel)
    cpdef int64_t allowance(self) except? -1
    @cython.locals(reno=CongestionModel, cubic=CongestionModel, chances=int64_t)
    cdef int64_t _window(self) except? -1
    cpdef int finish(self) except -1
    @cython.locals(score=int64_t)
    cdef int64_t _score(self, CongestionModel model, int64_t chances) except? -1
    @cython.locals(best=int, best_score=int64_t, index=int, chances=int64_t, score=int64_t, model=CongestionModel)
    cdef int _best(self) except -2
    @cython.locals(
        track=RowStore, row=Py_ssize_t, at=Py_ssize_t, of_model=Py_ssize_t, mss=int64_t, cwnd=int64_t, ssthresh=int64_t
    )
    cdef int _write_rows(self, int best) except -1

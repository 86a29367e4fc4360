cimport cython
from libc.stdint cimport int64_t

from reconstruct.congestion.base cimport CongestionModel
from reconstruct.congestion.sender_state cimport SenderState

cdef int64_t _UNKNOWN, _BETA, _SCALE, _FRIENDLY, _LEAST_SSTHRESH
cdef int _CUBIC
cdef int64_t _JIFFY_NS, _PAUSE_JIFFIES, _UNTRUSTED_NS, _LEAST_COUNT, _FIRST_COUNT
cdef int64_t _LOW_WINDOW, _ACK_TRAIN_NS, _DELAY_SAMPLES
cdef int64_t _LEAST_DELAY_NS, _MOST_DELAY_NS, _TRAIN_SLACK_NS, _TRAIN_BYTES, _NS_PER_S, _MOST_TICKS, _MOST_CUBE


@cython.locals(low=int64_t, high=int64_t, middle=int64_t)
cpdef int64_t cubic_root(int64_t cube) except? -1


@cython.no_gc
cdef class Cubic(CongestionModel):
    cdef public int hystart, found
    cdef public int64_t last_max, last_cwnd, origin, root, every, last_ns, epoch_ns, shortest_ns
    cdef public int64_t friendly, friendly_count
    cdef public int64_t round_ns, train_ns, round_end, round_min_ns, round_samples

    cpdef int start(self, int64_t window) except -1
    cpdef int forget(self, SenderState state) except -1
    @cython.final
    cdef int _forget(self, int64_t now_ns, int64_t until) except -1
    @cython.final
    cdef int _begin_round(self, int64_t now_ns, int64_t until) except -1
    cpdef int after_ack(self, SenderState state) except -1
    cpdef int take_round_trip(self, SenderState state) except -1
    @cython.final
    cdef int _look_for_exit(self, SenderState state) except -1
    @cython.final
    cdef int _test_for_exit(self, SenderState state) except -1
    @cython.locals(per_round=int64_t)
    @cython.final
    cdef int64_t _train_slack_ns(self, SenderState state) except? -1
    cpdef int grow(self, SenderState state, int64_t acked) except -1
    @cython.locals(now=int64_t)
    @cython.final
    cdef int _update(self, SenderState state, int64_t acked) except -1
    @cython.final
    cdef int _compute(self, SenderState state, int64_t now, int64_t acked) except -1
    @cython.final
    cdef int _begin_epoch(self, int64_t now_ns, int64_t acked) except -1
    @cython.locals(age_ns=int64_t, off=int64_t, size=int64_t, grown=int64_t, target=int64_t, every=int64_t)
    cpdef int64_t by_cube(self, int64_t now_ns) except? -1
    @cython.locals(each=int64_t, steps=int64_t)
    @cython.final
    cdef int _be_friendly(self) except -1
    cpdef int64_t reduced(self) except? -1
    cpdef int resume(self, SenderState state, int64_t idle_ns) except -1

cimport cython
from libc.stdint cimport int64_t

cdef int64_t _LEAST_ROUNDS, _MOST_ROUNDS, _LOSS_SHARE, _RATE_SHARE, _RATE_SLACK_BYTES, _KEPT_ROUNDS
cdef int64_t _US_PER_MS, _US_PER_S
cdef int _SCALE


@cython.final
@cython.no_gc
cdef class Policer:
    cdef public int64_t rate, since_ms, delivered, lost, rounds
    cdef public int in_use, sampling

    cpdef int reset(self, int64_t now_us, int64_t delivered, int64_t lost) except -1
    cdef int _begin(self, int64_t now_us, int64_t delivered, int64_t lost) except -1
    cpdef int kept_for(self) except -1
    cpdef int sample(
        self, int64_t now_us, int64_t delivered, int64_t lost, int64_t losses, int app_limited, int round_start,
        int64_t mss
    ) except -1
    @cython.locals(got=int64_t, span_ms=int64_t)
    cdef int _look_for_end(self, int64_t now_us, int64_t delivered, int64_t lost, int64_t mss) except -1
    @cython.locals(difference=int64_t, slack=int64_t)
    cdef int _end(self, int64_t rate, int64_t now_us, int64_t delivered, int64_t lost, int64_t mss) except -1

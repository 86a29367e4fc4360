cimport cython
from libc.stdint cimport int64_t

from reconstruct.congestion.base cimport CongestionModel
from reconstruct.congestion.candidates cimport Candidates

cdef int _NAMELESS
cdef int64_t _LEAST_CHANCES, _TELLING_CHANCES, _FITTING_SCORE, _TELLING_MARGIN
cdef int64_t _RULING_CHANCES, _RULING_SCORE, _CERTAIN, _MOST_CONFIDENCE, _FULL_MARGIN, _DULL


@cython.final
@cython.no_gc
cdef class Verdict:
    cdef public int best, kind
    cdef public int64_t confidence, margin

    cpdef int reset(self) except -1
    @cython.locals(best_score=int64_t, next_score=int64_t, index=int, best=CongestionModel)
    cpdef int judge(self, Candidates candidates, int64_t sent) except -1


@cython.locals(best=int, best_score=int64_t, score=int64_t, index=int)
cpdef int leader_of(Candidates candidates, int64_t sent) except -2
@cython.locals(best=CongestionModel, model=CongestionModel, best_score=int64_t, index=int)
cpdef int rule_out(Candidates candidates, int leader, int64_t sent, int64_t frame) except -1
cdef int64_t _score(CongestionModel model, int64_t sent) except? -1
@cython.locals(near=int64_t, doubt=int64_t)
cdef int64_t _confidence(int64_t margin) except? -1

cimport cython
from libc.stdint cimport int64_t

from reconstruct.recorder cimport RowStore

cdef int64_t _UNKNOWN, _EVIDENCE, _RETRANSMISSION_POINTS, _HELD_NS_PER_POINT, _RESET_POINTS, _NO_CONNECTION_POINTS
cdef int64_t _INVALID_POINTS, _SPARE
cdef Py_ssize_t _F_SEGMENTS, _F_BYTES, _F_OPENING, _F_CLOSING, _F_FIRST_FRAME, _F_ONE_SIDED, _F_FIRST_TIME, _F_LAST_TIME
cdef Py_ssize_t _F_SYN_RTT, _F_ACK_RTT
cdef Py_ssize_t _D_RETRANSMISSIONS, _D_OUT_OF_ORDER, _D_ZERO_WINDOW, _D_EPISODES
cdef Py_ssize_t _D_MISSING_FRAME, _D_INVALID_FRAME, _D_OVERSIZED_FRAME
cdef Py_ssize_t _D_MISSING, _D_INVALID, _D_OVERSIZED, _D_STALE
cdef int64_t _RESET, _HALF_OPEN, _REFUSED, _WORST, _BYTES, _DURATION, _RTT, _RETRANSMISSIONS, _SEGMENTS


@cython.final
cdef class Evidence:
    cdef public int64_t connections, total
    cdef public list frames

    cpdef int note(self, int64_t amount, int64_t frame) except -1


@cython.final
cdef class Tally:
    cdef public int64_t sort, limit, connections, segments, payload, retransmissions, out_of_order, held, held_ns
    cdef public int64_t[::1] openings, closings
    cdef public Evidence one_sided, missing, invalid, oversized
    cdef int64_t[::1] scores
    cdef public int64_t kept, threshold, threshold_bytes, threshold_flow

    @cython.locals(flow=Py_ssize_t, one=Py_ssize_t, other=Py_ssize_t)
    cpdef int add(self, RowStore flows, RowStore directions) except -1
    cdef int _add_flow(self, int64_t[::1] cells, Py_ssize_t at) except -1
    @cython.locals(violations=int64_t)
    cdef int _add_direction(self, int64_t[::1] cells, Py_ssize_t at) except -1
    @cython.locals(score=int64_t)
    cdef int _rank(
        self, RowStore flows, RowStore directions, Py_ssize_t flow, Py_ssize_t one, Py_ssize_t other
    ) except -1
    cdef int _behind(self, int64_t score, int64_t[::1] cells, Py_ssize_t at) except -1
    @cython.locals(known=bint)
    cdef int64_t _score(
        self, int64_t[::1] flow, Py_ssize_t at, int64_t[::1] direction, Py_ssize_t one, Py_ssize_t other
    ) except? -1
    @cython.locals(row=Py_ssize_t, at=Py_ssize_t)
    cpdef int cut(self, RowStore flows, RowStore directions) except -1


@cython.locals(points=int64_t)
cdef int64_t _points(int64_t[::1] direction, Py_ssize_t one) except? -1
@cython.locals(points=int64_t)
cdef int64_t _ends(int64_t[::1] flow, Py_ssize_t at) except? -1

cimport cython
from libc.stdint cimport int64_t

cdef int64_t _UNKNOWN, _CONTRADICTIONS, _FLIGHT_MARGIN, _STILL_EDGES, _HOLE_ACKS
cdef int64_t _STOPS_VARIED, _STOPS_CONSTANT, _MISS_COST, _LEAST_FULL
cdef int64_t _ONE, _STILL_STEPS
cdef Py_ssize_t _MAX_SHIFT, _SHIFTS


@cython.final
cdef class ScaleGuess:
    cdef public Py_ssize_t least, most
    cdef public int64_t shift, offers, field, lowest_field, highest_field
    cdef public int64_t stops, still, repeats, ack
    cdef int64_t[::1] edges, large, small, small_at

    cpdef int reset(self) except -1
    @cython.locals(shift=Py_ssize_t, edge=int64_t)
    cpdef int offer(self, int64_t ack, int64_t field, int newer, int64_t highest, int64_t full) except -1
    @cython.locals(advance=int64_t, moved=int64_t)
    cdef int _weigh_hole(self, int64_t ack, int64_t field) except -1
    cdef int _contradict(self, Py_ssize_t shift) except -1
    @cython.locals(shift=Py_ssize_t)
    cpdef int sent(self, int64_t end, int64_t snd_una) except -1
    @cython.locals(window=int64_t)
    cdef int _exceeds(self, int64_t flight, Py_ssize_t shift) except -1
    cdef int _raise_least(self) except -1
    @cython.locals(room=int64_t)
    cdef int _weigh_stop(self, int64_t highest, int64_t full) except -1
    @cython.locals(varied=bint, enough=bint)
    cdef int _count_stop(self, int64_t full) except -1
    cdef int _settle(self) except -1

cimport cython
from libc.stdint cimport int64_t

cdef int64_t _UNKNOWN


@cython.final
@cython.no_gc
cdef class OfferedWindow:
    cdef public int64_t snd_wnd, right_edge, snd_wl1, snd_wl2, last_offer
    cdef public int64_t closed_since_ns, episodes, closed_ns, probes
    cdef public int64_t edge, high_edge, largest, longest, filled_end, filled_ns
    cdef public int loose, opened_little

    cpdef int reset(self) except -1
    cpdef int copy(self, OfferedWindow other) except -1
    cpdef int offer(self, int64_t seq, int64_t ack, int64_t window, int64_t scaled) except -1
    cdef int _newer(self, int64_t seq, int64_t ack, int64_t scaled) except -1
    cpdef int renumber(self) except -1
    cpdef int close(self, int64_t time_ns) except -1
    @cython.locals(held_ns=int64_t)
    cpdef int64_t reopen(self, int64_t time_ns) except -1

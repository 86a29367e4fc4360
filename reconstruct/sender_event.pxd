cimport cython
from libc.stdint cimport int64_t

cdef int64_t _UNKNOWN
cdef int _FIRST_EDGE


@cython.final
@cython.no_gc
cdef class SenderEvent:
    cdef public int64_t[::1] edges
    cdef public int64_t time_ns, tap_ns, frame, row
    cdef public int64_t seq, end, ack, payload_len, window, tsval, tsecr
    cdef public int what, flags, kind, fresh, lost, doubt, blocks

    @cython.locals(edge=int)
    cpdef int store(self, int64_t[::1] cells, int64_t at) except -1
    @cython.locals(edge=int)
    cpdef int load(self, int64_t[::1] cells, int64_t at) except -1


@cython.no_gc
cdef class SenderSink:
    cdef public int64_t taken

    cpdef int take(self, SenderEvent event) except -1
    cpdef int64_t allowance(self) except? -1
    cpdef int finish(self) except -1

cimport cython
from libc.stdint cimport int64_t

cdef int64_t _UNKNOWN


@cython.final
@cython.no_gc
cdef class Troubles:
    cdef public int64_t longest_ns, asked_ns
    cdef public int64_t reopened_ns, reopened_frame, reopened_tsval, reopened_at, reopened_unheard
    cdef public int64_t full_episodes, shrinks, shrunk_bytes, silly_openings, silly_segments, updates_lost

    cpdef int reset(self) except -1
    cpdef int note_closed(self, int64_t time_ns) except -1
    cpdef int note_reopened(self, int64_t time_ns, int64_t frame, int64_t tsval, int64_t sent_to) except -1

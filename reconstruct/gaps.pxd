cimport cython
from libc.stdint cimport int64_t

cdef int64_t _UNKNOWN, _KEPT, _CELLS


@cython.final
@cython.no_gc
cdef class Gaps:
    cdef public int64_t count, room
    cdef int64_t[::1] cells

    cpdef int reset(self) except -1
    @cython.locals(at=int64_t, cells=int64_t[::1])
    cpdef int note(self, int64_t start, int64_t time_ns, int64_t tsval, int64_t ip_id) except -1
    @cython.locals(oldest=int64_t, number=int64_t)
    cdef int64_t _find(self, int64_t offset) except? -2
    @cython.locals(at=int64_t)
    cpdef int knows(self, int64_t offset) except -1
    @cython.locals(at=int64_t)
    cpdef int64_t left_ns(self, int64_t offset) except? -1
    @cython.locals(at=int64_t)
    cpdef int64_t tsval(self, int64_t offset) except? -1
    @cython.locals(at=int64_t)
    cpdef int64_t ip_id(self, int64_t offset) except? -1

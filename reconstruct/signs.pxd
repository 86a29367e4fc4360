cimport cython
from libc.stdint cimport int64_t

cdef int64_t _SIGNS, _MAX_FRAMES, _CELLS, _FIRST_ROOM


@cython.final
@cython.no_gc
cdef class Signs:
    cdef int64_t[::1] cells, kept
    cdef public int64_t room, noted

    @cython.locals(slot=int64_t, at=int64_t)
    cpdef int note(self, int sign, int server, int64_t frame, int64_t figure) except -1
    @cython.locals(slot=int64_t, at=int64_t, index=int64_t)
    cpdef int absorb(self, Signs other) except -1
    cdef int _grow(self) except -1
    cpdef int64_t count(self, int sign, int server) except? -1
    cpdef int64_t total(self, int sign, int server) except? -1
    cpdef int64_t most(self, int sign, int server) except? -1

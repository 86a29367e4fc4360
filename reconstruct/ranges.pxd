cimport cython
from libc.stdint cimport int64_t

cdef int64_t _MAX_RANGES
cdef int64_t _FIRST_ROOM


@cython.final
@cython.no_gc
cdef class RangeSet:
    cdef public Py_ssize_t head, tail, room
    cdef public int64_t forgotten
    cdef int64_t[::1] starts, ends

    cpdef Py_ssize_t size(self) except -1
    @cython.locals(low=Py_ssize_t, high=Py_ssize_t, middle=Py_ssize_t)
    cpdef Py_ssize_t find(self, int64_t offset) except -1
    @cython.locals(total=int64_t, index=Py_ssize_t)
    cpdef int64_t covered(self, int64_t start, int64_t end) except -1
    @cython.locals(first=Py_ssize_t, last=Py_ssize_t, held=int64_t, low=int64_t, high=int64_t)
    cpdef int64_t add(self, int64_t start, int64_t end) except -1
    @cython.locals(total=int64_t, index=Py_ssize_t)
    cpdef int64_t remove_below(self, int64_t offset) except -1
    @cython.locals(head=Py_ssize_t)
    cdef int _degrade(self, Py_ssize_t first, int64_t low, int64_t high) except -1
    @cython.locals(at=Py_ssize_t)
    cdef int _insert(self, Py_ssize_t index, int64_t low, int64_t high) except -1
    cdef int _close(self, Py_ssize_t first, Py_ssize_t last) except -1
    @cython.locals(moved=Py_ssize_t, index=Py_ssize_t)
    cdef Py_ssize_t _make_room(self) except -1
    cpdef int64_t first_start(self) except? -1
    cpdef int64_t first_end(self) except? -1

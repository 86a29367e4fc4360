cimport cython
from libc.stdint cimport int64_t


@cython.final
cdef class RowStore:
    cdef public tuple names
    cdef public Py_ssize_t width, count, capacity
    cdef public int64_t[::1] cells

    cpdef int grow(self) except -1
    cpdef Py_ssize_t new_row(self) except -1

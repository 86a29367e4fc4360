cimport cython
from libc.stdint cimport int64_t

from reconstruct.recorder cimport RowStore

cdef int64_t _UNKNOWN, _INFLATION, _GROWTH_NS
cdef Py_ssize_t _LEAST, _HIGH

@cython.locals(back=Py_ssize_t, at=Py_ssize_t, least_ns=int64_t, high_ns=int64_t)
cpdef int is_telling(RowStore directions) except -1

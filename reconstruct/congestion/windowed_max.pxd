cimport cython
from libc.stdint cimport int64_t


@cython.final
@cython.no_gc
cdef class WindowedMax:
    cdef public int64_t best, second, third, best_at, second_at, third_at

    cpdef int reset(self, int64_t at, int64_t value) except -1
    cpdef int add(self, int64_t window, int64_t at, int64_t value) except -1
    @cython.locals(age=int64_t)
    cdef int _age(self, int64_t window, int64_t at, int64_t value) except -1
    cdef int _move_up(self, int64_t at, int64_t value) except -1

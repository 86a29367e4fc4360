cimport cython
from libc.stdint cimport int64_t

cdef int64_t _MASK, _HALF, _MODULUS

@cython.locals(distance=int64_t)
cpdef int64_t unwrap(int64_t wire, int64_t near) noexcept
cpdef int64_t wrap(int64_t offset) noexcept

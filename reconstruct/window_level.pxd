cimport cython
from libc.stdint cimport int64_t

cdef int64_t _UNKNOWN, _MEMORY


@cython.final
@cython.no_gc
cdef class WindowLevel:
    cdef readonly int64_t piece, una, pipe, level, before, sacked, most, risen, delivered

    cpdef int begin(self, int64_t piece) except -1
    cpdef int sent(self, int64_t payload_len) except -1
    @cython.locals(delivered=int64_t)
    cpdef int heard(self, int64_t ack, int64_t blocks, int64_t highest) except -1
    cdef int _deliver(self, int64_t delivered) except -1
    cpdef int expect(self, int64_t payload) except -1
    cpdef int passes(self, int64_t payload) except -1
    cpdef int settle(self) except -1

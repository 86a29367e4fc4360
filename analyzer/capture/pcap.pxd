cimport cython
from libc.stdint cimport int64_t

from analyzer.capture cimport integers
from analyzer.capture.batch cimport PacketBatch

cdef int64_t _MAX_RECORD_BYTES, _NS_PER_S
cdef size_t _BATCH_PACKETS


@cython.final
cdef class PcapWalk:
    cdef public int stop
    cdef public int64_t wanted
    cdef const unsigned char[::1] _data
    cdef Py_ssize_t _header_bytes, _captured_at, _wire_at
    cdef int64_t _fraction_ns, _link
    cdef int _swap_odd, _big

    @cython.locals(at=Py_ssize_t, body=Py_ssize_t, count=size_t, captured=int64_t, wire=int64_t)
    cpdef Py_ssize_t walk(self, PacketBatch batch, Py_ssize_t start, Py_ssize_t end) except -1

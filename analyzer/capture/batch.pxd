cimport cython
from libc.stdint cimport int64_t


@cython.final
cdef class PacketBatch:
    cdef public const unsigned char[::1] data
    cdef public Py_ssize_t count
    cdef public int64_t[::1] start, captured, wire, time_ns, link, interface

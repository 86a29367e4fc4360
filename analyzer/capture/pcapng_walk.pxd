cimport cython
from libc.stdint cimport int64_t, uint64_t

from analyzer.capture cimport integers
from analyzer.capture.batch cimport PacketBatch

cdef int64_t _SECTION, _INTERFACE, _STATISTICS, _ENHANCED, _SIMPLE, _OBSOLETE
cdef int64_t _JOURNAL, _CUSTOM, _CUSTOM_NOT_COPIED, _SYSDIG, _SYSDIG_V2, _SYSDIG_V2_LARGE
cdef int64_t _MAX_BLOCK_BYTES, _MAX_RECORD_BYTES, _NS_PER_S, _LOW_32, _LINK_NONE
cdef uint64_t _U_NS_PER_S, _U_LOW_32, _U_MAX_SECONDS, _U_ONE
cdef Py_ssize_t _BATCH_PACKETS
cdef size_t _STRIDE
cdef size_t _LINK, _SNAPLEN, _CLOCK, _FIGURE, _REST, _LIMIT, _OFFSET_NS
cdef int _CLOCK_SCALE, _CLOCK_DIVIDE, _CLOCK_SHIFT


@cython.final
cdef class PcapngWalk:
    cdef public int stop
    cdef public int64_t wanted, untimed, commented, last_ns
    cdef public int big, fault
    cdef public int64_t figure
    cdef public Py_ssize_t base, known
    cdef public int64_t[::1] table
    cdef const unsigned char[::1] _data

    @cython.locals(value=int64_t)
    cdef int64_t _u16(self, size_t at) except -1

    cdef int _turn(self, Py_ssize_t at) except -1

    @cython.locals(at=Py_ssize_t, kind=int64_t, raw=int64_t, length=int64_t, trailer=int64_t)
    cpdef Py_ssize_t walk(self, PacketBatch batch, Py_ssize_t start, Py_ssize_t end) except -1

    cdef int _fail(self, int fault, int64_t figure) except -1

    cdef int _take(self, PacketBatch batch, int64_t kind, Py_ssize_t at, Py_ssize_t length) except -1

    @cython.locals(number=int64_t, captured=int64_t, padded=int64_t)
    cdef int _timed(self, PacketBatch batch, Py_ssize_t at, Py_ssize_t length, int obsolete) except -1

    @cython.locals(captured=int64_t, wire=int64_t, snaplen=int64_t)
    cdef int _simple(self, PacketBatch batch, Py_ssize_t at, Py_ssize_t length) except -1

    @cython.locals(index=size_t)
    cdef int _add(self, PacketBatch batch, Py_ssize_t start, int64_t captured,
                  int64_t wire, Py_ssize_t number) except -1

    @cython.locals(ticks=uint64_t, figure=uint64_t, rest=uint64_t, limit=uint64_t,
                   ns=uint64_t, good=int, whole=int64_t, clock=int64_t)
    cdef int64_t _time_ns(self, uint64_t high, uint64_t low, size_t row) except? -1

    @cython.locals(shift=uint64_t)
    cdef uint64_t _shifted(self, uint64_t ticks, uint64_t bits) except? 1

    @cython.locals(code=int64_t)
    cdef int _count_comment(self, Py_ssize_t at, Py_ssize_t end) except -1

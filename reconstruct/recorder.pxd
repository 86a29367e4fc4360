cimport cython
from libc.stdint cimport int64_t


@cython.final
cdef class RowStore:
    cdef public tuple names
    cdef public Py_ssize_t width, count, capacity
    cdef public int64_t[::1] cells

    cpdef int grow(self) except -1
    cpdef Py_ssize_t new_row(self) except -1
    @cython.locals(first=Py_ssize_t)
    cpdef tuple row(self, Py_ssize_t index)


cdef int64_t _UNKNOWN, _NOT_KEPT, _VOID
cdef Py_ssize_t _SEGMENT_FLOW, _SPURIOUS, _CLIENT_STATE, _SERVER_STATE, _CWND, _FLIGHT, _RWND


@cython.final
cdef class Recorder:
    cdef public bint keep_events, keep_rows
    cdef public int64_t only
    cdef public RowStore events, segments, windows, candidates, sacks
    cdef public object models

    @cython.locals(store=RowStore, first=Py_ssize_t)
    cpdef int64_t event(
        self, int64_t flow, int64_t frame, int64_t time_ns, int64_t sender, int64_t event,
        int64_t a, int64_t b, int64_t c
    ) except? -1
    cpdef int void_event(self, int64_t row) except -1
    cpdef int patch_spurious(self, int64_t row) except -1
    @cython.locals(at=Py_ssize_t)
    cpdef int patch_window(
        self, int64_t row, int64_t cwnd, int64_t low, int64_t high, int64_t ssthresh, int64_t phase
    ) except -1
    cpdef int patch_flight(self, int64_t row, int64_t flight, int64_t rwnd) except -1
    cpdef int wants(self, int64_t flow) except -1
    @cython.locals(store=RowStore, column=Py_ssize_t, row=Py_ssize_t)
    cpdef int patch_state(self, int64_t flow, Py_ssize_t since, int server, int64_t state) except -1

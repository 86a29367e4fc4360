cimport cython
from libc.stdint cimport int64_t

from reconstruct.recorder cimport RowStore

cdef int64_t _UNKNOWN, _STATE, _CLIENT, _SERVER
cdef Py_ssize_t _CLIENT_HEARD, _SERVER_HEARD, _DIRECTION_SENDER, _EVENT_SENDER, _EVENT_KIND, _SEGMENT_FLOW
cdef Py_ssize_t _CLIENT_STATE, _SERVER_STATE

@cython.locals(
    ordered=RowStore, width=Py_ssize_t, index=Py_ssize_t, source=Py_ssize_t, target=Py_ssize_t, column=Py_ssize_t
)
cpdef RowStore in_order_of_flows(RowStore store, Py_ssize_t rows_each)
@cython.locals(index=Py_ssize_t, at=Py_ssize_t)
cpdef object silent_ends(RowStore flows)
@cython.locals(
    kept=RowStore, width=Py_ssize_t, index=Py_ssize_t, at=Py_ssize_t, target=Py_ssize_t, column=Py_ssize_t,
    flow=int64_t, bit=int64_t,
)
cpdef RowStore valid_events(RowStore store, int64_t[::1] silent)
@cython.locals(index=Py_ssize_t, at=Py_ssize_t, bits=int64_t)
cpdef int conceal_silent(RowStore segments, int64_t[::1] silent) except -1

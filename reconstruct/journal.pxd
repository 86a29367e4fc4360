cimport cython
from libc.stdint cimport int64_t

from reconstruct.endpoint cimport Endpoint
from reconstruct.recorder cimport Recorder, RowStore
from reconstruct.segment cimport Segment
from reconstruct.seq cimport unwrap

cdef int64_t _UNKNOWN
cdef int _SYN, _FAST, _RETRANSMISSION, _SYN_RETRANSMISSION, _UNNEEDED, _VERDICT

@cython.locals(store=RowStore, at=Py_ssize_t, sender=Endpoint)
cpdef int record_segment(
    Recorder recorder, int64_t number, Endpoint client, Endpoint server, Segment segment
) except -1
@cython.locals(at=Py_ssize_t, block=Py_ssize_t)
cdef int _record_sacks(RowStore store, int64_t number, Endpoint receiver, Segment segment) except -1
cdef int64_t _spurious(Endpoint sender, Segment segment) except? -1
@cython.locals(store=RowStore, at=Py_ssize_t, column=Py_ssize_t)
cpdef int record_window(Recorder recorder, int64_t number, Endpoint end, int is_server, Segment segment) except -1

cimport cython
from libc.stdint cimport int64_t

from reconstruct.flow_control cimport OfferedWindow
from reconstruct.recorder cimport Recorder
from reconstruct.sender_event cimport SenderEvent, SenderSink

cdef int64_t _UNKNOWN
cdef int _HEARD


@cython.no_gc
cdef class SenderWindows(SenderSink):
    cdef Recorder recorder
    cdef OfferedWindow offered
    cdef SenderSink sink
    cdef readonly int64_t una, next

    cpdef int begin(self, SenderSink sink, int64_t una, int64_t highest, OfferedWindow offered) except -1
    @cython.locals(flight=int64_t)
    cpdef int take(self, SenderEvent event) except -1
    cpdef int64_t allowance(self) except? -1
    cpdef int finish(self) except -1

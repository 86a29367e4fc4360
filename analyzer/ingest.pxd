cimport cython
from libc.stdint cimport int64_t

from analyzer.capture.batch cimport PacketBatch
from analyzer.capture.decode cimport Decoder
from reconstruct.flows cimport FlowTable
from reconstruct.segment cimport Segment

cdef int64_t _UNKNOWN, _CLOCK_STEP_NS, _MAX_EVIDENCE
cdef int _NONE, _FRAGMENT, _LONG_TAIL


@cython.final
cdef class Ingest:
    cdef public FlowTable table
    cdef public object ledger, second_look
    cdef public Decoder decoder
    cdef public Segment segment
    cdef public int64_t frame, segments, steps, first_time_ns, last_time_ns, latest_ns, cut_payloads
    cdef public list step_frames

    @cython.locals(segment=Segment, index=Py_ssize_t, time_ns=int64_t, skip=int)
    cpdef Py_ssize_t run(self, PacketBatch batch, Py_ssize_t start, int64_t until_ns) except -1
    cdef int _note_times(self, PacketBatch batch, Py_ssize_t first, Py_ssize_t last) except -1
    cdef int _note_step(self, int64_t time_ns) except -1
    @cython.locals(first=int64_t)
    cdef int _skip(self, PacketBatch batch, Py_ssize_t index, int skip) except -1

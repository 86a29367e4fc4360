cimport cython
from libc.stdint cimport int64_t

from reconstruct.recorder cimport RowStore

cdef int _APPLICATION, _RECOVERY, _CWND, _RWND, _SEND_BUFFER, _IDLE, _CLASSES
cdef int _BY_CWND, _BY_RWND, _OPEN, _AT_REST, _SHUT, _RECOVERING, _LOOKS
cdef int64_t _ROWS_KEPT, _FIRST_ROOM
cdef Py_ssize_t _LIMIT


@cython.final
@cython.no_gc
cdef class HeldTime:
    cdef int64_t[8] total_ns, longest_ns, longest_first, longest_last, settled_ns
    cdef int64_t[6] head_ns, tail_ns
    cdef int64_t[::1] rows
    cdef public RowStore windows
    cdef public int64_t rows_room, rows_count, rows_head, row_ns
    cdef public int64_t span_ns, span_first, since_frame
    cdef public int last, span, row_look

    @cython.locals(limit=int, look=int)
    cpdef int reset(self) except -1
    cpdef int64_t total(self, int limit) except? -1
    cpdef int64_t longest(self, int limit) except? -1
    cpdef int64_t first_frame(self, int limit) except? -1
    cpdef int64_t last_frame(self, int limit) except? -1
    @cython.locals(limit=int, together_ns=int64_t)
    cpdef int64_t sending_ns(self) except? -1
    cpdef int64_t open_ns(self) except? -1
    cpdef int spend(self, int limit, int64_t span_ns, int64_t first_frame, int64_t last_frame) except -1
    cdef int _extend(self, int limit, int64_t span_ns, int64_t first_frame, int64_t last_frame) except -1
    cpdef int note_row(self, int look, int64_t span_ns, int64_t row, bint opened) except -1
    @cython.locals(limit=int)
    cpdef int tell_row(self, int64_t row) except -1
    @cython.locals(larger=int64_t[::1], index=Py_ssize_t)
    cdef int _keep_row(self, int64_t row) except -1
    @cython.locals(index=int)
    cpdef int wait(self, int look, int64_t span_ns, bint opened) except -1
    @cython.locals(limit=int, look=int, most=int)
    cpdef int settle(self, int why, int64_t frame) except -1
    cdef int _settle_head(self, int why) except -1
    @cython.locals(windows=RowStore, index=Py_ssize_t, look=int, limit=int)
    cdef int _settle_rows(self, int why) except -1
    @cython.locals(limit=int)
    cdef int _class_of(self, int look, int why, bint before) except -1
    cpdef int forget_rest(self) except -1

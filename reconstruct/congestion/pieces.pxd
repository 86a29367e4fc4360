cimport cython
from libc.stdint cimport int64_t

cdef int64_t _FIRST_NUMBER, _FARTHEST_CUT, _MOST_PIECES, _FIRST_ROOM, _KEPT_ROOM, _NONE
cdef int64_t _SACKED, _DEAD, _RESENT, _CELLS, _START, _END, _SENT, _FLAGS, _SKIP, _OLDER, _NEWER
cdef int64_t _DELIVERED, _DELIVERED_NS, _FIRST_NS


@cython.final
@cython.no_gc
cdef class Piece:
    cdef public int64_t start, end, sent_ns, flags, delivered, delivered_ns, first_ns


@cython.final
@cython.no_gc
cdef class Pieces:
    cdef public int64_t room, mask, head, tail, oldest, newest
    cdef readonly Piece shown
    cdef int64_t[::1] cells

    cpdef int reset(self) except -1
    @cython.locals(piece=int64_t, at=int64_t)
    cpdef int push(
        self, int64_t start, int64_t end, int64_t sent_ns, int64_t delivered, int64_t delivered_ns, int64_t first_ns
    ) except -1
    @cython.locals(larger=int64_t[::1], mask=int64_t, piece=int64_t, old=int64_t, new=int64_t, cell=int64_t)
    cdef int _grow(self) except -1
    cdef int _append(self, int64_t piece, int64_t at) except -1
    @cython.locals(older=int64_t, newer=int64_t)
    cdef int _unlink(self, int64_t at) except -1
    cpdef int is_ordered(self, int64_t flags) except -1
    @cython.locals(at=int64_t)
    cpdef int pop(self) except -1
    @cython.locals(at=int64_t, before=bint, after=bint)
    cpdef int set_flags(self, int64_t piece, int64_t flags) except -1
    @cython.locals(at=int64_t)
    cpdef int resend(self, int64_t piece, int64_t sent_ns, int64_t flags) except -1
    @cython.locals(at=int64_t)
    cpdef int stamp(self, int64_t piece, int64_t delivered, int64_t delivered_ns, int64_t first_ns) except -1
    @cython.locals(
        flags=int64_t, piece=int64_t, low=int64_t, high=int64_t, below=int64_t, above=int64_t, more=int64_t
    )
    cpdef int64_t recut(self, int64_t first, int64_t last, int64_t start, int64_t end) except? -1
    @cython.locals(piece=int64_t, below=int64_t)
    cdef int _shift(self, int64_t first, int64_t by) except -1
    @cython.locals(old=int64_t, new=int64_t, cell=int64_t, older=int64_t, newer=int64_t)
    cdef int _move(self, int64_t piece, int64_t number) except -1
    @cython.locals(at=int64_t)
    cdef int _write(self, int64_t piece, int64_t start, int64_t end, int64_t flags) except -1
    @cython.locals(at=int64_t)
    cpdef int trim(self, int64_t start) except -1
    @cython.locals(at=int64_t, found=int64_t)
    cpdef int64_t unsacked(self, int64_t piece) except? -1
    @cython.locals(low=int64_t, high=int64_t, middle=int64_t)
    cpdef int64_t find(self, int64_t offset) except? -1
    @cython.locals(dropped=int64_t, piece=int64_t, at=int64_t)
    cpdef int64_t renege(self) except? -1
    @cython.locals(at=int64_t, shown=Piece)
    cpdef int show(self, int64_t piece) except -1
    cpdef int64_t start(self, int64_t piece) except? -1
    cpdef int64_t end(self, int64_t piece) except? -1
    cpdef int64_t sent_ns(self, int64_t piece) except? -1
    cpdef int64_t flags(self, int64_t piece) except? -1
    cpdef int64_t newer(self, int64_t piece) except? -1

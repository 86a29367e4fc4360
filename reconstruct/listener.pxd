cimport cython
from libc.stdint cimport int64_t, uint64_t

from reconstruct.connection cimport Connection
from reconstruct.cookie_signs cimport (
    byte_sign, code_sign, isn_sign, lag_ns, lag_sign, options_sign, resend_due_ns
)
from reconstruct.endpoint cimport Endpoint
from reconstruct.opening cimport vantage_of

cdef int64_t _UNKNOWN, _BUCKETS, _BUCKET_NS, _MINUTES, _MINUTE_NS, _PENDING_NS, _ANSWER_NS, _HALF_OPEN_NS
cdef int64_t _LEAST_WAIT_NS
cdef int64_t _MAX_FRAMES, _MAX_STARTS, _MAX_SOURCES, _REGISTERS, _LINES, _KINDS, _CELLS, _SIGNS
cdef int _NOT_OFFERED, _ARRIVED, _COMPLETED, _NEVER, _REFUSED_ROW, _RESET, _PENDING
cdef int _SACK, _TIMESTAMPS, _CUT, _HALF_OPEN_OPENING, _REFUSED_OPENING, _SIMULTANEOUS_OPENING, _UNIX_TTL
cdef int64_t _AT_CLIENT, _AT_SERVER
cdef int _SYN_AGAIN, _SLOW, _ANSWER_RESENT, _REFUSED, _UNANSWERED, _HALF_OPEN, _ACK_UNHEEDED, _SYN_UNHEEDED
cdef int _SIMULTANEOUS, _GRANTED, _USED, _IGNORED, _LOST, _NO_SACK, _NO_TIMESTAMPS, _NO_SCALE, _SCALE_DENIED
cdef int _STATELESS, _LAGGING, _ANSWERS, _NOT_RESENT, _RESENT, _LAG_FITS, _ISN_CLOCK, _NO_WINDOW
cdef int _CODE_FITS, _CODE_OTHER
cdef int _LAG_NONE
cdef uint64_t _PRIME, _MASK64
cdef object _NO_CELLS
cdef int64_t _SHOWS_NOTHING, _SHOWS_STATE, _SHOWS_NO_LAG, _SHOWS_LAG, _SHOWS_SILENCE, _SHOWS_SAME_ISN


@cython.final
cdef class Listener:
    cdef public int64_t base_ns, ip_version, hi, lo, port
    cdef public int64_t connections, completed, refused, reset, never, pending, resent, alone, missed
    cdef public int64_t sack, timestamps, scale, first_flow, first_ns, last_ns, ttl_low, ttl_high
    cdef public int64_t[::1] cells, line, minutes, odds, registers
    cdef public int64_t width_ns, minute_ns, has_minutes, stateless_ns, code_high
    cdef public dict kept
    cdef public list sources, starts

    cpdef int name(self, Connection connection) except -1
    @cython.locals(client=Endpoint, server=Endpoint, outcome=int)
    cpdef int64_t add(self, Connection connection, int64_t opening, int64_t now_ns) except? -1
    cdef int _outcome(self, Connection connection, int64_t opening, int64_t now_ns) except -1
    @cython.locals(at=Py_ssize_t)
    cdef int _note_outcome(self, Connection connection, int outcome, int64_t now_ns) except -1
    @cython.locals(server=Endpoint)
    cdef int _note_never(self, Connection connection, int64_t now_ns) except -1
    @cython.locals(client=Endpoint, server=Endpoint, lost=bint)
    cdef int _note_completed(self, Connection connection, int64_t opening) except -1
    @cython.locals(where=int64_t, waited_ns=int64_t)
    cdef int _note_slow(self, Connection connection) except -1
    @cython.locals(server=Endpoint, near=bint)
    cdef int _note_again(self, Connection connection) except -1
    @cython.locals(client=Endpoint, server=Endpoint, known=bint)
    cdef int _note_fast_open(self, Connection connection, int lost) except -1
    @cython.locals(client=Endpoint, server=Endpoint)
    cdef int _note_options(self, Connection connection) except -1
    @cython.locals(at=Py_ssize_t)
    cpdef int note(self, int kind, Connection connection, int64_t figure, int resent_by) except -1
    cdef int _keep(self, int kind, Connection connection, int resent_by) except -1
    @cython.locals(mixed=uint64_t, register=Py_ssize_t, rank=int64_t)
    cdef int _note_source(self, Connection connection, Endpoint client) except -1
    cdef int _keep_source(self, Connection connection) except -1
    @cython.locals(client=Endpoint, server=Endpoint, at=Py_ssize_t, cells=int64_t[::1], shows=int64_t, sign=int)
    cdef int64_t _note_answer(self, Connection connection, int outcome, int64_t now_ns) except? -1
    @cython.locals(client=Endpoint, server=Endpoint, waited_ns=int64_t)
    cdef int64_t _note_memory(self, Connection connection, int outcome, int64_t now_ns, Py_ssize_t at) except? -1
    @cython.locals(client=Endpoint, server=Endpoint, cells=int64_t[::1], sign=int)
    cdef int64_t _note_form(self, Connection connection, Py_ssize_t at) except? -1
    cdef Py_ssize_t _bucket(self, int64_t time_ns) except? -1
    cdef Py_ssize_t _minute(self, int64_t time_ns) except? -1
    cpdef Py_ssize_t minute_of(self, int64_t time_ns) except? -1


cdef int64_t _waited_ns(Connection connection, int server) except? -1
@cython.locals(row=Py_ssize_t, at=Py_ssize_t, first=Py_ssize_t)
cdef int _halve(int64_t[::1] cells, Py_ssize_t rows, Py_ssize_t width) except -1
@cython.locals(row=Py_ssize_t, at=Py_ssize_t, first=Py_ssize_t)
cdef int _halve_rows(int64_t[::1] cells, Py_ssize_t rows, Py_ssize_t width) except -1

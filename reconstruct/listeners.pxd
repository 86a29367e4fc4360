cimport cython
from libc.stdint cimport int64_t

from reconstruct.connection cimport Connection
from reconstruct.listener cimport Listener
from reconstruct.recorder cimport RowStore

cdef int64_t _UNKNOWN, _SHOWN, _MID_CAPTURE
cdef Py_ssize_t _VERSION, _HI, _LO, _PORT, _OPENING, _TIME, _COOKIE


@cython.final
cdef class Listeners:
    cdef public int64_t most, base_ns, now_ns, before_ns, before_client_isn, before_server_isn, passed_over
    cdef public dict table
    cdef public Listener last

    @cython.locals(at=Py_ssize_t, opening=int64_t, listener=Listener)
    cpdef int add(self, Connection connection, RowStore flows) except -1
    cpdef int know_until(self, int64_t now_ns) except -1
    @cython.locals(answered=bint)
    cpdef int note_before(self, Connection connection) except -1
    cpdef int hand_on(self, Connection connection) except -1
    @cython.locals(listener=Listener, found=Listener)
    cdef Listener _of(self, Connection connection)
    @cython.locals(listener=Listener)
    cdef int _cut(self) except -1
    @cython.locals(last=Listener, row=Py_ssize_t, at=Py_ssize_t, shows=int64_t)
    cpdef int mark(self, RowStore flows, int64_t otherwise) except -1


@cython.locals(at=Py_ssize_t)
cdef int64_t _odds_of(Listener listener, int64_t time_ns, int64_t shows, int64_t otherwise) except? -1
cdef tuple _key(int64_t version, int64_t hi, int64_t lo, int64_t port)

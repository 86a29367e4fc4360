cimport cython
from libc.stdint cimport int64_t

from reconstruct.congestion.replay cimport CongestionReplay
from reconstruct.connection cimport Connection
from reconstruct.endpoint cimport Endpoint
from reconstruct.held cimport HeldTime
from reconstruct.opening cimport vantage_of
from reconstruct.recorder cimport RowStore
from reconstruct.rtt cimport RoundTrips
from reconstruct.window_scale cimport ScaleGuess
from reconstruct.troubles cimport Troubles

cdef Py_ssize_t _PARTS
cdef int64_t _UNKNOWN, _TAGS_MASK, _MASK32
cdef int _TUNNEL_SHIFT
cdef int _CLASSES
cdef Py_ssize_t _TROUBLES, _SCALE, _HELD, _CONGESTION, _NEEDLESS, _ISN
cdef int _CUT_OFF, _NOT_OFFERED, _SACK_PERMITTED, _TIMESTAMPS, _FAST_OPEN, _OPTIONS_CUT
cdef int _NAMELESS
cdef int _HANDSHAKE, _FAST_OPENED, _SIMULTANEOUS, _HALF_OPEN, _REFUSED, _MID_CAPTURE
cdef int _BY_FIN, _BY_RST, _HALF_CLOSED, _OPEN

@cython.locals(client=Endpoint, server=Endpoint)
cpdef int opening_of(Connection connection) except -1
@cython.locals(client=Endpoint, server=Endpoint, client_done=bint, server_done=bint)
cpdef int closing_of(Connection connection) except -1
@cython.locals(client=Endpoint, server=Endpoint)
cpdef int one_sided(Connection connection) except -1
@cython.locals(client=Endpoint, server=Endpoint, at=Py_ssize_t, tunnel=int64_t, tags=int64_t)
cpdef int write_flow(Connection connection, RowStore store) except -1
@cython.locals(heard=bint, at=Py_ssize_t, column=Py_ssize_t)
cpdef int write_direction(Connection connection, Endpoint sender, Endpoint peer, RowStore store) except -1
@cython.locals(column=Py_ssize_t, troubles=Troubles, still_ns=int64_t)
cdef int _write_troubles(Connection connection, Endpoint sender, RowStore store, Py_ssize_t at) except -1
@cython.locals(guess=ScaleGuess)
cdef int _write_scale(Endpoint sender, Endpoint peer, RowStore store, Py_ssize_t at) except -1
@cython.locals(replay=CongestionReplay)
cdef int _write_congestion(Endpoint sender, RowStore store, Py_ssize_t at) except -1
@cython.locals(column=Py_ssize_t)
cdef int _write_resent(Endpoint sender, RowStore store, Py_ssize_t at) except -1
@cython.locals(replay=CongestionReplay, held=HeldTime, column=Py_ssize_t, limit=int)
cdef int _write_held(Endpoint sender, RowStore store, Py_ssize_t at) except -1
@cython.locals(held_ns=int64_t)
cdef int64_t _held_ns(Connection connection, Endpoint sender) except? -1
@cython.locals(column=Py_ssize_t)
cdef int _write_options(Endpoint sender, Endpoint peer, RowStore store, Py_ssize_t at) except -1
@cython.locals(ecn=int, scaled=bint)
cdef int _write_offers(Endpoint sender, Endpoint peer, RowStore store, Py_ssize_t at) except -1
cdef int64_t _offered(Endpoint end, int option) except? -1
@cython.locals(mine=int64_t, theirs=int64_t)
cdef int64_t _in_use(Endpoint sender, Endpoint peer, int option) except? -1
@cython.locals(column=Py_ssize_t, echoed=bint, summed=bint)
cdef int _write_round_trips(Endpoint sender, Endpoint peer, RowStore store, Py_ssize_t at) except -1
cdef int _write_figures(RoundTrips trips, RowStore store, Py_ssize_t at) except -1

cimport cython
from libc.stdint cimport int64_t

from reconstruct.endpoint cimport Endpoint

cdef int64_t _UNKNOWN, _NOISE_NS, _MOST_NS, _WATCH_NS, _TICK_NS, _ISN_NOISE, _SPREAD, _LIFE_NS
cdef int64_t _RESEND_NS, _SLOW_RESEND_NS, _UNIX_TTL, _LEAST_SEGMENTS, _NS_PER_MS, _MASK32, _HALF
cdef int _SACK, _TIMESTAMPS, _SCALE, _CUT, _NO_SIGN, _LAG_NONE, _LAG_FITS, _LAG_NEGATIVE, _LAG_ABOVE
cdef int _BARE, _ANSWERED, _ISN_SAME, _ISN_CLOCK, _CODE_FITS, _CODE_OTHER, _BYTE_FITS, _BYTE_OTHER
cdef int64_t[::1] _SIZES

@cython.locals(passed_ns=int64_t)
cpdef int64_t lag_ns(Endpoint server) except? -1
@cython.locals(lag=int64_t)
cpdef int lag_sign(Endpoint server) except -2
@cython.locals(passed_ns=int64_t, moved=int64_t)
cpdef int isn_sign(
    Endpoint client, Endpoint server, int64_t client_isn, int64_t server_isn, int64_t before_ns
) except -2
cpdef int options_sign(Endpoint client, Endpoint server) except -2
@cython.locals(code=int64_t)
cpdef int code_sign(Endpoint client, Endpoint server) except -2
@cython.locals(told=int64_t, expected=int64_t)
cpdef int byte_sign(Endpoint client, Endpoint server) except -2
cdef int64_t _scale_index(int64_t scale) except? -1
@cython.locals(index=int64_t)
cdef int64_t _size_index(int64_t mss) except? -1
@cython.locals(size=int64_t)
cpdef int64_t resend_due_ns(Endpoint server) except? -1
@cython.locals(low=int64_t)
cpdef int64_t signed32(int64_t number) except? -1

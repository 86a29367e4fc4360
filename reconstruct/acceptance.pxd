cimport cython
from libc.stdint cimport int64_t

from reconstruct.endpoint cimport Endpoint
from reconstruct.segment cimport Segment

cdef int64_t _UNKNOWN
cdef int _ACCEPTABLE, _ACK, _FIN, _RST, _SYN, _SYN_SENT, _MAX_SHIFT
cdef int _RESET_NOT_ACCEPTABLE, _RESET_IN_SYN_SENT, _ACK_BIT_OFF, _ACK_OF_UNSENT, _OUTSIDE_WINDOW
cdef int _BEFORE_ISN, _TEXT_AFTER_FIN, _HANDSHAKE_ACK_WRONG, _STALE_RESET, _SYN_OF_ANOTHER, _OLD_FIN, _RESET_WITHOUT_ACK

cdef int _refuse(Segment segment, int rule, int64_t figure_a, int64_t figure_b) except -2
@cython.locals(flags=int)
cpdef int refused(Endpoint sender, Endpoint receiver, Segment segment) except -2
@cython.locals(edge=int64_t)
cdef int _unsent(Endpoint receiver, Segment segment) except -2
cdef int _refused_ack(Endpoint sender, Endpoint receiver, Segment segment) except -2
cdef int _note_outside(Endpoint sender, Segment segment) except -1
cdef int _refused_syn(Endpoint sender, Endpoint receiver, Segment segment) except -2
@cython.locals(edge=int64_t)
cdef int _refused_text(Endpoint sender, Segment segment) except -2
@cython.locals(low=int64_t, high=int64_t)
cdef int _refused_reset(Endpoint sender, Endpoint receiver, Segment segment) except -2
cdef int64_t _unheard_edge(Endpoint sender) except? -1

cimport cython
from libc.stdint cimport int64_t

from reconstruct.endpoint cimport Endpoint
from reconstruct.recorder cimport Recorder
from reconstruct.segment cimport Segment

cdef int64_t _UNKNOWN
cdef int _NO_FIN, _FIN_ABOVE_HOLE, _FIN_ON_ITS_WAY, _ACK, _FIN, _RST, _SYN, _STATE_EVENT
cdef int _CLOSED, _LISTEN, _TIME_WAIT, _SYN_SENT, _SYN_RECEIVED, _ESTABLISHED, _CLOSE_WAIT
cdef int _SND_SYN, _RCV_SYN, _RCV_SYN_ACK, _RCV_ACK_OF_SYN, _RCV_ACK_OF_FIN, _SND_FIN, _RCV_FIN, _SND_RST, _RCV_RST


@cython.no_gc
cdef class Lifecycle:
    cdef public int64_t number
    cdef public Recorder recorder
    cdef public Endpoint client, server
    cdef public int simultaneous, refused
    cdef public int64_t resets

    cpdef int reset_ends(self, int64_t number, int client_state, int server_state) except -1
    cpdef int ended(self) except -1
    cpdef int step(self, Endpoint sender, Endpoint receiver, Segment segment) except -1
    @cython.locals(again=int)
    @cython.final
    cdef int _step_other(self, Endpoint sender, Endpoint receiver, Segment segment) except -1
    @cython.locals(before=int)
    cpdef int move(self, Endpoint end, int event, Segment segment) except -1
    @cython.final
    cdef int _undo(self, Endpoint end) except -1
    @cython.locals(again=int)
    @cython.final
    cdef int _prove(self, Endpoint sender, Endpoint receiver, Segment segment) except -1
    @cython.final
    cdef int _prove_alive(self, Endpoint sender, Segment segment) except -1
    @cython.final
    cdef int _prove_opening(self, Endpoint sender, Endpoint receiver, Segment segment) except -1
    @cython.locals(first=bint)
    @cython.final
    cdef int _prove_crossing(self, Endpoint sender, Endpoint receiver, Segment segment) except -1
    @cython.final
    cdef int _prove_closing(self, Endpoint sender, Endpoint receiver, Segment segment) except -1
    @cython.final
    cdef int _take_fin(self, Endpoint end, Segment segment) except -1
    @cython.final
    cdef int _step_reset(self, Endpoint sender, Endpoint receiver, Segment segment) except -1
    @cython.final
    cdef int _receive(self, Endpoint sender, Endpoint receiver, Segment segment) except -1
    @cython.final
    cdef int _receive_syn(self, Endpoint receiver, Segment segment) except -1


cdef int _is_over(int state) except -1

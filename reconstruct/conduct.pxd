cimport cython
from libc.stdint cimport int64_t

from reconstruct.windows cimport Windows
from reconstruct.endpoint cimport Endpoint
from reconstruct.segment cimport Segment

cdef int64_t _UNKNOWN, _WORTH_NOTING_NS, _TOO_SOON_NS, _ODD_HOPS, _CLIENT_HELLO, _HANDSHAKE_RECORD
cdef int _ACK, _FIN, _RST, _NOBODY, _SERVER, _CLIENT, _ASKED_ALIVE, _CLOSE_WAIT, _CLOSED, _SND_RST, _NEW
cdef int _RESET, _LATE, _UNASKED, _UNREAD, _FOUND_DEAD, _HALF_CLOSED, _CLOSE_WAITED, _OTHER_TTL, _SOON, _DISOWNED
cdef int _SIZE_PASSED
cdef int _STALE_RST, _STALE_FIN, _STALE_SILENCE, _IDLE_RST


@cython.no_gc
cdef class Conduct(Windows):
    cdef public int talker, reuse
    cdef public int64_t turn_at, turn_ns, pause_ns, text_ns, turns, setup_turns, resumed
    cdef public int64_t idle_ns, fin_idle_ns, request_frame, longest_idle_ns, stale_ns, reuse_gap_ns

    cpdef int reset_conduct(self) except -1
    @cython.final
    cdef int _note_stale(self, int64_t frame, int sign, int64_t idle_ns) except -1
    @cython.locals(from_client=bint, answered=bint)
    @cython.final
    cdef int take_turn(self, Endpoint sender, Endpoint receiver, Segment segment) except -1
    @cython.locals(idle_ns=int64_t, paused=bint)
    @cython.final
    cdef int _request(self, Endpoint sender, Endpoint receiver, Segment segment) except -1
    @cython.final
    cdef int _count_setup(self, int64_t head) except -1
    @cython.final
    cdef int note_leaving(self, Endpoint sender, Endpoint receiver, Segment segment) except -1
    @cython.final
    cdef int _note_late_text(self, Endpoint sender, Endpoint receiver, Segment segment) except -1
    @cython.locals(unheard=int64_t, told=bint, first=bint)
    @cython.final
    cdef int count_stale_reset(self, Endpoint sender, Segment segment) except -1
    @cython.locals(unheard=bint)
    @cython.final
    cdef int _note_fin(self, Endpoint sender, Segment segment) except -1
    @cython.locals(silent_ns=int64_t)
    @cython.final
    cdef int _note_silence(self, Endpoint end, Endpoint peer, Segment segment) except -1
    @cython.final
    cdef int _note_reset(self, Endpoint sender, Endpoint receiver, Segment segment) except -1
    @cython.locals(lost=int64_t, unread=int64_t, late=bint)
    @cython.final
    cdef int _note_loss(self, Endpoint sender, Endpoint receiver, Segment segment) except -1
    @cython.final
    cdef int _is_turn_of(self, Endpoint end) except -1
    @cython.locals(idle_ns=int64_t)
    @cython.final
    cdef int _note_stale_reset(self, Segment segment) except -1
    @cython.locals(hops=int64_t, trip_ns=int64_t, asked_ns=int64_t, answers=bint, quiet_ns=int64_t, unasked=bint)
    @cython.final
    cdef int _note_misfit(self, Endpoint sender, Endpoint receiver, Segment segment) except -1
    @cython.locals(unheard=bint)
    cpdef int settle(self, int64_t now_ns) except -1
    @cython.locals(silent_ns=int64_t)
    @cython.final
    cdef int _settle_end(self, Endpoint end, Endpoint peer, int server, int64_t now_ns) except -1


cdef int64_t _silent_ns(Endpoint end, Endpoint peer, int64_t now_ns) except? -1
@cython.locals(control=int64_t)
cdef int64_t _outstanding(Endpoint end) except? -1
cdef int64_t _hops(int64_t ttl) except? -1

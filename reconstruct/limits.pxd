cimport cython
from libc.stdint cimport int64_t

from reconstruct.held cimport HeldTime
from reconstruct.pace cimport Pace
from reconstruct.recorder cimport Recorder
from reconstruct.sender_event cimport SenderEvent, SenderSink
from reconstruct.signs cimport Signs

cdef int64_t _UNKNOWN, _NO_EDGE, _PROMPT_MIN_NS, _PROMPT_MAX_NS, _PROMPT_AWAY_NS, _PROMPT_SHARE, _DELAYED_ACK_MIN_NS
cdef int64_t _STREAK, _WINDOW_SHARE, _HALVED_WINDOW
cdef int _SENT, _FIN, _PSH, _SYN_OR_RST, _PSH_OR_FIN
cdef int _BY_CWND, _BY_RWND, _OPEN, _AT_REST, _SHUT, _RECOVERING
cdef int _CWND, _RWND, _APPLICATION, _NAGLE, _RECOVERY, _PACING, _SEND_BUFFER
cdef int _PROBE, _KEEP_ALIVE, _FAST, _RETRANSMISSION, _BY_TIMER, _TAIL_PROBE, _STALL, _STALL_SIGN, _TINYGRAM_SIGN


@cython.no_gc
cdef class Limits(SenderSink):
    cdef public Recorder recorder
    cdef public HeldTime held
    cdef public Pace pace
    cdef public Signs signs
    cdef public int64_t flow, mss, room, edge, una, highest, largest, widest, spare
    cdef public int64_t now_ns, now_frame, heard_tap_ns, heard_frame, small_end, small_tap_ns, small_frame
    cdef public int64_t high_seq, timed_end, timed_ns, timed_tap_ns, trip_ns, far_ns, streak
    cdef public int server, begun, finished, probed, look, after_ack, heard_payload, freed
    cdef public int away, clocked, sends_small, pushed, full

    cpdef int reset(self) except -1
    cpdef int begin(self, int64_t flow, int server, int64_t mss) except -1
    cpdef int begin_at(self, int64_t una, int64_t window, int64_t trip_ns, int64_t far_ns) except -1
    cpdef int take(self, SenderEvent event) except -1
    cpdef int note(self, int sign, int64_t frame, int64_t figure) except -1
    cpdef int end(self) except -1
    cpdef int64_t prompt_ns(self) except? -1
    @cython.locals(before=int64_t)
    @cython.final
    cdef int _heard(self, SenderEvent event) except -1
    @cython.locals(trip_ns=int64_t, far_ns=int64_t)
    @cython.final
    cdef int _acknowledged(self, SenderEvent event) except -1
    @cython.locals(closed=bint)
    @cython.final
    cdef int _look_around(self) except -1
    @cython.locals(size=int64_t)
    @cython.final
    cdef int64_t _full_size(self) except? -1
    @cython.final
    cdef int64_t _least_segment(self) except? -1
    @cython.final
    cdef int64_t _free(self) except? -1
    @cython.locals(burst=int64_t, free=int64_t, room=int64_t, for_cwnd=bint)
    @cython.final
    cdef int _deferred(self) except -1
    @cython.locals(paced_ns=int64_t)
    @cython.final
    cdef int _elapse(self, SenderEvent event, int64_t span_ns) except -1
    @cython.final
    cdef int _wait(self, int look, int64_t span_ns, bint opened, SenderEvent event) except -1
    @cython.locals(span_ns=int64_t)
    @cython.final
    cdef int _sent(self, SenderEvent event) except -1
    @cython.final
    cdef int _send_other(self, SenderEvent event, int64_t span_ns) except -1
    @cython.final
    cdef int _begin(self, SenderEvent event) except -1
    @cython.final
    cdef int _send_again(self, SenderEvent event, int64_t span_ns) except -1
    @cython.final
    cdef int _wait_for_timer(self, SenderEvent event, int64_t span_ns) except -1
    @cython.locals(prompt=int)
    @cython.final
    cdef int _send_new(self, SenderEvent event, int64_t span_ns) except -1
    @cython.final
    cdef int _settle(self, SenderEvent event, int64_t span_ns, bint prompt) except -1
    @cython.locals(why=int)
    @cython.final
    cdef int _settle_uncut(self, SenderEvent event, int64_t span_ns, bint prompt) except -1
    @cython.final
    cdef int _is_cut(self, SenderEvent event) except -1
    @cython.final
    cdef int _had_room(self, SenderEvent event) except -1
    @cython.locals(buffered=int64_t)
    @cython.final
    cdef int _cause(self, SenderEvent event, bint prompt) except -1
    @cython.final
    cdef int _cause_unasked(self) except -1
    @cython.final
    cdef int _was_held_by_nagle(self, SenderEvent event) except -1
    @cython.locals(late_ns=int64_t, held_ns=int64_t)
    @cython.final
    cdef int _note_stall(self, SenderEvent event) except -1
    @cython.final
    cdef int _note_new(self, SenderEvent event) except -1

cimport cython
from libc.stdint cimport int64_t

from reconstruct.event_queue cimport EventQueue
from reconstruct.sender_clock cimport SenderClock
from reconstruct.sender_event cimport SenderEvent, SenderSink
from reconstruct.window_level cimport WindowLevel

cdef int64_t _UNKNOWN, _DIRECT_RATIO, _DIRECT_NS, _NOT_DIRECT_NS, _MOST_KEPT, _MOST_LOST, _MOST_OPEN, _LATEST_NS
cdef int64_t _MASK32, _HALF32, _NEVER, _MOST_QUEUED, _WAITED_SPACINGS
cdef SenderEvent _HEARD_EVENT, _SENT_EVENT, _LOST_EVENT
cdef int _ACK, _PSH, _SENT, _HEARD, _NEW, _FAST, _OUT_OF_ORDER, _DUPLICATE, _NOT_DIRECT_SIGNS, _BEFORE, _MAYBE, _AFTER


@cython.no_gc
cdef class SenderOrder(SenderSink):
    cdef readonly int direct
    cdef SenderSink sink
    cdef SenderClock clock
    cdef WindowLevel level
    cdef EventQueue acks, burst
    cdef int64_t near_ns, far_ns, shift_ns, hold_ns, next, now_ns, heard_tsval, text_heard, text_acked, text_edge
    cdef int64_t heard_ns, last_ns, spacing_ns, payload, repeats, tsval, tsecr, proven, possible, start_ns, trip_ns
    cdef int signs, ready, stamped, kind

    cpdef int begin(self, SenderSink sink, int64_t mss, int64_t near_ns, int64_t far_ns) except -1
    @cython.final
    cdef int _forget(self) except -1
    cpdef int take(self, SenderEvent event) except -1
    @cython.final
    cdef int _keep(self, SenderEvent event) except -1
    cpdef int finish(self) except -1
    @cython.final
    cdef int _release(self) except -1
    @cython.final
    cdef int _give(self, SenderEvent event) except -1
    @cython.locals(late=bint)
    @cython.final
    cdef int _pass(self, SenderEvent event) except -1
    @cython.final
    cdef int _collect(self, SenderEvent event) except -1
    @cython.final
    cdef int _continues(self, SenderEvent event) except -1
    @cython.locals(event=SenderEvent, waited=int, first=int64_t)
    @cython.final
    cdef int _close(self) except -1
    @cython.locals(room=int64_t)
    @cython.final
    cdef int _passes(self, int64_t payload) except -1
    @cython.locals(clock=SenderClock)
    @cython.final
    cdef int _read_clock(self, SenderEvent event) except -1
    @cython.locals(gap_ns=int64_t)
    @cython.final
    cdef int _waited(self, SenderEvent event) except -1
    @cython.locals(echoed=bint, repeats=int64_t, index=int64_t, when=int)
    @cython.final
    cdef int _weigh(self, SenderEvent event) except -1
    @cython.locals(heard_ns=int64_t, tsval=int64_t, text=bint, ticks=int64_t)
    @cython.final
    cdef int _beside(self, SenderEvent event, int64_t index, bint echoed) except -1
    @cython.locals(at_ns=int64_t)
    @cython.final
    cdef int _by_time(self, SenderEvent event, int64_t heard_ns) except -1
    @cython.locals(event=SenderEvent, at_ns=int64_t)
    @cython.final
    cdef int _hear(self, int64_t until_ns) except -1
    @cython.final
    cdef int64_t _sent_ns(self, SenderEvent event, int waited) except? -1
    @cython.locals(event=SenderEvent, doubt=int64_t)
    @cython.final
    cdef int _release_burst(self, int64_t sent_ns) except -1
    @cython.locals(phantom=SenderEvent, first=int64_t, size=int64_t)
    @cython.final
    cdef int _fill(self, int64_t tap_ns, int64_t until, int64_t possible) except -1
    @cython.final
    cdef int _emit(self, SenderEvent event, int64_t sent_ns) except -1

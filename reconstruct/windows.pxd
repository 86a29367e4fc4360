cimport cython
from libc.stdint cimport int64_t

from reconstruct.counting cimport Counting
from reconstruct.endpoint cimport Endpoint
from reconstruct.flow_control cimport OfferedWindow
from reconstruct.segment cimport Segment
from reconstruct.window_scale cimport ScaleGuess
from reconstruct.troubles cimport Troubles

cdef int64_t _UNKNOWN, _ONE, _COLLAPSE, _VANTAGE_RATIO, _PAUSE_TRIPS
cdef int _NOT_OFFERED, _FIN, _SYN, _RST, _TIMESTAMPS, _FIN_SYN_RST, _SYN_OR_RST, _INFLATED_SHIFT, _MAX_SHIFT
cdef int _LARGEST_FIELD, _RENEWED
cdef int64_t _MOST_UPDATES
cdef int _NEWER, _PURE_ACK, _PROBE_ACK, _NEW
cdef int _ZERO_WINDOW_BEGIN, _ZERO_WINDOW_END, _WINDOW_FULL
cdef int _BY_UPDATE, _BY_ACK, _BY_DATA, _BY_PROBE, _BY_PROBE_AFTER_LOSS
cdef int _ZERO_WINDOW, _UPDATE_LOST, _SHRUNK, _SCALE_DENIED, _SILLY_OPENING, _SILLY_SEGMENT


@cython.no_gc
cdef class Windows(Counting):
    @cython.locals(offered=OfferedWindow, scaled=int64_t, before=int64_t, changed=int, room=int64_t)
    @cython.final
    cdef int take_offer(self, Endpoint sender, Endpoint held, Segment segment, int advanced) except -1
    @cython.locals(newer=int)
    @cython.final
    cdef int _weigh_scale(self, Endpoint sender, Endpoint held, Segment segment, int advanced) except -1
    @cython.final
    cdef int _settle_scale(self, Endpoint end, Endpoint held) except -1
    @cython.locals(tsval=int64_t)
    @cython.final
    cdef int _is_newest(self, Endpoint sender, Segment segment) except -1
    @cython.locals(told=int64_t)
    @cython.final
    cdef int _compare_with_syn(self, Endpoint sender, Endpoint held, Segment segment) except -1
    @cython.locals(arrived=int64_t, least=int)
    @cython.final
    cdef int _weigh_collapse(self, Endpoint sender, Endpoint held, Segment segment, int64_t told) except -1
    @cython.final
    cdef int deny_scale(self, Endpoint end, Segment segment) except -1
    @cython.locals(edge=int64_t, below=int64_t, is_newer=bint, troubles=Troubles)
    @cython.final
    cdef int _note_edge_below(self, Endpoint sender, Endpoint held, Segment segment, int advanced) except -1
    @cython.locals(full=int64_t, enough=int64_t, troubles=Troubles)
    @cython.final
    cdef int _weigh_opening(self, Endpoint sender, Endpoint held, Segment segment, int64_t step) except -1
    @cython.locals(offered=OfferedWindow)
    @cython.final
    cdef int _note_zero_window(self, Endpoint sender, Endpoint held, Segment segment) except -1
    @cython.locals(troubles=Troubles, how=int, held_ns=int64_t, tsval=int64_t)
    @cython.final
    cdef int _reopen(self, Endpoint sender, Endpoint held, Segment segment) except -1
    @cython.final
    cdef int _how_reopened(self, Endpoint sender, Endpoint held, Segment segment) except -1
    @cython.final
    cdef int _is_update_missing(self, Endpoint sender, Endpoint held, Segment segment) except -1
    @cython.locals(offered=OfferedWindow, room=int64_t)
    @cython.final
    cdef int note_text(self, Endpoint held, Endpoint peer, Segment segment) except -1
    @cython.locals(troubles=Troubles, offered=OfferedWindow)
    @cython.final
    cdef int _weigh_filling(self, Endpoint held, Endpoint peer, Segment segment, int64_t room) except -1
    @cython.locals(away=bint, pause_ns=int64_t, offered=OfferedWindow)
    @cython.final
    cdef int _has_paused(self, Endpoint held, Endpoint peer, Segment segment) except -1

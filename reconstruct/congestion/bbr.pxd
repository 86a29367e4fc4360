cimport cython
from libc.stdint cimport int64_t

from reconstruct.congestion.aggregation cimport Aggregation
from reconstruct.congestion.bandwidth cimport Bandwidth, interval_of
from reconstruct.congestion.base cimport CongestionModel
from reconstruct.congestion.pacer cimport Pacer
from reconstruct.congestion.sender_state cimport SenderState

cdef int64_t _UNKNOWN
cdef int _PACE_DOWN, _PACE_REST, _AHEAD, _BEHIND
cdef int _BBR, _OPEN, _RECOVERY, _LOSS, _STARTUP, _DRAIN, _PROBE_BW, _PROBE_RTT, _SCALE, _BURST_SHIFT
cdef int64_t _UNIT, _HIGH_GAIN, _DRAIN_GAIN, _WINDOW_GAIN, _PROBE_GAIN, _YIELD_GAIN, _CYCLE
cdef int64_t _FEWEST, _MARGIN_PERCENT, _SHORTEST_NS, _PROBE_RTT_NS
cdef int64_t _MOST_RATE, _MOST_US, _AGGREGATE_US, _BURST_BYTES, _SLOW_BYTES, _MOST_BURST, _ROUND_UP
cdef int64_t _SETTLED, _NS_PER_US, _US_PER_S, _IDLE_NS, _DEFER_SHARE
cdef int _CRUISES, _PROBES, _YIELDS, _LAGS, _CRUISING
cdef int64_t _FASTER, _SLOWER, _LATE


@cython.no_gc
cdef class Bbr(CongestionModel):
    cdef public Aggregation lumps
    cdef public Bandwidth bandwidth
    cdef public Pacer pacer
    cdef public int mode, pacing_seen, cycle, ca_before, conserving, probe_round, idle_restart, seen_before
    cdef public int64_t pacing_gain, window_gain
    cdef public int64_t shortest_ns, shortest_at_ns, pacing, cycle_ns, saved, probe_until_ns

    cpdef int start(self, int64_t window) except -1
    @cython.locals(in_flight=int64_t, room=int64_t)
    cpdef int close_opportunity(self, SenderState state, int64_t sent) except -1
    @cython.final
    cdef int _has_nothing_to_send(self, SenderState state) except -1
    cpdef int restart(self, SenderState state, int64_t idle_ns) except -1
    cpdef int resume(self, SenderState state, int64_t idle_ns) except -1
    @cython.locals(interval_us=int64_t, rate=int64_t, now_us=int64_t)
    cpdef int after_ack(self, SenderState state) except -1
    @cython.locals(whole=bint, full=bint, in_flight=int64_t)
    @cython.final
    cdef int _is_phase_over(self, SenderState state) except -1
    @cython.final
    cdef int _advance(self, SenderState state) except -1
    @cython.final
    cdef int _begin_cycle(self, SenderState state) except -1
    @cython.locals(in_flight=int64_t)
    @cython.final
    cdef int _look_whether_drained(self, SenderState state) except -1
    @cython.locals(wait_us=int64_t, delivered=int64_t)
    @cython.final
    cdef int64_t _in_network(self, SenderState state, int64_t in_flight) except? -1
    @cython.locals(now_ns=int64_t, expired=bint)
    @cython.final
    cdef int _take_round_trip(self, SenderState state) except -1
    @cython.final
    cdef int _probe_round_trip(self, SenderState state) except -1
    @cython.final
    cdef int _end_probe_rtt(self, SenderState state) except -1
    @cython.final
    cdef int _set_gains(self) except -1
    @cython.locals(first=int64_t, paced=int64_t)
    @cython.final
    cdef int _pace(self, SenderState state, int64_t rate, int64_t gain) except -1
    @cython.final
    cdef int64_t _paced(self, SenderState state, int64_t rate, int64_t gain) except? -1
    @cython.locals(least=int64_t)
    @cython.final
    cdef int64_t _burst(self, SenderState state) except? -1
    @cython.final
    cdef int64_t _product(self, int64_t rate, int64_t gain) except? -1
    @cython.final
    cdef int64_t _inflight(self, SenderState state, int64_t rate, int64_t gain) except? -1
    @cython.final
    cdef int64_t _quantized(self, SenderState state, int64_t window) except? -1
    @cython.locals(target=int64_t)
    @cython.final
    cdef int _set_window(self, SenderState state, int64_t rate) except -1
    @cython.final
    cdef int64_t _aggregated(self, int64_t rate) except? -1
    @cython.locals(before=int)
    @cython.final
    cdef int _recovers(self, SenderState state) except -1
    @cython.final
    cdef int _save(self, SenderState state) except -1
    cpdef int reduce(self, SenderState state, int undoable) except -1
    cpdef int after_timer(self, SenderState state) except -1
    cpdef int end_reduction(self, SenderState state) except -1
    cpdef int time_out(self, SenderState state, int first) except -1
    cpdef int undo(self, SenderState state) except -1
    @cython.locals(over=int64_t, quota=int64_t)
    cpdef int sent(self, SenderState state, int64_t excess) except -1
    @cython.locals(how=int64_t)
    @cython.final
    cdef int _note_pace(self, SenderState state) except -1
    @cython.locals(seen=int)
    @cython.final
    cdef int _learn_phase(self, int64_t gain) except -1
    cpdef int phase(self, SenderState state) except -1

cimport cython
from libc.stdint cimport int32_t, int64_t

cdef int64_t _UNKNOWN, _EXACT, _BUCKETS, _PER_OCTAVE, _STRIDE, _INITIAL_RTO_NS, _MIN_RTO_NS, _MAX_RTO_NS, _JIFFY_NS


@cython.final
@cython.no_gc
cdef class RttHistogram:
    cdef int32_t[640] counts
    cdef public int64_t total

    cpdef int add(self, int64_t sample_ns) except -1
    @cython.locals(below=int64_t, bucket=int64_t)
    cpdef int64_t rank(self, int64_t rank) except? -1


@cython.locals(octave=int64_t)
cpdef int64_t bucket_of(int64_t sample_ns) except -1
@cython.locals(octave=int64_t)
cpdef int64_t bucket_floor(int64_t bucket) except? -1


@cython.no_gc
cdef class RoundTrips:
    cdef public int64_t min_ns, samples
    cdef int64_t[16] exact
    cdef public RttHistogram histogram

    cpdef int forget(self) except -1
    @cython.locals(histogram=RttHistogram)
    cpdef int add(self, int64_t sample_ns) except -1
    @cython.locals(index=int64_t, histogram=RttHistogram)
    @cython.final
    cdef RttHistogram _begin_histogram(self)
    @cython.locals(rank=int64_t, middle_ns=int64_t)
    cpdef int64_t quantile(self, int64_t numerator, int64_t denominator) except? -1
    @cython.locals(index=int64_t, other=int64_t, before=int64_t)
    @cython.final
    cdef int64_t _exact_rank(self, int64_t rank) except? -1


@cython.final
@cython.no_gc
cdef class RttEstimator(RoundTrips):
    cdef public int64_t srtt_ns, rttvar_ns, rto_ns, deviation_ns, largest_ns, variation_ns, round_end
    cdef public int64_t heard_srtt_ns, heard_rto_ns, before_srtt_ns, before_rto_ns, heard_at_ns

    cpdef int reset(self) except -1
    @cython.locals(error_ns=int64_t)
    cpdef int smooth(self, int64_t sample_ns, int64_t una, int64_t nxt) except -1
    cpdef int remember(self, int64_t time_ns, int64_t leg_ns) except -1
    @cython.locals(earlier=bint)
    cpdef int recall(self, int64_t time_ns) except -1
    cpdef int lift(self, int64_t leg_ns) except -1
    @cython.locals(jiffies=int64_t)
    cdef int _conclude(self) except -1
    @cython.locals(change_ns=int64_t)
    cdef int _deviate(self, int64_t error_ns) except -1
    cdef int _end_round(self, int64_t nxt) except -1

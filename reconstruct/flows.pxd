cimport cython
from libc.stdint cimport int64_t, uint64_t

from reconstruct.accounts cimport write_direction, write_flow
from reconstruct.connection cimport Connection
from reconstruct.fit cimport domain_of_vlan, fits, renews, reuse_of
from reconstruct.follower cimport Followers
from reconstruct.listeners cimport Listeners
from reconstruct.pairs cimport Pairs
from reconstruct.recorder cimport Recorder, RowStore
from reconstruct.records cimport Records
from reconstruct.scoreboard cimport SegmentPool
from reconstruct.segment cimport Segment
from reconstruct.tally cimport Tally
from reconstruct.telling cimport is_telling

cdef int _ESTABLISHED, _SYN, _ACK, _HALF_OPEN, _TAG_SHIFT, _OPENING
cdef int64_t _UNKNOWN, _NOWHERE, _RECENT_MASK, _LARGEST_TAG, _FIRST_SLOTS, _RECORD, _REF_MASK
cdef uint64_t _MASK64, _PRIME


@cython.final
cdef class FlowTable:
    cdef public object settings, notable
    cdef public Recorder recorder
    cdef public Tally tally
    cdef public Pairs pairs
    cdef public SegmentPool pool
    cdef public Followers followers
    cdef public Records records
    cdef public Listeners listeners
    cdef public RowStore flows, directions
    cdef public list live, free, spare, recent
    cdef public object queue
    cdef public Connection single
    cdef int64_t[::1] slots
    cdef public int64_t slot_mask, used, count, late, first_late, max_live, linger_ns, idle_ns, forget_ns
    cdef public int64_t hand, opened, separated, made_room_at
    cdef public Segment syn, key, moved

    @cython.locals(connection=Connection, near=Py_ssize_t)
    cpdef int step(self, Segment segment) except -1
    @cython.locals(owner=Connection)
    cdef int _give(self, Connection connection, Segment segment) except -1
    cdef int _is_separate(self, Connection connection, Segment segment) except -1
    cdef int _replay(self, Connection connection, Segment segment) except -1
    cdef int _has_own(self, Segment segment) except -1
    @cython.locals(place=int64_t, value=int64_t, record=int64_t)
    cdef Connection _find(self, Segment segment, int64_t domain)
    @cython.locals(side=int)
    cdef Connection _find_late(self, int64_t record, Segment segment, int64_t domain, int64_t place)
    @cython.locals(since_ns=int64_t, holder=int, reuse=int, connection=Connection)
    cdef Connection _reopen(self, int64_t record, Segment segment, int side, int64_t domain, int64_t place)
    @cython.locals(tag=int64_t, place=int64_t, value=int64_t)
    cdef int64_t _probe(self, Segment segment, int64_t domain) except -1
    @cython.locals(connection=Connection)
    cdef int _holds(self, int64_t value, Segment segment, int64_t domain) except -1
    @cython.locals(tag=int64_t)
    cdef int _set(self, int64_t place, Segment segment, int64_t domain, int64_t reference) except -1
    @cython.locals(number=int64_t, record=int64_t, plain=bint)
    cdef Connection _first(self, Segment segment, int64_t domain, int64_t place)
    @cython.locals(number=int64_t, domain=int64_t, connection=Connection)
    cdef Connection _wake(self, int64_t record, Segment segment, int64_t place)
    @cython.locals(connection=Connection)
    cdef Connection _open(self, Segment segment, int64_t number, int64_t domain, int64_t place)
    @cython.locals(domain=int64_t, place=int64_t, waits=int64_t, gap_ns=int64_t, reuse=int, renewed=Connection)
    cdef Connection _renew(self, Connection connection, Segment segment)
    cdef int _close(self, Connection connection, int64_t now_ns, int64_t gone_ns) except -1
    @cython.locals(points=int64_t)
    cdef int _write(self, Connection connection, int64_t gone_ns) except -1
    @cython.locals(connection=Connection)
    cdef int _make_room(self, int64_t now_ns) except -1
    @cython.locals(connection=Connection)
    cdef int _sweep_silent(self, int64_t now_ns) except -1
    @cython.locals(domain=int64_t, place=int64_t, record=int64_t)
    cdef int _retire(self, Connection connection, int64_t now_ns) except -1
    @cython.locals(size=int64_t, kept=int64_t, place=int64_t)
    cdef int _rebuild(self, int64_t now_ns) except -1
    @cython.locals(connection=Connection, domain=int64_t, key=Segment, place=int64_t)
    cdef int _insert(self, int64_t value) except -1
    @cython.locals(kept=int64_t, place=int64_t, value=int64_t)
    cdef int64_t _drop_old_records(self, int64_t[::1] slots, int64_t size, int64_t now_ns) except -1
    @cython.locals(connection=Connection)
    cdef int _finish_record(self, int64_t record) except -1
    @cython.locals(connection=Connection, record=int64_t)
    cpdef int finish(self, int64_t now_ns=*) except -1


@cython.locals(one=uint64_t, other=uint64_t, mixed=uint64_t)
cdef int64_t _hash(
    int64_t hi, int64_t lo, int64_t port, int64_t peer_hi, int64_t peer_lo, int64_t peer_port, int64_t domain
) except -1
cdef int _same(Connection connection, Segment segment, int64_t domain) except -1

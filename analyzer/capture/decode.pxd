cimport cython
from libc.stdint cimport int64_t

from analyzer.capture cimport integers
from analyzer.capture.batch cimport PacketBatch
from analyzer.capture.options cimport read_options
from reconstruct.segment cimport Segment

cdef int64_t _NULL, _ETHERNET, _LOOP, _SLL, _SLL2, _RAW, _RAW_OPENBSD, _RAW_BSDI, _IPV4_LINK, _IPV6_LINK
cdef int64_t _NO_PACKET_LINK, _IPV4, _IPV6, _VLAN, _QINQ, _QINQ_OLD, _MPLS, _MPLS_MULTICAST, _PPPOE, _BRIDGED
cdef int64_t _BACKBONE, _CISCO_METADATA, _IPCOMP, _VXLAN_OLD
cdef int64_t _UNREACHABLE, _QUENCH, _EXCEEDED, _PROBLEM, _LAST_ERROR6
cdef int64_t _LEAST_ETHERTYPE, _HOP_BY_HOP, _TCP, _UDP, _ROUTING, _FRAGMENT_HEADER, _AH, _ICMP, _ICMP6, _DESTINATION
cdef int64_t _IN_IPV4, _IN_IPV6, _GRE, _MOBILITY, _MAX_TAGS, _VXLAN, _GENEVE, _GTP_U, _TEREDO
cdef int64_t _HALF32, _TWO32, _PADDED_TIMESTAMPS, _TIMESTAMPS
cdef int _OK, _NOT_IP, _IS_UDP, _IS_ICMP, _OTHER, _FRAGMENT, _CUT, _BAD_IP, _BAD_TCP, _NO_PACKET, _LONG_TAIL, _QUOTED


@cython.final
cdef class Decoder:
    cdef const unsigned char[::1] data
    cdef public int64_t fragment_at

    cpdef int open(self, PacketBatch batch) except -1
    @cython.locals(at=int64_t, end=int64_t, limit=int64_t, link=int64_t)
    cpdef int decode(self, PacketBatch batch, Py_ssize_t index, Segment segment) except -1
    @cython.locals(skip=int)
    cpdef int decode_ip(
        self, const unsigned char[::1] data, int64_t start, int64_t end, int64_t limit, Segment segment
    ) except -1
    cdef int _other_link(self, int64_t link, int64_t at, int64_t end, int64_t limit, Segment segment) except -1
    @cython.locals(version=int)
    cdef int _loopback(self, int64_t at, int64_t end, int64_t limit, Segment segment) except -1
    cdef int _cooked(
        self, int64_t at, int64_t end, int64_t limit, int64_t type_at, int64_t payload, Segment segment
    ) except -1
    @cython.locals(ethertype=int64_t)
    cdef int _ethernet(self, int64_t at, int64_t end, int64_t limit, Segment segment) except -1
    @cython.locals(tags=int, held=int64_t)
    cdef int _network(self, int64_t ethertype, int64_t at, int64_t end, int64_t limit, Segment segment) except -1
    @cython.locals(version=int)
    cdef int _ip(self, int64_t at, int64_t end, int64_t limit, Segment segment) except -1
    @cython.locals(header=int64_t, length=int64_t)
    cdef int _ipv4(self, int64_t at, int64_t end, int64_t limit, Segment segment) except -1
    @cython.locals(length=int64_t)
    cdef int _ipv6(self, int64_t at, int64_t end, int64_t limit, Segment segment) except -1
    @cython.locals(high=int64_t)
    cdef int64_t _u64(self, int64_t at) except? -1
    @cython.locals(passed=int, size=int64_t)
    cdef int _extensions(
        self, int64_t protocol, int64_t packet, int64_t at, int64_t end, int64_t limit, Segment segment
    ) except -1
    cdef int64_t _head(self, int64_t at) except -1
    cdef int _not_tcp(self, int64_t protocol, int64_t at, int64_t end) except -1
    @cython.locals(kind=int64_t)
    cdef int _icmp(self, int64_t protocol, int64_t at, int64_t end) except -1
    @cython.locals(port=int64_t)
    cdef int _udp(self, int64_t at, int64_t end) except -1
    @cython.locals(header=int64_t)
    cdef int _tcp(self, int64_t at, int64_t end, int64_t limit, Segment segment) except -1
    cdef int _options(self, int64_t at, int64_t stop, int64_t end, Segment segment) except -1

# cython: annotation_typing=False, initializedcheck=False, wraparound=False
"""What one SYN,ACK shows for or against a SYN cookie: each test by itself, on figures of the two ends.

The form of Linux's cookies is that of `net/ipv4/syncookies.c`, FreeBSD's that of `sys/netinet/tcp_syncache.c`.
"""

from array import array

from reconstruct.endpoint import Endpoint
from reconstruct.segment import OPTION_SACK_PERMITTED, OPTION_TIMESTAMPS, OPTION_WINDOW_SCALE, OPTIONS_CUT
from reconstruct.seq import UNKNOWN
from reconstruct.vocabulary import CookieSign

LAG_NOISE_NS = 2_500_000  # ns; a clock of 1 ms read twice differs by up to 1 ms, and 1.5 ms are left for jitter
LAG_MOST_NS = 66_500_000  # ns; six bits of a clock of 1 ms are given away, and the noise of above
LAG_WATCH_NS = 10_000_000_000  # ns; two clocks that differ by 100 ppm drift apart by 1 ms in that time
ISN_TICK_NS = 64  # ns; by which Linux's ISNs advance by 1 (net/core/secure_seq.c)
ISN_NOISE = 15_625  # ticks of 64 ns: 1 ms between the making of the SYN,ACK and the tap
COOKIE_SPREAD = 3  # the largest difference of two indexes into a table of four MSS
COOKIE_LIFE_NS = 120_000_000_000  # ns; two counts of the minute in a cookie
RESEND_NS = 1_500_000_000  # ns; the first resend of Linux comes after 1 s (RFC 6298 2.1)
SLOW_RESEND_NS = 3_500_000_000  # ns; older stacks wait 3 s (RFC 1122 4.2.3.1)
UNIX_TTL = 64  # the TTL that Linux, the BSDs and macOS begin with
LEAST_SEGMENTS = 20  # segments in the window of a SYN,ACK of a Linux whose first resend comes after 1 s

_UNKNOWN = UNKNOWN
_SACK, _TIMESTAMPS, _SCALE, _CUT = OPTION_SACK_PERMITTED, OPTION_TIMESTAMPS, OPTION_WINDOW_SCALE, OPTIONS_CUT
_NOISE_NS, _MOST_NS, _WATCH_NS = LAG_NOISE_NS, LAG_MOST_NS, LAG_WATCH_NS
_TICK_NS, _ISN_NOISE, _SPREAD, _LIFE_NS = ISN_TICK_NS, ISN_NOISE, COOKIE_SPREAD, COOKIE_LIFE_NS
_RESEND_NS, _SLOW_RESEND_NS, _UNIX_TTL, _LEAST_SEGMENTS = RESEND_NS, SLOW_RESEND_NS, UNIX_TTL, LEAST_SEGMENTS
_SIZES = array("q", [216, 536, 1200, 1360, 1400, 1440, 1452, 1460])  # bytes
_NS_PER_MS = 1_000_000
_MASK32 = 0xFFFFFFFF
_HALF = 1 << 31
_NO_SIGN = -1
_LAG_NONE, _LAG_FITS = int(CookieSign.LAG_NONE), int(CookieSign.LAG_FITS)
_LAG_NEGATIVE, _LAG_ABOVE = int(CookieSign.LAG_NEGATIVE), int(CookieSign.LAG_ABOVE)
_BARE, _ANSWERED = int(CookieSign.BARE), int(CookieSign.ANSWERED)
_ISN_SAME, _ISN_CLOCK = int(CookieSign.ISN_SAME), int(CookieSign.ISN_CLOCK)
_CODE_FITS, _CODE_OTHER = int(CookieSign.CODE_FITS), int(CookieSign.CODE_OTHER)
_BYTE_FITS, _BYTE_OTHER = int(CookieSign.BYTE_FITS), int(CookieSign.BYTE_OTHER)


def lag_ns(server: Endpoint) -> int:
    """Return by how many ns the TSval of a SYN,ACK lags behind the one after it, `UNKNOWN` where they do not tell."""
    if server.syn_tsval == _UNKNOWN or server.later_ns == _UNKNOWN:
        return _UNKNOWN
    passed_ns = server.later_ns - server.syn_ns
    if passed_ns < 0 or passed_ns > _WATCH_NS:
        return _UNKNOWN
    return signed32(server.later_tsval - server.syn_tsval) * _NS_PER_MS - passed_ns


def lag_sign(server: Endpoint) -> int:
    """Return what the lag says, -1 for nothing. Of a clock that ticks faster than 1 ms, a short time tells nothing."""
    lag = lag_ns(server)
    if lag == _UNKNOWN:
        return _NO_SIGN
    if lag < -_NOISE_NS:
        return _LAG_NEGATIVE
    if lag < _NOISE_NS:
        return _LAG_NONE
    if server.later_ns - server.syn_ns < _NS_PER_MS:
        return _NO_SIGN
    return _LAG_FITS if lag <= _MOST_NS else _LAG_ABOVE


def isn_sign(client: Endpoint, server: Endpoint, client_isn: int, server_isn: int, before_ns: int) -> int:
    """Return what two ISNs of a server for the same 4-tuple say, -1 for nothing; the older ones are given."""
    passed_ns = server.syn_ns - before_ns
    if passed_ns <= 0 or passed_ns > _LIFE_NS:
        return _NO_SIGN
    moved = signed32(server.isn - server_isn)
    if abs(signed32(moved - passed_ns // _TICK_NS)) <= _ISN_NOISE:
        return _ISN_CLOCK
    return _ISN_SAME if abs(signed32(moved - (client.isn - client_isn))) <= _SPREAD else _NO_SIGN


def options_sign(client: Endpoint, server: Endpoint) -> int:
    """Return what the options of a SYN,ACK to a SYN without timestamps say, -1 for nothing.

    Without timestamps a cookie of Linux has no room for scaling and SACK.
    """
    if (client.syn_options | server.syn_options) & _CUT or client.syn_options & _TIMESTAMPS:
        return _NO_SIGN
    if not client.syn_options & (_SACK | _SCALE):
        return _NO_SIGN
    return _ANSWERED if server.syn_options & (_SACK | _SCALE) else _BARE


def code_sign(client: Endpoint, server: Endpoint) -> int:
    """Return whether the low bits of TSval encode the SYN's options, as the cookies without an offset do."""
    if (client.syn_options | server.syn_options) & _CUT or server.syn_tsval == _UNKNOWN or client.syn_ecn:
        return _NO_SIGN
    code = client.window_scale if client.window_scale >= 0 else 15
    if client.syn_options & _SACK:
        code |= 16
    return _CODE_FITS if server.syn_tsval & 63 == code else _CODE_OTHER


def byte_sign(client: Endpoint, server: Endpoint) -> int:
    """Return whether the ISN has the form of FreeBSD's cookies, which carry the SYN's options in their last byte."""
    if client.syn_options & _CUT or client.mss == _UNKNOWN:
        return _NO_SIGN
    told = (server.isn ^ (server.isn >> 24)) & 0xFE
    expected = (2 if client.syn_options & _SACK else 0) | _scale_index(client.window_scale) << 2
    return _BYTE_FITS if told == expected | _size_index(client.mss) << 5 else _BYTE_OTHER


def _scale_index(scale: int) -> int:
    """Return where a window shift stands in FreeBSD's table: none, 0, 1, 2, 4, 6, 7, 8, rounded down."""
    if scale < 3:
        return max(scale, -1) + 1
    if scale < 6:
        return 3 if scale == 3 else 4
    return min(scale, 8) - 1


def _size_index(mss: int) -> int:
    """Return where an MSS stands in FreeBSD's table, rounded down."""
    index = 0
    while index < 7 and mss >= _SIZES[index + 1]:
        index += 1
    return index


def resend_due_ns(server: Endpoint) -> int:
    """Return after how many ns an unanswered SYN,ACK must have been sent again, if its sender remembers it.

    A window of many whole segments and a TTL of at most 64 tell a Linux that waits a second; others may wait three.
    """
    size = server.mss - 12 if server.syn_options & _TIMESTAMPS else server.mss
    if server.syn_ttl > _UNIX_TTL or size <= 0 or server.first_window < _LEAST_SEGMENTS * size:
        return _SLOW_RESEND_NS
    return _RESEND_NS if server.first_window % size == 0 else _SLOW_RESEND_NS


def signed32(number: int) -> int:
    """Return a difference of 32-bit numbers as the one nearest to 0."""
    low = number & _MASK32
    return low - (_MASK32 + 1) if low >= _HALF else low

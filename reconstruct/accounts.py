# cython: annotation_typing=False, initializedcheck=False, wraparound=False
"""A finished connection as rows: one of `FLOW_COLUMNS`, two of `DIRECTION_COLUMNS`."""

from reconstruct.connection import Connection
from reconstruct.endpoint import CUT_OFF, NOT_OFFERED, Endpoint
from reconstruct.held import CLASSES
from reconstruct.opening import vantage_of
from reconstruct.recorder import DIRECTION_COLUMNS, RowStore
from reconstruct.rtt import RoundTrips
from reconstruct.segment import (
    OPTION_FAST_OPEN,
    OPTION_FAST_OPEN_EXPERIMENTAL,
    OPTION_SACK_PERMITTED,
    OPTION_TIMESTAMPS,
    OPTIONS_CUT,
    TUNNEL_SHIFT,
)
from reconstruct.seq import UNKNOWN
from reconstruct.vocabulary import Closing, CongestionControl, Opening

_UNKNOWN = UNKNOWN
_PARTS = DIRECTION_COLUMNS.index("peer_rtt_min_ns")
_NOT_OFFERED, _CUT_OFF = NOT_OFFERED, CUT_OFF
_TROUBLES = DIRECTION_COLUMNS.index("zero_window_longest_ns")
_HELD = DIRECTION_COLUMNS.index("sending_ns")
_NEEDLESS = DIRECTION_COLUMNS.index("needless_probes")
_ISN = DIRECTION_COLUMNS.index("isn")
_CLASSES = CLASSES
_SCALE = DIRECTION_COLUMNS.index("window_scale_unanswered")
_CONGESTION = DIRECTION_COLUMNS.index("cwnd_max")
_NAMELESS = int(CongestionControl.UNKNOWN)
_TUNNEL_SHIFT, _TAGS_MASK, _MASK32 = TUNNEL_SHIFT, (1 << TUNNEL_SHIFT) - 1, 0xFFFFFFFF
_SACK_PERMITTED, _TIMESTAMPS, _OPTIONS_CUT = OPTION_SACK_PERMITTED, OPTION_TIMESTAMPS, OPTIONS_CUT
_FAST_OPEN = OPTION_FAST_OPEN | OPTION_FAST_OPEN_EXPERIMENTAL
_HANDSHAKE, _FAST_OPENED, _SIMULTANEOUS = int(Opening.HANDSHAKE), int(Opening.FAST_OPEN), int(Opening.SIMULTANEOUS)
_HALF_OPEN, _REFUSED, _MID_CAPTURE = int(Opening.HALF_OPEN), int(Opening.REFUSED), int(Opening.MID_CAPTURE)
_BY_FIN, _BY_RST, _HALF_CLOSED, _OPEN = int(Closing.FIN), int(Closing.RST), int(Closing.HALF_CLOSED), int(Closing.OPEN)


def opening_of(connection: Connection) -> int:
    """Say how a connection began."""
    client = connection.client
    server = connection.server
    if connection.simultaneous:
        return _SIMULTANEOUS
    if connection.refused:
        return _REFUSED
    if client.syns == 0 and server.syns == 0:
        return _MID_CAPTURE
    if server.snd_una < 1 and server.stream.highest <= 1 and client.stream.missing == 0:
        return _HALF_OPEN
    if client.syn_data_taken:
        return _FAST_OPENED
    return _HANDSHAKE


def closing_of(connection: Connection) -> int:
    """Say how a connection ended; an RST after both FINs were acknowledged takes nothing away."""
    client = connection.client
    server = connection.server
    client_done = client.fin_end != _UNKNOWN and client.snd_una >= client.fin_end
    server_done = server.fin_end != _UNKNOWN and server.snd_una >= server.fin_end
    if connection.resets > 0 and not (client_done and server_done):
        return _BY_RST
    if client.fin_end != _UNKNOWN and server.fin_end != _UNKNOWN:
        return _BY_FIN
    if client.fin_end != _UNKNOWN or server.fin_end != _UNKNOWN:
        return _HALF_CLOSED
    return _OPEN


def one_sided(connection: Connection) -> int:
    """Return 1 if one end was never heard although what the other sent shows that it spoke."""
    client = connection.client
    server = connection.server
    if client.segments > 0 and server.segments > 0:
        return 0
    return 1 if server.based and client.based else 0


def write_flow(connection: Connection, store: RowStore) -> None:
    """Add the row of a connection."""
    client = connection.client
    server = connection.server
    at = store.new_row()
    cells = store.cells
    cells[at] = connection.number
    cells[at + 1] = connection.ip_version
    cells[at + 2] = connection.client_hi
    cells[at + 3] = connection.client_lo
    cells[at + 4] = connection.client_port
    cells[at + 5] = connection.server_hi
    cells[at + 6] = connection.server_lo
    cells[at + 7] = connection.server_port
    cells[at + 8] = connection.role_known
    cells[at + 9] = connection.first_frame
    cells[at + 10] = connection.last_frame
    cells[at + 11] = connection.first_time_ns
    cells[at + 12] = connection.last_time_ns
    cells[at + 13] = connection.segments
    cells[at + 14] = client.unique_payload() + server.unique_payload()
    cells[at + 15] = opening_of(connection)
    cells[at + 16] = closing_of(connection)
    cells[at + 17] = client.state if client.segments > 0 else _UNKNOWN
    cells[at + 18] = server.state if server.segments > 0 else _UNKNOWN
    cells[at + 19] = connection.syn_rtt_ns
    cells[at + 20] = connection.ack_rtt_ns
    cells[at + 21] = vantage_of(server.near_ns, client.near_ns)
    cells[at + 22] = one_sided(connection)
    cells[at + 23] = 1 if client.segments > 0 else 0
    cells[at + 24] = 1 if server.segments > 0 else 0
    tunnel = connection.vlan >> _TUNNEL_SHIFT if connection.vlan >= 0 else 0
    tags = connection.vlan & _TAGS_MASK
    cells[at + 25] = tags if connection.vlan >= 0 and (tags > 0 or tunnel == 0) else _UNKNOWN
    cells[at + 26] = tunnel
    cells[at + 27] = _UNKNOWN  # filled by who knows the listener


def write_direction(connection: Connection, sender: Endpoint, peer: Endpoint, store: RowStore) -> None:
    """Add the row of one direction."""
    at = store.new_row()
    cells = store.cells
    heard = sender.segments > 0
    cells[at] = connection.number
    cells[at + 1] = 0 if sender is connection.client else 1
    cells[at + 2] = sender.segments
    cells[at + 3] = sender.data_segments
    cells[at + 4] = sender.payload
    cells[at + 5] = sender.unique_payload()
    _write_options(sender, peer, store, at + 6)
    cells[at + 12] = sender.initial_window if heard and sender.syns > 0 else _UNKNOWN
    _write_resent(sender, store, at + 13)
    cells[at + 22] = sender.out_of_order
    cells[at + 23] = sender.network_duplicates
    cells[at + 24] = sender.dup_acks
    cells[at + 25] = sender.offered.episodes
    cells[at + 26] = _held_ns(connection, sender)
    cells[at + 27] = sender.window_probes
    cells[at + 28] = sender.keep_alives
    _write_round_trips(sender, peer, store, at)
    cells[at + 34] = sender.flight_max if sender.snd_una != _UNKNOWN else _UNKNOWN
    cells[at + 35] = sender.stream.missing if heard else _UNKNOWN
    cells[at + 36] = sender.invalid_segments
    cells[at + 37] = sender.oversized_segments
    cells[at + 38] = sender.stale_resets
    cells[at + 39] = sender.missing_frame
    cells[at + 40] = sender.invalid_frame
    cells[at + 41] = sender.oversized_frame
    _write_troubles(connection, sender, store, at + _TROUBLES)
    _write_scale(sender, peer, store, at + _SCALE)
    _write_held(sender, store, at + _HELD)
    _write_congestion(sender, store, at + _CONGESTION)
    cells[at + _NEEDLESS] = sender.needless_probes
    cells[at + _ISN] = sender.isn & _MASK32 if sender.based else _UNKNOWN


def _write_troubles(connection: Connection, sender: Endpoint, store: RowStore, at: int) -> None:
    """Fill the seven columns of what the peer's window did to a sender."""
    cells = store.cells
    troubles = sender.troubles
    if troubles is None:
        for column in range(7):
            cells[at + column] = 0
    else:
        still_ns = 0
        if sender.offered.closed_since_ns != _UNKNOWN:
            still_ns = connection.last_time_ns - sender.offered.closed_since_ns
        cells[at] = max(troubles.longest_ns, still_ns)
        cells[at + 1] = troubles.updates_lost
        cells[at + 2] = troubles.full_episodes
        cells[at + 3] = troubles.shrinks
        cells[at + 4] = troubles.shrunk_bytes
        cells[at + 5] = troubles.silly_openings
        cells[at + 6] = troubles.silly_segments


def _write_scale(sender: Endpoint, peer: Endpoint, store: RowStore, at: int) -> None:
    """Fill the four columns of what the windows themselves tell of their scale."""
    cells = store.cells
    cells[at] = _UNKNOWN
    if sender.syns > 0 and peer.syns > 0 and _CUT_OFF not in (sender.window_scale, peer.window_scale):
        cells[at] = 1 if sender.window_scale >= 0 and peer.window_scale == _NOT_OFFERED else 0
    cells[at + 1] = sender.scale_denied
    cells[at + 2] = sender.scale_least
    cells[at + 3] = sender.scale_most
    guess = sender.guess
    if guess is not None and guess.least <= guess.most:
        cells[at + 2] = guess.least
        cells[at + 3] = guess.most


def _write_congestion(sender: Endpoint, store: RowStore, at: int) -> None:
    """Fill the three columns of a sender's congestion control."""
    cells = store.cells
    replay = sender.follower.replay if sender.follower is not None else None
    if replay is None:
        cells[at] = cells[at + 2] = _UNKNOWN
        cells[at + 1] = _NAMELESS
    else:
        cells[at] = replay.cwnd_max
        cells[at + 1] = replay.verdict.kind
        cells[at + 2] = replay.verdict.confidence if replay.verdict.kind != _NAMELESS else _UNKNOWN


def _write_resent(sender: Endpoint, store: RowStore, at: int) -> None:
    """Fill the nine columns of retransmissions: their sum, by cause, and how many were proven unneeded."""
    cells = store.cells
    cells[at + 1] = sender.fast
    cells[at + 2] = sender.recovery
    cells[at + 3] = sender.timeouts
    cells[at + 4] = sender.slow_start
    cells[at + 5] = sender.tail_probes
    cells[at + 6] = sender.syn_retransmissions
    cells[at + 7] = sender.unexplained
    cells[at] = 0
    for column in range(1, 8):
        cells[at] += cells[at + column]
    cells[at + 8] = sender.spurious


def _write_held(sender: Endpoint, store: RowStore, at: int) -> None:
    """Fill the nine columns of what held a sender back: the sending time, its parts, and the time of rest."""
    cells = store.cells
    replay = sender.follower.replay if sender.follower is not None else None
    if replay is None:
        for column in range(9):
            cells[at + column] = _UNKNOWN
    else:
        held = replay.limits.held
        cells[at] = held.sending_ns()
        for limit in range(_CLASSES):
            cells[at + 1 + limit] = held.total(limit)


def _held_ns(connection: Connection, sender: Endpoint) -> int:
    """Return how long the window was zero; an episode that did not end lasts until the connection's last segment."""
    held_ns = sender.offered.closed_ns
    if sender.offered.closed_since_ns != _UNKNOWN:
        held_ns += max(0, connection.last_time_ns - sender.offered.closed_since_ns)
    return held_ns


def _write_options(sender: Endpoint, peer: Endpoint, store: RowStore, at: int) -> None:
    """Fill the six columns about the SYN: what was negotiated where both SYNs are there, else what was offered.

    What an end did not offer is not in use, whatever its peer said; what it offered in vain neither.
    """
    cells = store.cells
    if sender.syns == 0:
        for column in range(6):
            cells[at + column] = _UNKNOWN
    else:
        _write_offers(sender, peer, store, at)


def _write_offers(sender: Endpoint, peer: Endpoint, store: RowStore, at: int) -> None:
    cells = store.cells
    ecn = sender.syn_ecn
    scaled = sender.window_scale >= 0
    if peer.syns > 0:
        ecn = sender.syn_ecn & peer.syn_ecn
        scaled = scaled and peer.window_scale != _NOT_OFFERED
    cells[at] = sender.mss
    cells[at + 1] = sender.window_scale if scaled else _UNKNOWN
    cells[at + 2] = _in_use(sender, peer, _SACK_PERMITTED)
    cells[at + 3] = _in_use(sender, peer, _TIMESTAMPS)
    cells[at + 4] = ecn
    cells[at + 5] = _offered(sender, _FAST_OPEN)


def _offered(end: Endpoint, option: int) -> int:
    """Return whether the SYN of an end offered an option, `UNKNOWN` where the snap length may have cut it off."""
    if end.syn_options & option:
        return 1
    return _UNKNOWN if end.syn_options & _OPTIONS_CUT else 0


def _in_use(sender: Endpoint, peer: Endpoint, option: int) -> int:
    """Return whether both SYNs offered an option (one, where the other was not captured); the less certain decides."""
    mine = _offered(sender, option)
    theirs = _offered(peer, option) if peer.syns > 0 else mine
    if mine == 0 or theirs == 0:
        return 0
    return mine if mine == _UNKNOWN else theirs


def _write_round_trips(sender: Endpoint, peer: Endpoint, store: RowStore, at: int) -> None:
    """Fill the columns of the round trips: the sender's, which both parts make, and each part alone."""
    cells = store.cells
    _write_figures(sender.rtt, store, at + _PARTS)
    echoed = sender.echoes is not None and sender.echoes.trips.samples > 0
    _write_figures(sender.echoes.trips if echoed and sender.echoes is not None else peer.rtt, store, at + _PARTS + 3)
    cells[at + _PARTS + 3] = sender.near_ns
    cells[at + 29] = sender.rtt.samples if sender.rtt is not None else 0
    if sender.rtt is None or sender.rtt.samples == 0 or sender.near_ns == _UNKNOWN:
        for column in range(30, 34):
            cells[at + column] = _UNKNOWN
    else:
        summed = sender.whole is not None and sender.whole.samples > 0
        _write_figures(sender.whole if summed else sender.rtt, store, at + 30)
        cells[at + 30] = sender.rtt.min_ns + (0 if sender.is_tapped() else sender.near_ns)
        cells[at + 33] = sender.rtt.srtt_ns


def _write_figures(trips: RoundTrips | None, store: RowStore, at: int) -> None:
    """Fill three columns: minimum, median and 95th percentile."""
    cells = store.cells
    cells[at] = cells[at + 1] = cells[at + 2] = _UNKNOWN
    if trips is not None and trips.samples > 0:
        cells[at] = trips.min_ns
        cells[at + 1] = trips.quantile(1, 2)
        cells[at + 2] = trips.quantile(19, 20)

# cython: annotation_typing=False, initializedcheck=False, wraparound=False
"""What the segments of a connection do to the windows of its ends: closed, filled, shrunk, opened by too little."""

from reconstruct.counting import Counting
from reconstruct.endpoint import NOT_OFFERED, Endpoint
from reconstruct.flow_control import MAX_WINDOW_SHIFT
from reconstruct.opening import VANTAGE_RATIO
from reconstruct.recorder import Recorder
from reconstruct.segment import FIN, OPTION_TIMESTAMPS, RST, SYN, Segment
from reconstruct.sender_model import NEWER
from reconstruct.seq import UNKNOWN
from reconstruct.vocabulary import EventKind, Reopening, SegmentKind, Sign
from reconstruct.window_scale import ScaleGuess

COLLAPSE = 4  # after a SYN the window falls to less than this part: nothing but scaling does that
PAUSE_TRIPS = 2  # round trips; a tap away from a sender that keeps a window filled sees it filled once in each
MOST_UPDATES = 16  # segments; more than that many updates of one window in a row are hardly lost
INFLATED_SHIFT = 3  # bits, at least, by which a field that repeats the SYN's is not scaled: 8 times the window at once

_UNKNOWN = UNKNOWN
_NOT_OFFERED = NOT_OFFERED
_FIN, _SYN, _RST, _TIMESTAMPS = FIN, SYN, RST, OPTION_TIMESTAMPS
_FIN_SYN_RST = FIN | SYN | RST
_SYN_OR_RST = SYN | RST
_VANTAGE_RATIO, _PAUSE_TRIPS = VANTAGE_RATIO, PAUSE_TRIPS
_ONE = 1  # as wide as an offset where it is shifted
_MAX_SHIFT = MAX_WINDOW_SHIFT
_COLLAPSE, _INFLATED_SHIFT, _LARGEST_FIELD = COLLAPSE, INFLATED_SHIFT, 0xFFFF
_RENEWED = 16  # a window may be smaller than that of the SYN by this part of it
_NEWER, _MOST_UPDATES = NEWER, MOST_UPDATES
_PURE_ACK, _PROBE_ACK = int(SegmentKind.ACK), int(SegmentKind.ZERO_WINDOW_PROBE_ACK)
_NEW = int(SegmentKind.NEW)
_ZERO_WINDOW_BEGIN, _ZERO_WINDOW_END = int(EventKind.ZERO_WINDOW_BEGIN), int(EventKind.ZERO_WINDOW_END)
_WINDOW_FULL = int(EventKind.WINDOW_FULL)
_BY_UPDATE, _BY_ACK = int(Reopening.WINDOW_UPDATE), int(Reopening.ACKNOWLEDGMENT)
_BY_DATA, _BY_PROBE = int(Reopening.DATA), int(Reopening.PROBE_ANSWER)
_ZERO_WINDOW, _UPDATE_LOST = int(Sign.ZERO_WINDOW), int(Sign.WINDOW_UPDATE_LOST)
_SHRUNK, _SCALE_DENIED = int(Sign.WINDOW_SHRUNK), int(Sign.SCALE_DENIED)
_SILLY_OPENING, _SILLY_SEGMENT = int(Sign.SILLY_OPENING), int(Sign.SILLY_SEGMENT)
_BY_PROBE_AFTER_LOSS = int(Reopening.PROBE_ANSWER_FOR_LOST_UPDATE)


class Windows(Counting):
    """The windows of both ends: `held` below is the end that may not send more than its peer's window lets it."""

    def __init__(self, number: int, recorder: Recorder, client_state: int, server_state: int) -> None:
        """Begin with these states and no round trip."""
        Counting.__init__(self, number, recorder, client_state, server_state)

    def take_offer(self, sender: Endpoint, held: Endpoint, segment: Segment, advanced: int) -> int:
        """Take the window that a segment offers to `held`; return 1 if SND.WND changed.

        `advanced` says that it moved SND.UNA of that end, which has taken this in already.
        """
        offered = held.offered
        if segment.flags & _SYN:
            scaled = segment.window
        else:
            if sender.shift == _UNKNOWN or sender.guess is not None:
                self._weigh_scale(sender, held, segment, advanced)
            if sender.syn_window >= 0:
                self._compare_with_syn(sender, held, segment)
            scaled = sender.scaled(segment.window)
        before = offered.edge
        changed = offered.offer(segment.seq, segment.ack, segment.window, scaled)
        if scaled != _UNKNOWN:
            if segment.ack + scaled < offered.high_edge:
                self._note_edge_below(sender, held, segment, advanced)
            else:
                offered.high_edge = segment.ack + scaled
            if before != _UNKNOWN and offered.edge > before:
                offered.opened_little = 0
                room = offered.edge - held.stream.highest
                if room < sender.mss or room < offered.longest:
                    self._weigh_opening(sender, held, segment, offered.edge - before)
        if changed and (segment.flags & _FIN_SYN_RST == 0 or (segment.flags & _SYN_OR_RST == 0 and scaled != 0)):
            self._note_zero_window(sender, held, segment)
        return changed

    def _weigh_scale(self, sender: Endpoint, held: Endpoint, segment: Segment, advanced: int) -> None:
        """Let a window field tell by how many bits it is scaled, where no SYN does."""
        held.offered.loose = 1
        if held.data_segments > 0:
            if sender.guess is None:
                sender.guess = ScaleGuess()
            newer = 1 if advanced or self._is_newest(sender, segment) else 0
            sender.guess.offer(segment.ack, segment.window, newer, held.stream.highest, held.full_size(sender.mss))
            self._settle_scale(sender, held)

    def _settle_scale(self, end: Endpoint, held: Endpoint) -> None:
        """Use the shift that is proven; one that proved wrong takes the edges with it."""
        if end.guess is not None and end.shift != end.guess.shift:
            end.shift = end.guess.shift
            held.offered.edge = held.offered.high_edge = held.offered.filled_end = _UNKNOWN

    def _is_newest(self, sender: Endpoint, segment: Segment) -> int:
        """Return 1 if timestamp or IP-ID say that everything seen of its sender was sent before this segment."""
        tsval = segment.tsval if segment.options & _TIMESTAMPS else _UNKNOWN
        return 1 if sender.model.order(tsval, segment.ip_id) == _NEWER else 0

    def _compare_with_syn(self, sender: Endpoint, held: Endpoint, segment: Segment) -> None:
        """Compare the first window with that of the SYN, which is never scaled (RFC 7323 2.2).

        Where the options say that it is not scaled either, it cannot have collapsed; where they say that it is, its
        field cannot be that of the SYN, unless that is the largest there is. Then somebody changed an option on the
        way, and the two ends disagree.
        """
        if sender.later_ns == _UNKNOWN and segment.options & _TIMESTAMPS:
            sender.later_ns = segment.time_ns
            sender.later_tsval = segment.tsval
        if segment.window > 0:
            told = sender.syn_window
            sender.syn_window = -1
            if sender.syns > 0 and held.syns > 0:
                if sender.shift >= _INFLATED_SHIFT and segment.window == told < _LARGEST_FIELD:
                    self.deny_scale(sender, segment)
                    sender.scale_least = sender.scale_most = 0
                elif sender.shift == 0 and sender.window_scale == _NOT_OFFERED and held.window_scale >= 0:
                    self._weigh_collapse(sender, held, segment, told)

    def _weigh_collapse(self, sender: Endpoint, held: Endpoint, segment: Segment, told: int) -> None:
        """Say which shifts explain a window that fell after the SYN, which told so many bytes, if any must."""
        arrived = segment.ack - 1
        if (arrived + segment.window) * _COLLAPSE <= told:
            self.deny_scale(sender, segment)
            least = 1
            while least < _MAX_SHIFT and arrived + ((segment.window + 1) << least) <= told:
                least += 1
            sender.scale_least = least
            sender.scale_most = _MAX_SHIFT
            held.offered.high_edge = _UNKNOWN  # not shrunk: scaled

    def deny_scale(self, end: Endpoint, segment: Segment) -> None:
        """Count a segment that the negotiated shift of `end` does not explain."""
        end.scale_denied += 1
        self.note(end, segment, _SCALE_DENIED, segment.window)

    def _note_edge_below(self, sender: Endpoint, held: Endpoint, segment: Segment, advanced: int) -> None:
        """Note that the right edge moved left (RFC 9293 3.8.6), unless it is an old segment or rounding.

        A window is a multiple of 2^shift: it may fall short of the edge by less than that (RFC 7323 2.3).
        """
        edge = segment.ack + sender.scaled(segment.window)
        below = held.offered.high_edge - edge
        is_newer = segment.flags & _FIN_SYN_RST == 0 and (advanced or self._is_newest(sender, segment))
        if is_newer and held.offered.high_edge == 1 + sender.first_window and below * _RENEWED <= sender.first_window:
            # Linux works out its first window after the handshake anew, a little below that of its SYN,ACK.
            held.offered.high_edge = edge
        elif is_newer and below >= _ONE << max(sender.shift, 0):
            troubles = held.need_troubles()
            troubles.shrinks += 1
            troubles.shrunk_bytes += below
            self.note(held, segment, _SHRUNK, below)
            held.offered.high_edge = edge

    def _weigh_opening(self, sender: Endpoint, held: Endpoint, segment: Segment, step: int) -> None:
        """Note an opening that lets `held` send only a tiny segment (RFC 9293 3.8.6.2.2).

        The edge should move by a full segment or half the buffer; of the buffer, the largest window is known. Where
        that is smaller than a segment, each step is too little.
        """
        full = held.full_size(sender.mss)
        enough = full if held.offered.largest < full else min(full, held.offered.largest // 2)
        if step < enough and 0 < held.offered.edge - held.stream.highest < enough:
            held.offered.opened_little = 1
            troubles = held.need_troubles()
            troubles.silly_openings += 1
            self.note(held, segment, _SILLY_OPENING, step)

    def _note_zero_window(self, sender: Endpoint, held: Endpoint, segment: Segment) -> None:
        """Begin or end an episode of zero window."""
        offered = held.offered
        if offered.snd_wnd == 0:
            if offered.closed_since_ns == _UNKNOWN:
                offered.close(segment.time_ns)
                held.need_troubles().note_closed(segment.time_ns)
                self.event(held, segment, _ZERO_WINDOW_BEGIN, 0, _UNKNOWN, _UNKNOWN)
        elif offered.closed_since_ns != _UNKNOWN:
            self._reopen(sender, held, segment)

    def _reopen(self, sender: Endpoint, held: Endpoint, segment: Segment) -> None:
        """End an episode of zero window, and say by what."""
        troubles = held.need_troubles()
        how = self._how_reopened(sender, held, segment)
        if how == _BY_PROBE_AFTER_LOSS:
            troubles.updates_lost += 1
            self.note(held, segment, _UPDATE_LOST, segment.time_ns - troubles.asked_ns)
        held_ns = held.offered.reopen(segment.time_ns)
        troubles.longest_ns = max(troubles.longest_ns, held_ns)
        tsval = segment.tsval if segment.options & _TIMESTAMPS else _UNKNOWN
        troubles.note_reopened(segment.time_ns, segment.frame, tsval, held.stream.highest)
        self.event(held, segment, _ZERO_WINDOW_END, held.offered.probes, held_ns, how)
        self.note(held, segment, _ZERO_WINDOW, held_ns)

    def _how_reopened(self, sender: Endpoint, held: Endpoint, segment: Segment) -> int:
        """Say what told `held` that the window is open again."""
        if segment.kind == _PROBE_ACK:
            return _BY_PROBE_AFTER_LOSS if self._is_update_missing(sender, held, segment) else _BY_PROBE
        if segment.payload_len > 0:
            return _BY_DATA
        return _BY_ACK if segment.kind == _PURE_ACK else _BY_UPDATE

    def _is_update_missing(self, sender: Endpoint, held: Endpoint, segment: Segment) -> int:
        """Return 1 if an update was sent before this answer to a probe, and lost on its way here.

        The IP-ID of one that counts tells whether anything is missing. Else: a receiver that opens its window by a
        segment or half its buffer must say so at once, not when it is asked (RFC 9293 3.8.6.2.2).
        """
        if segment.ip_id > 0 and sender.model.counts_alone():
            return 1 if sender.model.skipped(segment.ip_id, _MOST_UPDATES) > 0 else 0
        return 1 if held.offered.snd_wnd >= min(held.full_size(sender.mss), held.offered.largest // 2) else 0

    def note_text(self, held: Endpoint, peer: Endpoint, segment: Segment) -> None:
        """Take text that `held` sent for the first time: how near it comes to the right edge."""
        offered = held.offered
        if segment.payload_len > offered.longest:
            offered.longest = segment.payload_len
        if peer.guess is not None and segment.kind == _NEW:
            peer.guess.sent(segment.seq + segment.payload_len, held.snd_una)
            self._settle_scale(peer, held)
        if offered.edge != _UNKNOWN:
            room = offered.edge - segment.seq - segment.payload_len
            if room < peer.mss or room < offered.longest:
                self._weigh_filling(held, peer, segment, room)

    def _weigh_filling(self, held: Endpoint, peer: Endpoint, segment: Segment, room: int) -> None:
        """Note that the next full segment does not fit below the edge.

        One episode lasts as long as the window is filled again before what filled it last is acknowledged. Away from
        the sender the newest edge may be one that it has yet to hear of: what is noted is certain, some is missed, and
        episodes that come close together count as one.
        """
        if 0 <= room < held.full_size(peer.mss) and segment.kind == _NEW:
            troubles = held.need_troubles()
            offered = held.offered
            if room == 0 and offered.opened_little:
                troubles.silly_segments += 1
                self.note(held, segment, _SILLY_SEGMENT, segment.payload_len)
            if offered.filled_end == _UNKNOWN or self._has_paused(held, peer, segment):
                troubles.full_episodes += 1
                self.event(held, segment, _WINDOW_FULL, offered.snd_wnd, room, held.flight())
            offered.filled_end = segment.seq + segment.payload_len
            offered.filled_ns = segment.time_ns

    def _has_paused(self, held: Endpoint, peer: Endpoint, segment: Segment) -> int:
        """Return 1 if the window was not kept filled until now."""
        away = self.tap_ns(held) * _VANTAGE_RATIO > self.tap_ns(peer)
        pause_ns = _PAUSE_TRIPS * (self.tap_ns(held) + self.tap_ns(peer)) if away else 0
        offered = held.offered
        return 1 if held.snd_una >= offered.filled_end and segment.time_ns - offered.filled_ns > pause_ns else 0

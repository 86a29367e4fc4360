# cython: annotation_typing=False, initializedcheck=False, wraparound=False
"""One decoded TCP segment: the single cursor that the decoder fills and the replay reads.

Nobody keeps a `Segment`: it is filled again for the next packet. Keep its frame number instead.
"""

from array import array

from reconstruct.seq import UNKNOWN

FIN, SYN, RST, PSH, ACK, URG, ECE, CWR, AE = 0x001, 0x002, 0x004, 0x008, 0x010, 0x020, 0x040, 0x080, 0x100

# Bits of `Segment.options`: which TCP options the header carries, whole and well-formed.
OPTION_MSS = 0x001
OPTION_WINDOW_SCALE = 0x002
OPTION_SACK_PERMITTED = 0x004
OPTION_SACK = 0x008
OPTION_TIMESTAMPS = 0x010
OPTION_FAST_OPEN = 0x020  # kind 34, RFC 7413
OPTION_FAST_OPEN_EXPERIMENTAL = 0x040  # kind 254 with magic 0xF989, RFC 7413 (4.1.1) and RFC 6994
OPTION_MD5 = 0x080  # kind 19, RFC 2385
OPTION_AO = 0x100  # kind 29, RFC 5925
OPTION_MPTCP = 0x200  # kind 30, RFC 8684
OPTIONS_CUT = 0x400  # the snap length cut the options: what is missing is unknown
OPTIONS_MALFORMED = 0x800  # a length of 0 or 1, or one that runs past the header

TUNNEL_SHIFT = 36  # bits; a tunnel's id stands above three VLAN ids of 12 bits each

MAX_SACK_BLOCKS = 4  # RFC 2018 (3): 40 bytes of options hold at most four blocks


class Segment:
    """One TCP segment as the capture shows it.

    Filled by the decoder: `frame` (1-based packet number), `time_ns` (since the epoch), addresses as two signed
    64-bit words in network order (IPv4 in `_lo`, `_hi` 0), ports, `domain` (what always separates connections, 0 for
    nothing), `vlan` (what separates them only where their numbers do not fit: up to three VLAN ids, outermost
    highest, below the innermost tunnel's id at `TUNNEL_SHIFT`; -1 for neither), `wire_seq` and `wire_ack` (32 bits),
    `window` (16 bits, unscaled), `flags` (9 bits, `AE` highest), `payload_len` (bytes by the IP header, also where
    the snap length cut them), `captured_len` (payload bytes in the capture), `text_head`
    (bytes 1, 2 and 6 of the payload, 0 where fewer were captured), `ip_id` (-1 for IPv6), `ttl`, `ecn` (2
    bits of the IP header), `length_known` (0 where neither the IP header nor the frame tells the length), `options`
    (bits `OPTION_*`) and the values of the options; `sack_edges` holds 2 * `sack_blocks` wire numbers, left and right
    edge of each block; `fast_open_len` is the cookie's length, 0 a request.

    Filled by the connection: `seq`, `end` and `ack`, offsets from the sender's and the receiver's ISN (RFC 9293
    SEG.SEQ, SEG.SEQ + SEG.LEN, SEG.ACK), `from_client`, and what the segment turned out to be: `kind`, the `rule` that
    said so with its figures, `rtt_ns`, the round trip that it completes (`UNKNOWN` for none), and `pieces`, how many
    segments of its sender it stands for where offload put several together.
    """

    def __init__(self) -> None:
        """Make a cursor that shows nothing yet."""
        self.frame = self.time_ns = 0
        self.src_hi = self.src_lo = self.dst_hi = self.dst_lo = 0
        self.ip_version = 4
        self.sport = self.dport = 0
        self.domain = 0
        self.vlan = -1
        self.wire_seq = self.wire_ack = self.window = self.flags = 0
        self.payload_len = self.captured_len = 0
        self.length_known = 1
        self.text_head = 0
        self.ip_id = -1
        self.ttl = self.ecn = 0
        self.options = 0
        self.mss = self.window_scale = 0
        self.tsval = self.tsecr = 0
        self.sack_blocks = 0
        self.sack_edges = array("q", bytes(16 * MAX_SACK_BLOCKS))
        self.fast_open_len = 0
        self.seq = self.end = self.ack = 0
        self.from_client = 0
        self.kind = self.rule = 0
        self.figure_a = self.figure_b = UNKNOWN
        self.rtt_ns = UNKNOWN
        self.pieces = 1

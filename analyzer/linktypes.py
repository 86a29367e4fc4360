"""Names of link types, for people. The registry: https://www.tcpdump.org/linktypes.html"""

_NAMES = {
    0: "BSD loopback",
    1: "Ethernet",
    6: "Token Ring",
    7: "ARCnet",
    8: "SLIP",
    9: "PPP",
    10: "FDDI",
    12: "raw IP",
    14: "raw IP",
    50: "PPP in HDLC framing",
    51: "PPPoE",
    100: "LLC over ATM",
    101: "raw IP",
    104: "Cisco HDLC",
    105: "IEEE 802.11",
    106: "LLC over ATM",
    107: "Frame Relay",
    108: "OpenBSD loopback",
    113: "Linux cooked",
    117: "OpenBSD pflog",
    119: "IEEE 802.11 with Prism header",
    127: "IEEE 802.11 with radiotap",
    163: "IEEE 802.11 with AVS header",
    192: "PPI",
    197: "ERF",
    204: "PPP with direction",
    205: "Cisco HDLC with direction",
    206: "Frame Relay with direction",
    228: "raw IPv4",
    229: "raw IPv6",
    239: "NFLOG",
    276: "Linux cooked v2",
}


def link_type_name(link_type: int) -> str:
    """Return the name of a link type, with its number where it has none here."""
    return _NAMES.get(link_type, f"link type {link_type}")

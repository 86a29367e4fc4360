"""A plain loop over a capture with dpkt: decode, options, one entry a connection. What people write first."""

import sys
from collections import Counter

import dpkt


def main(path: str) -> int:
    """Decode all TCP segments of a pcap file and print how many there are and in how many connections."""
    connections: Counter[tuple[bytes, int, bytes, int]] = Counter()
    options = 0
    with open(path, "rb") as file:  # noqa: PTH123 # the plain loop is plain
        for _, frame in dpkt.pcap.Reader(file):
            packet = dpkt.ethernet.Ethernet(frame).data
            if not isinstance(packet, dpkt.ip.IP | dpkt.ip6.IP6) or not isinstance(packet.data, dpkt.tcp.TCP):
                continue
            tcp = packet.data
            options += len(dpkt.tcp.parse_opts(tcp.opts) or ())
            connections[packet.src, tcp.sport, packet.dst, tcp.dport] += 1
    print(f"{connections.total()} segments, {len(connections)} directions, {options} options")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))

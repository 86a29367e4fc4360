"""Addresses as people read them."""

import socket


def address_text(ip_version: int, high: int, low: int) -> str:
    """Return the address of two signed 64-bit words as RFC 5952 prints it."""
    if ip_version == 4:
        return socket.inet_ntop(socket.AF_INET, (low & 0xFFFFFFFF).to_bytes(4, "big"))
    return socket.inet_ntop(socket.AF_INET6, high.to_bytes(8, "big", signed=True) + low.to_bytes(8, "big", signed=True))


def end_text(address: str, port: int) -> str:
    """Return an address with its port as RFC 3986 (3.2.2) writes it."""
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"

"""Addresses with their ports, as people read them."""

from analyzer.addresses import end_text


def test_an_ipv6_address_stands_in_brackets_before_its_port() -> None:
    assert end_text("192.0.2.1", 80) == "192.0.2.1:80"
    assert end_text("2001:db8::1", 443) == "[2001:db8::1]:443"

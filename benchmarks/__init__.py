"""Captures of any size, and how tcpscope compares with other tools on them."""

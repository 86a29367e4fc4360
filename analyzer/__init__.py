"""tcpscope: what the TCP connections of a capture did, and why they were slow."""

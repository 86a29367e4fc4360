"""tcpscope beside tshark: both tools' labels frame by frame, and the mechanism behind every difference."""

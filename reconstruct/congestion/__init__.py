"""The congestion window of a sender, replayed: one model a file over one loss machine."""

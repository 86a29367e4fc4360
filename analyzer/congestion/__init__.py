"""The congestion control of one sender as a story: what its window did, which algorithm it ran, what speaks for it."""

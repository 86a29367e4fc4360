"""Tests of the replay of congestion control, a file for each of its modules."""

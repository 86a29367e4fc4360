"""Tests of the congestion models, a file each."""

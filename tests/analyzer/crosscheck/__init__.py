"""Tests of the comparison with tshark."""

"""Tests of reading captures."""

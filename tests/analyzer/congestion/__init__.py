"""Tests of analyzer.congestion."""

"""Tests of analyzer.whatif."""

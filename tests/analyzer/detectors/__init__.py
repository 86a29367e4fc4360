"""Tests of the detectors, a file each."""

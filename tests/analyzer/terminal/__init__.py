"""Tests of the screens, a file each."""

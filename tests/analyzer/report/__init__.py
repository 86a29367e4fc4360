"""Tests of the HTML report, a file for each module; what a browser does with it is tested in tests/browser."""

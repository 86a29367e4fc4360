"""Tests of the replay: what TCP connections did, from decoded segments."""

"""Marks for tests that need another program; with TCPSCOPE_REQUIRE_ALL none of them may be skipped."""

import shutil

import pytest

needs_tshark = pytest.mark.skipif(shutil.which("tshark") is None, reason="tshark is not installed")

"""Segment scripts: a notation after packetdrill's for connections of which only the capture matters.

`notation` reads a script, `frames` writes it as a capture, `cursors` as the segments that the decoder would give,
`replay` plays those through the flow table. README.md in this folder tells the notation.
"""

from tests.drill.cursors import segments_of
from tests.drill.frames import capture_of
from tests.drill.notation import read_script
from tests.drill.script import DrillError, Script

__all__ = ["DrillError", "Script", "capture_of", "read_script", "segments_of"]

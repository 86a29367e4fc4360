"""Prints one packet's dissection: `python -m analyzer.crosscheck.pyshark_process TSHARK CAPTURE FRAME`.

Only `dissection` runs this, in a process of its own.
"""

import io
import sys

from analyzer.crosscheck.dissection import NO_FRAME
from analyzer.crosscheck.tshark import preferences


def main(program: str, capture: str, frame: int) -> int:
    """Print the packet; return `NO_FRAME` where there is none of that number."""
    import pyshark

    packets = pyshark.FileCapture(
        capture,
        display_filter=f"frame.number == {frame}",
        keep_packets=False,
        tshark_path=program,
        custom_parameters=["-n", *preferences()],
    )
    try:
        packet = next(iter(packets), None)
        if packet is None:
            return NO_FRAME
        written = io.StringIO()
        for layer in packet.layers:
            layer.pretty_print(writer=written)
        # pyshark breaks the line before the colon of a layer's title, and indents fields with tabs.
        sys.stdout.write(written.getvalue().replace("\n:", ":\n").replace("\t", "  ") + "\n")
        return 0
    finally:
        packets.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))

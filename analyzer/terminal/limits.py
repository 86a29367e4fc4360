"""What held a sender back, in words."""

from collections.abc import Mapping

from analyzer.terminal import units
from analyzer.terminal.connections import Connection
from analyzer.terminal.overview import LABEL_WIDTH
from analyzer.terminal.screen import Screen
from reconstruct.seq import UNKNOWN

LEAST_SHARE = 0.01  # of the sending time; less is not worth a word
MOST_TOLD = 3  # limits of one sender
WORDS = {
    "held_by_cwnd_ns": "its congestion window",
    "held_by_rwnd_ns": "the receive window of its peer",
    "held_by_application_ns": "its application",
    "held_by_nagle_ns": "Nagle's algorithm",
    "held_by_recovery_ns": "loss recovery",
    "held_by_pacing_ns": "pacing",
    "held_by_send_buffer_ns": "its send buffer",
}


def print_limits(screen: Screen, connection: Connection) -> None:
    """Print what held each end back while it was sending."""
    told = [(side, limits_text(sent)) for side, sent in (("client", connection.client), ("server", connection.server))]
    screen.heading("Limits", "" if any(text for _, text in told) else "no end sent data")
    for side, text in told:
        if text is not None:
            screen.paragraph(text, "", LABEL_WIDTH + 2, f"  {side}")


def limits_text(direction: Mapping[str, int]) -> str | None:
    """Return which limits held a sender back for how much of its sending time, None for one that sent no data."""
    sending_ns = direction["sending_ns"]
    if sending_ns == UNKNOWN or sending_ns <= 0:
        return None
    shares = sorted(((direction[cell] / sending_ns, words) for cell, words in WORDS.items()), reverse=True)
    told = [(share, words) for share, words in shares[:MOST_TOLD] if share >= LEAST_SHARE]
    (share, words), *others = told or [shares[0]]
    first = f"limited by {words} {share:.0%} of its {units.span(sending_ns)} of sending"
    rest = [f"by {words} {share:.0%}" for share, words in others]
    idle = [f"idle for {units.span(direction['idle_ns'])} beside that"] if direction["idle_ns"] > 0 else []
    return ", ".join([first, *rest, *idle])

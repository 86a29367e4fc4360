"""Scripts of a sender that loses segments, captured near it or on the path, with or without timestamps."""

from dataclasses import dataclass

import pytest

from tests.reconstruct.replaying import MS, WRAPPING, Replayed

# Everywhere a round trip is 10 ms and RTTVAR no more than 5 ms: 10 + max(200, 4 * 5) ms, RFC 6298 (2.3) with Linux's
# floor, in whole ticks of 4 ms. RFC 8985 (7.2): two round trips and 2 ms of slack for the probe; with one segment out
# 200 ms more, but no later than the timeout.
TIMEOUT_NS = 212 * MS
PROBE_NS = 22 * MS


@dataclass(frozen=True)
class Tap:
    """Where a capture is taken: the round trips from there to both ends; whether they stamp, and permit SACK."""

    peer_ms: int
    home_ms: int
    stamped: bool = False
    sacking: bool = True
    isns: str = ""

    def sent(self, at_ms: float, start: int, end: int, tsval: int | None = None, ip_id: int = 0) -> str:
        """Return a segment of the client; its timestamp is the time in ms."""
        stamp = self._stamp(int(at_ms) if tsval is None else tsval, 1)
        return f"{at_ms / 1000:.6f} > . {start}:{end}({end - start}) ack 1 win 64240{stamp} id {ip_id}\n"

    def heard(self, at_ms: float, ack: int, sacks: str = "", echo: int | None = None, window: int = 65160) -> str:
        """Return an acknowledgment of the server, which echoes what passed the tap a round trip before."""
        stamp = self._stamp(1, int(at_ms - self.peer_ms) if echo is None else echo, sacks)
        return f"{at_ms / 1000:.6f} < . 1:1(0) ack {ack} win {window}{stamp} id 0\n"

    def _stamp(self, tsval: int, tsecr: int, sacks: str = "") -> str:
        options = [f"nop,nop,TS val {tsval} ecr {tsecr}"] if self.stamped else []
        options += [f"nop,nop,sack {sacks}"] if sacks else []
        return f" <{','.join(options)}>" if options else ""

    def opened(self) -> str:
        """Return a handshake and 100 bytes of the client that were acknowledged, within the second second."""
        permitted = ",sackOK" if self.sacking else ""
        client, server = (",TS val 1 ecr 0", ",TS val 1 ecr 1") if self.stamped else ("", "")
        opening = f"0.000 > S 0:0(0) win 64240 <mss 1460{permitted}{client}> id 0\n"
        opening += f"{self.peer_ms / 1000} < S. 0:0(0) ack 1 win 65160 <mss 1400{permitted}{server}> id 0\n"
        opening += self.sent(self.peer_ms + self.home_ms, 1, 1)
        return self.isns + opening + self.sent(1000, 1, 101) + self.heard(1000 + self.peer_ms, 101)

    def flight(self) -> str:
        """Return five segments of 100 bytes from 101 to 601, a millisecond after another from 2000 ms on."""
        return "".join(self.sent(2000 + i, 101 + 100 * i, 201 + 100 * i) for i in range(5))

    def replay(self, *lines: str) -> Replayed:
        """Replay what follows the opening."""
        return Replayed(self.opened() + "".join(lines))


NEAR, FAR = Tap(10, 0), Tap(4, 6)
ALL = {
    "near": NEAR,
    "far": FAR,
    "near, stamped": Tap(10, 0, stamped=True),
    "far, stamped": Tap(4, 6, stamped=True),
    "near 2^32": Tap(10, 0, isns=WRAPPING),
    "far 2^32, stamped": Tap(4, 6, stamped=True, isns=WRAPPING),
}
TAPS = pytest.mark.parametrize("tap", ALL.values(), ids=ALL)
STAMPED = pytest.mark.parametrize("tap", [tap for tap in ALL.values() if tap.stamped])
PLAIN = pytest.mark.parametrize("tap", [tap for tap in ALL.values() if not tap.stamped])

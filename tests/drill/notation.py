"""Reads the notation of segment scripts (README.md in this folder)."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from ipaddress import ip_address
from typing import Any

from reconstruct.segment import ACK, AE, CWR, ECE, FIN, PSH, RST, SYN, URG
from tests.drill.options import read_options
from tests.drill.script import NS_PER_S, SEQ_MODULUS, START_NS, DrillError, End, FlowSpec, Line, Script

FLAG_LETTERS = {"F": FIN, "S": SYN, "R": RST, "P": PSH, ".": ACK, "U": URG, "E": ECE, "W": CWR, "A": AE}
ECN_WORDS = {"not-ect": 0, "ect1": 1, "ect0": 2, "ce": 3}  # RFC 3168 5, figure 1
LINKS = ("ethernet", "raw", "sll", "sll2", "null", "loop")
COMPRESSIONS = ("gzip", "xz", "bzip2")
DEFAULT_FLOW = ""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_SEGMENT = re.compile(
    r"(?P<time>\+?\d[\d.]*)\s+(?:(?P<flow>\w+)\s+)?(?P<way>[<>])\s+(?P<flags>[FSRP.UEWA]+|-)\s+"
    r"(?P<seq>-?\d+):(?P<end>-?\d+)\((?P<len>\d+)\)(?P<rest>.*)"
)
_FRAME = re.compile(r"(?P<time>\+?\d[\d.]*)\s+frame\s+(?P<hex>[0-9a-fA-F\s]+)")
_ENDPOINT = re.compile(r"(?:\[(?P<v6>[^\]]+)\]|(?P<v4>[\d.]+)):(?P<port>\d+)")


def read_script(text: str) -> Script:
    """Return what a script says; raises `DrillError` with the line that it cannot read."""
    reader = _Reader()
    for number, line in enumerate(text.splitlines(), start=1):
        words = line.split("#", 1)[0].strip()
        if words:
            try:
                reader.read(number, words)
            except ValueError as error:
                raise DrillError(f"line {number}: {error}: {words}") from error
    return reader.script


def _default_flow() -> FlowSpec:
    """Return the flow of scripts that name none; addresses for documentation (RFC 5737)."""
    return FlowSpec(DEFAULT_FLOW, End(ip_address("192.0.2.1"), 40000), End(ip_address("198.51.100.2"), 80))


class _Reader:
    """The state of reading: the script so far, and the time that `+` counts from."""

    def __init__(self) -> None:
        self.script = Script(flows={DEFAULT_FLOW: _default_flow()})
        self.start_ns = START_NS
        self.now_ns = START_NS

    def read(self, number: int, words: str) -> None:
        """Take in one line that is neither empty nor a comment."""
        if words[0] in "+0123456789":
            self.script.lines.append(self.packet(number, words))
            return
        name, *rest = words.split()
        settings = {"start": self.set_start, "file": self.set_file, "flow": self.set_flow}
        if name in ("client", "server", "vlan"):
            self.change_flow(DEFAULT_FLOW, [name, *rest])
        elif name in settings:
            settings[name](rest)
        else:
            raise ValueError(f"{name!r} is neither a time nor a setting")

    def set_start(self, words: list[str]) -> None:
        """Read the time that 0.000 stands for: seconds since the epoch, or RFC 3339."""
        (word,) = words
        if "T" in word:
            since_epoch = datetime.fromisoformat(word) - EPOCH
            self.start_ns = since_epoch // timedelta(microseconds=1) * 1000
        else:
            self.start_ns = _ns(word)
        self.now_ns = self.start_ns

    def set_flow(self, words: list[str]) -> None:
        """Read a further flow: its name, then what it has other than the default flow."""
        name, *rest = words
        self.script.flows[name] = replace(self.script.flows[DEFAULT_FLOW], name=name)
        self.change_flow(name, rest)

    def change_flow(self, name: str, words: list[str]) -> None:
        """Apply `client A:P [isn N]`, `server A:P [isn N]` and `vlan N[,N]` to a flow."""
        flow = self.script.flows[name]
        pending = list(words)
        while pending:
            word = pending.pop(0)
            if word == "vlan":
                flow = replace(flow, vlan=tuple(int(tag) for tag in pending.pop(0).split(",")))
            elif word == "client":
                flow = replace(flow, client=_end(pending))
            elif word == "server":
                flow = replace(flow, server=_end(pending))
            else:
                raise ValueError(f"{word!r} is no property of a flow")
        self.script.flows[name] = flow

    def set_file(self, words: list[str]) -> None:
        """Read what the capture file is like."""
        file, pending = self.script.file, list(words)
        while pending:
            word = pending.pop(0)
            if word in ("pcap", "pcapng"):
                file.format = word
            elif word in ("nano", "micro"):
                file.nano = word == "nano"
            elif word in ("big", "little"):
                file.order = ">" if word == "big" else "<"
            elif word in COMPRESSIONS:
                file.compression = word
            elif word == "link":
                file.link = _one_of(pending.pop(0), LINKS)
            elif word in ("snaplen", "cut", "dropped"):
                setattr(file, word, int(pending.pop(0)))
            elif word == "comment":
                file.comment, pending = " ".join(pending), []
            else:
                raise ValueError(f"{word!r} is no property of a file")

    def packet(self, number: int, words: str) -> Line:
        """Read one packet."""
        foreign = _FRAME.fullmatch(words)
        if foreign:
            return Line(number, self.time_ns(foreign["time"]), frame=bytes.fromhex(foreign["hex"]))
        found = _SEGMENT.fullmatch(words)
        if found is None:
            raise ValueError("not TIME [FLOW] >|< FLAGS SEQ:END(LEN) ...")
        flow = self.script.flows.get(found["flow"] or DEFAULT_FLOW)
        if flow is None:
            raise ValueError(f"no flow is named {found['flow']!r}")
        seq, end, length = int(found["seq"]), int(found["end"]), int(found["len"])
        if seq + length != end:
            raise ValueError(f"{seq}:{end} does not span {length} bytes")
        line = Line(number, self.time_ns(found["time"]), flow, found["way"] == ">", _flags(found["flags"]), seq, length)
        return _with_rest(line, found["rest"])

    def time_ns(self, word: str) -> int:
        """Return the time of a packet; `+` counts from the packet before, others from the start."""
        self.now_ns = self.now_ns + _ns(word[1:]) if word.startswith("+") else self.start_ns + _ns(word)
        return self.now_ns


def _with_rest(line: Line, rest: str) -> Line:
    """Return the line with what stands after its sequence range."""
    before, bracket, after = rest.partition("<")
    listed, closing, tail = after.partition(">")
    if bracket and not closing:
        raise ValueError("the options do not end")
    pending = f"{before} {tail}".split()
    line = replace(line, options=read_options(listed, line.receiver.isn) if bracket else ())
    acknowledged = False
    while pending:
        word = pending.pop(0)
        if not pending and word != "tso":
            raise ValueError(f"{word!r} is no property of a segment, or lacks its value")
        acknowledged |= word == "ack"
        changed: dict[str, Any] = {"ip_len": 0} if word == "tso" else _property(word, pending.pop(0))
        line = replace(line, **changed)
    if acknowledged != bool(line.flags & ACK):
        raise ValueError("an acknowledgment number and the flag '.' go together")
    return line


def _property(word: str, value: str) -> dict[str, Any]:
    """Return the field of a line that a word sets."""
    if word == "ecn":
        return {"ecn": ECN_WORDS[_one_of(value, tuple(ECN_WORDS))]}
    fields = {"ack": "ack", "win": "window", "ttl": "ttl", "id": "ip_id", "urg": "urgent", "iplen": "ip_len"}
    return {fields[_one_of(word, tuple(fields))]: int(value)}


def _one_of(word: str, known: tuple[str, ...]) -> str:
    """Return the word if it is known."""
    if word not in known:
        raise ValueError(f"{word!r} is none of {', '.join(known)}")
    return word


def _end(pending: list[str]) -> End:
    """Take an end and its ISN, if it tells one, from the front of the words."""
    word = pending.pop(0)
    found = _ENDPOINT.fullmatch(word)
    if found is None:
        raise ValueError(f"{word!r} is no address:port")
    isn = 0
    if pending[:1] == ["isn"]:
        del pending[0]
        isn = int(pending.pop(0))
        if not 0 <= isn < SEQ_MODULUS:
            raise ValueError(f"an ISN has 32 bits, {isn} does not")
    return End(ip_address(found["v6"] or found["v4"]), int(found["port"]), isn)


def _flags(letters: str) -> int:
    """Return the flag bits of packetdrill's letters; "-" is none at all."""
    bits = 0
    for letter in letters.replace("-", ""):
        bits |= FLAG_LETTERS[letter]
    return bits


def _ns(word: str) -> int:
    """Return seconds, written as a decimal, in whole nanoseconds."""
    try:
        return int(Decimal(word) * NS_PER_S)
    except InvalidOperation as error:
        raise ValueError(f"{word!r} is no number of seconds") from error

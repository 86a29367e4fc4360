"""Cases: what a TOML file beside a capture says about it, read and checked for typing errors; docs/expectations.md."""

import difflib
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from analyzer.configuration import checked
from analyzer.errors import UsageError
from analyzer.expected import CaseError, Cells, Expected, read_expected, shown

CAPTURE_SUFFIXES = (".pcap", ".pcapng", ".cap", ".snoop")
COMPRESSION_SUFFIXES = ("", ".gz", ".xz", ".bz2", ".zst", ".lz4")

TABLES = {
    "flow": "flows",
    "direction": "directions",
    "segment": "segments",
    "window": "windows",
    "event": "events",
    "finding": "findings",
    "skipped": "skipped",
}
SECTIONS = frozenset({*TABLES, "capture_facts", "absent"})
SETTINGS = "settings"
TEXTS = frozenset({"about", "origin", "unreadable"})
TOP_LEVEL = SECTIONS | TEXTS | {"capture", "rfc", SETTINGS}
# What the entries of a table are looked up by, beside the frame; the other columns are what must hold there.
KEYS = {
    "flows": ("flow",),
    "directions": ("flow", "sender"),
    "segments": (),
    "windows": ("flow", "sender"),
    "events": ("event", "flow", "sender"),
    "findings": ("finding", "flow"),
    "skipped": ("reason",),
}
ONE_ROW_BY_KEYS = frozenset({"flows", "directions", "skipped"})
ONE_ROW_BY_FRAME = frozenset({"segments", "windows"})
WITH_FRAMES = ONE_ROW_BY_FRAME | {"events"}
FACTS: dict[str, Cells] = {
    "formats": Cells.LIST,
    "compressions": Cells.LIST,
    "link_types": Cells.LIST,
    "comments": Cells.LIST,
    "interfaces": Cells.NUMBER,
    "snaplen": Cells.NUMBER,
    "packets": Cells.NUMBER,
    "segments": Cells.NUMBER,
    "connections": Cells.NUMBER,
    "dropped": Cells.NUMBER,
    "partial": Cells.FLAG,
    "damage": Cells.OBJECT,
}
_ABSENT_TABLES = {"event": "events", "finding": "findings", "kind": "segments"}


@dataclass(frozen=True)
class Entry:
    """One statement about a table.

    `where` is how a person finds it in the file, `columns` the raw values by column, `frames` the frames in each of
    which it must hold (None: not told), `only` that it holds in no others, `count` how many rows agree (None: any).
    """

    where: str
    table: str
    columns: Mapping[str, object]
    frames: tuple[int, ...] | None = None
    only: bool = False
    count: Expected | None = None
    absent: bool = False


@dataclass(frozen=True)
class Case:
    """One case: where it lies, the captures that it is about (in order), and what it says.

    `unreadable` is part of the message with which the capture must be refused, None where it must be read; `settings`
    are thresholds of findings for this case alone.
    """

    path: Path
    about: str
    origin: str
    captures: tuple[Path, ...]
    rfc: tuple[str, ...]
    facts: Mapping[str, Expected]
    entries: tuple[Entry, ...]
    unreadable: str | None = None
    settings: Mapping[str, float] = field(default_factory=dict)


def read_case(path: Path) -> Case:
    """Return the case in a TOML file.

    Raises `CaseError` where it is no TOML, says something unknown or nothing at all, or its capture is not there.
    """
    raw = _read_toml(path)
    check_words(raw, TOP_LEVEL, "the case")
    texts = {name: _text(raw, name) for name in TEXTS & raw.keys()}
    for name in ("about", "origin"):
        if not texts.get(name, "").strip():
            raise CaseError(f"{name} is missing: every case says what it shows and where its capture comes from")
    settings = _settings(raw.get(SETTINGS, {}))
    facts = _facts(raw.get("capture_facts", {}))
    entries = tuple(entry for section in (*TABLES, "absent") for entry in _entries(raw, section))
    unreadable = texts.get("unreadable")
    if bool(facts or entries) == (unreadable is not None):
        raise CaseError("a case either expects something of its capture or that it is unreadable")
    rfc = _texts(raw["rfc"], "rfc") if "rfc" in raw else ()
    return Case(path, texts["about"], texts["origin"], _captures(path, raw), rfc, facts, entries, unreadable, settings)


def is_case(path: Path) -> bool:
    """Return whether a TOML file is meant as a case: a capture of the same name lies beside it, or it names one."""
    if any(path.with_suffix(suffix).is_file() for suffix in _suffixes()):
        return True
    try:
        raw = _read_toml(path)
    except CaseError:
        return False
    return "capture" in raw and bool(raw.keys() & SECTIONS)


def check_words(given: Collection[str], known: Collection[str], where: str) -> None:
    """Raise `CaseError` for the first word that is not known, with the known word that it resembles."""
    for word in given:
        if word not in known:
            near = difflib.get_close_matches(word, known, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(sorted(known))}"
            raise CaseError(f"{where}: {word!r} is unknown; {hint}")


def _read_toml(path: Path) -> dict[str, Any]:
    """Return the contents of a TOML file."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CaseError(f"cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CaseError(f"is no TOML: {error}") from error


def _settings(raw: object) -> Mapping[str, float]:
    """Return the thresholds that a case sets."""
    if not isinstance(raw, Mapping):
        raise CaseError(f"{SETTINGS} is one table: [{SETTINGS}]")
    try:
        return {name: checked(name, value, f"[{SETTINGS}]") for name, value in raw.items()}
    except UsageError as error:
        raise CaseError(str(error)) from error


def _text(raw: Mapping[str, object], name: str) -> str:
    """Return a text at the top of the case."""
    value = raw[name]
    if not isinstance(value, str):
        raise CaseError(f"{name} is a text, not {shown(value)}")
    return value


def _texts(value: object, name: str) -> tuple[str, ...]:
    """Return a list of texts at the top of the case."""
    if not isinstance(value, list) or not value or not all(isinstance(text, str) for text in value):
        raise CaseError(f"{name} is a text or a list of them, not {shown(value)}")
    return tuple(value)


def _suffixes() -> list[str]:
    """Return every ending that a capture beside a case may have."""
    return [kind + packed for kind in CAPTURE_SUFFIXES for packed in COMPRESSION_SUFFIXES]


def _captures(path: Path, raw: Mapping[str, object]) -> tuple[Path, ...]:
    """Return the captures that a case names, or the one of its own name."""
    named = raw.get("capture")
    if named is None:
        beside = [path.with_suffix(suffix) for suffix in _suffixes() if path.with_suffix(suffix).is_file()]
        if len(beside) != 1:
            found = ", ".join(each.name for each in beside) or "none"
            raise CaseError(f"needs one capture named {path.stem}.pcap or the like beside it, found {found}")
        return (beside[0],)
    captures = tuple(path.parent / name for name in _texts(named if isinstance(named, list) else [named], "capture"))
    for capture in captures:
        if not capture.is_file():
            raise CaseError(f"the capture {capture} is not there")
    return captures


def _facts(raw: object) -> dict[str, Expected]:
    """Return what a case says about the capture as a whole."""
    if not isinstance(raw, Mapping):
        raise CaseError("capture_facts is one table: [capture_facts]")
    check_words(raw, FACTS, "[capture_facts]")
    return {name: _located(f"[capture_facts] {name}", value, FACTS[name]) for name, value in raw.items()}


def _located(where: str, value: object, cells: Cells) -> Expected:
    """Return an expected value; what is wrong with it is told with its place."""
    try:
        return read_expected(value, cells)
    except CaseError as error:
        raise CaseError(f"{where}: {error}") from error


def _entries(raw: Mapping[str, object], section: str) -> list[Entry]:
    """Return the entries of one section."""
    listed = raw.get(section, [])
    if not isinstance(listed, list) or not all(isinstance(entry, Mapping) for entry in listed):
        raise CaseError(f"{section} is a list of tables: [[{section}]]")
    return [_entry(section, f"[[{section}]] number {n}", entry) for n, entry in enumerate(listed, start=1)]


def _entry(section: str, where: str, raw: Mapping[str, object]) -> Entry:
    """Return one entry; its columns are checked against the tables when those are there."""
    columns = dict(raw)
    table = _absent_table(where, columns) if section == "absent" else TABLES[section]
    absent = section == "absent"
    frames = _frames(where, columns) if table in WITH_FRAMES else None
    only = columns.pop("only", False)
    if not isinstance(only, bool) or (only and frames is None):
        raise CaseError(f"{where}: only = true says that it holds in no other than the frames listed as frames = [...]")
    counts = "count" in columns and table != "skipped"  # the ledger has a column of that name
    count = _located(f"{where} count", columns.pop("count"), Cells.NUMBER) if counts else None
    if absent and (only or count is not None):
        raise CaseError(f"{where}: what is absent has no count")
    if count is not None and frames is not None:
        raise CaseError(f"{where}: either count or frames")
    if not columns:
        raise CaseError(f"{where}: states no column")
    return Entry(where, table, columns, frames, only, count, absent)


def _absent_table(where: str, columns: dict[str, object]) -> str:
    """Return the table that an [[absent]] entry speaks of, and take the word `table` out of its columns."""
    named = columns.pop("table", None)
    if named is not None:
        check_words([str(named)], TABLES.values(), where)
        return str(named)
    found = [table for column, table in _ABSENT_TABLES.items() if column in columns]
    if len(found) != 1:
        raise CaseError(f'{where}: state one of event, finding and kind, or name the table: table = "flows"')
    return found[0]


def _frames(where: str, columns: dict[str, object]) -> tuple[int, ...] | None:
    """Take the frames that an entry speaks of out of its columns; a range of frames stays there as any other column."""
    if "frame" in columns and "frames" in columns:
        raise CaseError(f"{where}: either frame or frames")
    if isinstance(columns.get("frame"), int):
        frames: object = [columns.pop("frame")]
    elif "frames" in columns:
        frames = columns.pop("frames")
    else:
        return None
    if not isinstance(frames, list) or not frames or not all(type(frame) is int and frame > 0 for frame in frames):
        raise CaseError(f"{where}: frames is a list of frame numbers, not {shown(frames)}")
    return tuple(frames)

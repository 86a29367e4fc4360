"""Thresholds as a user sets them: flags over environment over file over defaults, and where each value comes from.

The file is the nearest `tcpscope.toml`, or `pyproject.toml` with a table `[tool.tcpscope]`, in the working folder and
the folders above it.
"""

import difflib
import math
import os
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from analyzer.errors import UsageError
from analyzer.settings import Settings, most_of, told

OWN_FILE = "tcpscope.toml"
SHARED_FILE = "pyproject.toml"
TOOL = "tcpscope"  # [tool.tcpscope] in the shared file
PREFIX = "TCPSCOPE_"  # of environment variables
FLAG = "--set"
DEFAULT = "default"


@dataclass(frozen=True)
class Configured:
    """The thresholds, and what set each of them: `default`, a file, an environment variable or a flag."""

    settings: Settings
    origins: Mapping[str, str]


def configured(
    flags: Sequence[str] = (), folder: Path | None = None, environment: Mapping[str, str] | None = None
) -> Configured:
    """Return the thresholds after file, environment and flags (`NAME=VALUE` each), the last of which wins.

    `folder` and `environment` are those of the process by default. Raises `UsageError` for what is no threshold, or no
    value of one.
    """
    values: dict[str, float] = {}
    origins = {each.name: DEFAULT for each in told(Settings())}
    for name, value, origin in _given(flags, folder, os.environ if environment is None else environment):
        values[name], origins[name] = value, origin
    return Configured(replace(Settings(), **values), origins)


def _given(
    flags: Sequence[str], folder: Path | None, environment: Mapping[str, str]
) -> Iterator[tuple[str, float, str]]:
    """Yield name, value and origin of all that is set, what wins last."""
    file = _nearest(folder or Path.cwd())
    if file is not None:
        path, table = file
        for name, raw in table.items():
            yield name, checked(name, raw, str(path)), str(path)
    for name, variable in _variables(environment):
        yield name, _number(name, environment[variable], variable), variable
    for flag in flags:
        name, equals, text = (part.strip() for part in flag.partition("="))
        if not equals:
            raise UsageError(f"{FLAG} {flag}: a threshold is set as NAME=VALUE")
        yield name, _number(_known(name, FLAG), text, FLAG), FLAG


def _nearest(folder: Path) -> tuple[Path, Mapping[str, object]] | None:
    """Return the file of thresholds that is nearest, with what it sets."""
    for above in (folder, *folder.parents):
        own, shared = above / OWN_FILE, above / SHARED_FILE
        if own.is_file():
            return own, _read(own)
        tools = _read(shared).get("tool", {}) if shared.is_file() else {}
        if isinstance(tools, Mapping) and TOOL in tools:
            table = tools[TOOL]
            if not isinstance(table, Mapping):
                raise UsageError(f"{shared}: tool.{TOOL} is a table of thresholds")
            return shared, table
    return None


def _read(path: Path) -> dict[str, Any]:
    """Return what a TOML file says."""
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {(error.strerror or str(error)).lower()}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} is no TOML: {error}") from error


def _variables(environment: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the thresholds that the environment sets, with their variables.

    Others with the same prefix are not ours to judge, unless they resemble a threshold.
    """
    names = [each.name for each in told(Settings())]
    for variable in sorted(environment):
        name = variable.removeprefix(PREFIX).lower()
        if not variable.startswith(PREFIX):
            continue
        if name in names:
            yield name, variable
        elif near := difflib.get_close_matches(name, names, n=1):
            raise UsageError(f"{variable}: no such threshold; did you mean {PREFIX}{near[0].upper()}?")


def _known(name: str, origin: str) -> str:
    """Return the name of a threshold; raises `UsageError` with the name that it resembles where there is none."""
    names = [each.name for each in told(Settings())]
    if name in names:
        return name
    near = difflib.get_close_matches(name, names, n=1)
    hint = f"did you mean {near[0]}?" if near else "`tcpscope --show-config` names all"
    raise UsageError(f"{origin}: there is no threshold {name!r}; {hint}")


def _number(name: str, text: str, origin: str) -> float:
    """Return a value that is given as text."""
    try:
        value = float(text)
    except ValueError as error:
        raise UsageError(f"{origin}: {name} is a number, not {text!r}") from error
    return checked(name, value, origin)


def checked(name: str, value: object, origin: str) -> float:
    """Return a value if there is such a threshold that can have it; raises `UsageError` with its origin where not."""
    most = most_of(_known(name, origin))
    if isinstance(value, bool) or not isinstance(value, int | float) or math.isnan(value):
        raise UsageError(f"{origin}: {name} is a number, not {value!r}")
    if not 0 <= value <= most or math.isinf(value):
        limits = "0 or more" if math.isinf(most) else f"from 0 to {most:g}"
        raise UsageError(f"{origin}: {name} is {limits}, not {value:g}")
    return value

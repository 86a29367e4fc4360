"""Packed columns come back as they were, whatever they hold, and small differences cost next to nothing."""

import base64
import gzip
import itertools
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from analyzer.report.columns import SHAPE, Against, Column, pack, pack_each
from reconstruct.seq import UNKNOWN

CELLS = st.one_of(st.just(UNKNOWN), st.integers(-(1 << 52), 1 << 52))  # what a page's numbers can hold exactly


def column(values: list[int], against: Against = Against.ZERO) -> Column:
    return Column(np.array(values, dtype=np.int64), against)


def unpacked(packed: dict[str, Any]) -> dict[str, list[int]]:
    """Undo what `pack` did, as the viewer does it."""
    raw = gzip.decompress(base64.b64decode(packed["data"]))
    rows, offset = packed["rows"], 0
    told: dict[str, Any] = {}
    nulls: dict[str, bytes] = {}
    for name, width, _, nullable, scale in packed["columns"]:
        nulls[name] = raw[offset : offset + nullable * rows]
        offset += nullable * rows
        planes = [raw[offset + at * rows : offset + (at + 1) * rows] for at in range(width)]
        offset += width * rows
        codes = [sum(plane[row] << 8 * at for at, plane in enumerate(planes)) for row in range(rows)]
        told[name] = [(code >> 1 ^ -(code & 1)) * scale for code in codes]
    assert offset == len(raw)
    for at, name in enumerate(packed["together"]):
        told[name] = [packed["combinations"][which][at] for which in told[SHAPE]]
    for name, _, against, _, _ in packed["columns"]:
        _sum_up(told, name, against)
    for name, missing in nulls.items():
        told[name] = [UNKNOWN if missing and missing[row] else told[name][row] for row in range(rows)]
    return {name: [UNKNOWN if cell is None else cell for cell in cells] for name, cells in told.items()}


def _sum_up(told: dict[str, Any], name: str, against: int) -> None:
    last = [0, 0]
    for row, difference in enumerate(told[name]):
        if against == Against.ZERO:
            continue
        end = 0 if against == Against.ROW_BEFORE else told["sender"][row]
        told[name][row] = difference + last[end]
        last[end] = told[name][row] + (told["len"][row] if against == Against.SENDER_END else 0)


@given(st.lists(CELLS, max_size=40), st.sampled_from([Against.ZERO, Against.ROW_BEFORE]))
def test_any_column_comes_back(values: list[int], against: Against) -> None:
    assert unpacked(pack({"one": column(values, against)}))["one"] == values


@given(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 65_535), CELLS), max_size=40))
def test_columns_against_the_sender_come_back(rows: list[tuple[int, int, int]]) -> None:
    sender, length, value = (list(cells) for cells in zip(*rows, strict=True)) if rows else ([], [], [])
    packed = pack({
        "sender": column(sender), "len": column(length), "seq": column(value, Against.SENDER_END),
        "window": column(value, Against.SENDER_BEFORE),
    })  # fmt: skip
    assert unpacked(packed) == {"sender": sender, "len": length, "seq": value, "window": value}


@given(st.lists(st.tuples(st.integers(0, 3), st.one_of(st.just(UNKNOWN), st.integers(-2, 2))), max_size=40))
def test_columns_told_together_come_back(rows: list[tuple[int, int]]) -> None:
    one, other = (list(cells) for cells in zip(*rows, strict=True)) if rows else ([], [])
    packed = pack({"one": column(one), "other": column(other)}, ("one", "other"))
    told = unpacked(packed)
    assert (told["one"], told["other"]) == (one, other)
    assert len(packed["combinations"]) == len(set(rows))


TABLES = st.lists(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 65_535), CELLS), max_size=6), max_size=6)


@given(TABLES)
def test_tables_packed_at_once_are_as_those_packed_alone(tables: list[list[tuple[int, int, int]]]) -> None:
    def columns(rows: list[tuple[int, int, int]]) -> dict[str, Column]:
        sender, length, value = (list(cells) for cells in zip(*rows, strict=True)) if rows else ([], [], [])
        return {
            "sender": column(sender),
            "len": column(length),
            "seq": column(value, Against.SENDER_END),
            "time_ns": column(value, Against.ROW_BEFORE),
            "rtt_ns": column(length, Against.SENDER_BEFORE),
        }

    starts = [0, *itertools.accumulate(map(len, tables))]
    together = list(pack_each(columns([row for rows in tables for row in rows]), starts, ("sender", "len")))
    assert together == [pack(columns(rows), ("sender", "len")) for rows in tables]


def test_multiples_of_a_microsecond_are_told_in_microseconds() -> None:
    # 255 us fit one byte as 255 * 2 = 510 does not: two bytes, where nanoseconds would need three.
    packed = pack({"time_ns": column([0, 255_000])})
    assert packed["columns"] == [["time_ns", 2, 0, 0, 1000]]


def test_steady_rows_cost_almost_nothing() -> None:
    # 100,000 segments of 1,448 bytes in order: every difference to the end before is 0.
    lengths = [1448] * 100_000
    starts = [1 + 1448 * at for at in range(100_000)]
    packed = pack({"sender": column([0] * 100_000), "len": column(lengths),
                   "seq": column(starts, Against.SENDER_END)}, ("sender", "len"))  # fmt: skip
    assert len(packed["data"]) < 1_000


def test_the_same_columns_are_the_same_text() -> None:
    assert pack({"one": column([1, 2, 3])}) == pack({"one": column([1, 2, 3])})

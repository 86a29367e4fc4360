"""What Python packs, the page unpacks, number by number."""

import json
import random
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from analyzer.report.columns import Against, Column, pack
from reconstruct.seq import UNKNOWN
from tests.analyzer.running import FIXTURES
from tests.browser.conftest import Open

UNPACK = """async (text) => {
    const table = await tcpscope.columns.unpack(JSON.parse(text));
    const names = [...table.names.filter((name) => name !== "shape"), ...table.together.keys()];
    const plain = (name) => Array.from(table.column(name), (cell) => (Number.isNaN(cell) ? null : cell));
    return Object.fromEntries(names.map((name) => [name, plain(name)]));
}"""


@pytest.mark.parametrize("bits", [6, 14, 30, 33, 50])
def test_columns_of_any_width_come_back(bits: int, shown: Open, reports: Callable[..., Path]) -> None:
    dice = random.Random(bits)
    most = 1 << bits
    columns = {
        "sender": Column(np.array([dice.randrange(2) for _ in range(200)], dtype=np.int64)),
        "len": Column(np.array([dice.randrange(1449) for _ in range(200)], dtype=np.int64)),
    }
    for against in Against:
        cells = [UNKNOWN if dice.random() < 0.2 else dice.randrange(-most, most) for _ in range(200)]
        columns[f"against {against.name}"] = Column(np.array(cells, dtype=np.int64), against)
    packed = pack(columns, ("sender", "len"))
    page = shown(reports(FIXTURES / "closing" / "abort.pcap"))
    told = page.page.evaluate(UNPACK, json.dumps(packed))
    for name, column in columns.items():
        assert told[name] == [None if cell == UNKNOWN else cell for cell in column.cells.tolist()], name

"""The figures of docs/accuracy.md: how they are counted, and that the page tells of the runs that are there."""

import json
import re
import shutil
from pathlib import Path

import pytest

from benchmarks.accuracy.connections import Connections
from benchmarks.accuracy.page import fill, runs
from benchmarks.accuracy.retransmissions import FAST, PROBE, SLOW_START, SYN, TIMEOUT, Retransmissions, cause_of
from benchmarks.accuracy.run import TAPS, Run
from benchmarks.accuracy.share import Errors, Labels, Share
from benchmarks.accuracy.tshark import Shark
from benchmarks.accuracy.view import View
from benchmarks.accuracy.windows import first_sendings
from tests.sources import ROOT

TRUTH = ROOT / "fixtures" / "truth"
FOLDERS = sorted(TRUTH.iterdir())
PAGE = (ROOT / "docs" / "accuracy.md").read_text("utf-8")


def test_a_share_without_a_case_is_no_number() -> None:
    share = Share()
    assert str(share) == "-"
    share.add(right=True)
    share.add(right=False)
    assert str(share) == "50.0 %"


def test_an_error_is_relative_to_the_truth_and_its_median_is_told() -> None:
    errors = Errors()
    for estimate in (90, 102, 150):
        errors.add(estimate, 100)
    assert str(errors) == "10.0 %"  # of 10, 2 and 50 %


def test_labels_count_what_was_missed_and_what_was_made_up() -> None:
    labels = Labels()
    labels.add(given={1, 2, 3, 4}, due={2, 3, 9})
    assert str(labels) == "66.7 % / 50.0 %"  # 2 of 3 due ones; 2 of 4 given ones


@pytest.mark.parametrize(
    ("counted", "cause"),
    [
        ("fast", FAST), ("fast+lost_retransmit", FAST), ("rto", TIMEOUT), ("lost_retransmit+rto", TIMEOUT),
        ("rto_recovery", SLOW_START), ("tlp", PROBE), ("rto+syn", SYN), ("", None), ("lost_retransmit", None),
    ],
)  # fmt: skip
def test_the_counters_that_moved_tell_the_cause(counted: str, cause: str | None) -> None:
    assert cause_of(counted) == cause


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_run_is_whole_and_says_where_it_comes_from(folder: Path) -> None:
    run = Run(folder)
    assert {"about", "origin", "sender", "port", "congestion_control"} <= set(run.facts)
    assert run.name in str(run.facts["origin"])
    assert all(run.packets(tap) for tap in TAPS)
    assert run.known
    for tap in TAPS:
        assert run.resent_frames(tap) <= {packet.frame for packet in run.packets(tap)}


def test_the_page_lists_the_runs_that_are_there() -> None:
    part = PAGE.split("<!-- measured: runs -->")[1].split("<!-- so much for runs -->")[0]
    assert part.strip() == runs(FOLDERS).strip()


def test_every_part_of_the_page_is_filled() -> None:
    parts = re.findall(r"<!-- measured: (\w+) -->\n(.*?)<!-- so much for \1 -->", PAGE, re.DOTALL)
    assert [name for name, text in parts if "| --- |" in text] == ["resent", "whole", "congestion", "runs"]


def test_filling_a_page_leaves_the_rest_as_it_is() -> None:
    page = "a\n<!-- measured: x -->\nold\n<!-- so much for x -->\nb\n"
    assert fill(page, {"x": "new\n"}) == "a\n<!-- measured: x -->\n\nnew\n\n<!-- so much for x -->\nb\n"


def test_what_was_lost_before_a_tap_is_no_point_there() -> None:
    run = Run(TRUTH / "tail-loss-rto-1")
    sender, receiver = first_sendings(run, "sender"), first_sendings(run, "receiver")
    # The last segment with data is lost with two of its retransmissions; only the third arrives.
    assert set(sender) - set(receiver) == {max(sender)}
    assert json.loads((run.folder / "run.json").read_text("utf-8"))["port"] == run.facts["port"]


@pytest.mark.skipif(shutil.which("tshark") is None, reason="tshark is not installed")
def test_a_run_is_measured_at_every_tap_beside_tshark() -> None:
    run = Run(TRUTH / "tail-loss-rto-1")
    resent, told = Retransmissions(), Connections()
    for tap in TAPS:
        view, shark = View(run, tap), Shark(run.capture(tap))
        assert set(shark.flight) <= set(range(1, run.frames(tap) + 1))
        resent.add(run, view, shark)
        told.add(run, view)
    # The path dropped the first two of three retransmissions: 3 at the sender's tap, 1 or none further on.
    due = sum(len(run.resent_frames(tap)) for tap in TAPS)
    assert resent.ours.recall.total == due
    assert resent.ours.precision.right == resent.ours.recall.right
    assert (told.episodes.right, told.episodes.total) == (3, 3)

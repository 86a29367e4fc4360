"""The tables of ports and pools fit, and show the ports over time where there is room."""

from analyzer.pairs import PairsSeen, pairs_seen
from analyzer.terminal.pairs import bars, print_pools, print_ports
from tests.analyzer.terminal.printing import Paper
from tests.reconstruct.tap import Pair, Tap

S = 1_000_000_000  # ns


def two_pairs() -> PairsSeen:
    """Return two connections to port 443, one of them 3 s later, and one to port 80."""
    tap = Tap()
    tap.whole(Pair(port=50_001, peer_port=443))
    tap.wait(3 * S)
    tap.whole(Pair(port=50_002, peer_port=443))
    tap.whole(Pair(port=50_003, peer_port=80))
    tap.finish()
    return pairs_seen(tap.table.pairs, tap.now_ns)


def test_the_busier_pair_comes_first_and_what_is_left_out_is_said() -> None:
    paper = Paper(width=200)
    print_ports(paper, two_pairs(), 4, 0.5, 1)
    assert "0.0.0.2:443" in paper.lines[2]
    assert paper.lines[-1].strip() == "and 1 more pair: --limit and --json show them"


def test_the_share_that_is_near_all_is_marked() -> None:
    paper = Paper(width=200, colour=True)
    print_ports(paper, two_pairs(), 4, 0.5, 1)
    assert "\x1b[33m50.0%" in paper.lines[2].replace(" ", "")  # yellow


def test_bars_rise_with_the_ports_in_use() -> None:
    seen = two_pairs()
    assert bars(seen, seen.pairs[0]) == "▄▄▄█"
    assert bars(seen, seen.pairs[0], unicode=False) == "===#"


def test_a_narrow_screen_keeps_the_ends_and_the_idle_timeout() -> None:
    paper = Paper(width=110)
    print_pools(paper, two_pairs(), 25)
    assert "idle timeout" in paper.lines[1] + paper.lines[2]
    assert all(len(line) <= 110 for line in paper.lines)

"""What the account of a pair means: the pool that would do, the ports in use, the idle time that a pool may allow."""

from analyzer.pairs import Spans, churn_of, idle_limit_ns, pairs_seen, pools_row, ports_row, shown_spans
from reconstruct.pairs import Pair
from reconstruct.seq import UNKNOWN
from tests.reconstruct.tap import Tap, pairs

COUNT, S = 20, 1_000_000_000  # connections; ns


def churned() -> tuple[Pair, Spans]:
    """Return twenty connections of 5 ms each, one every 6 ms, that the client closed."""
    tap = Tap()
    for ends in pairs(COUNT):
        tap.whole(ends)
    tap.wait(2 * S)
    tap.finish()
    seen = pairs_seen(tap.table.pairs, tap.now_ns)
    (pair,) = seen.pairs
    return pair, seen.spans


def test_one_connection_would_do_for_short_ones_in_turn() -> None:
    churn = churn_of(churned()[0])
    assert (churn.pool, churn.saved) == (1, COUNT - 1)
    assert churn.share == 2 / 5  # 2 ms of round trip in 5 ms


def test_ports_in_use_are_the_open_ones_and_those_in_time_wait() -> None:
    pair, spans = churned()
    ports = spans.ports(pair)
    assert (ports.live, ports.client_waits, ports.server_waits, ports.used, ports.used_peak) == (0, 20, 0, 20, 20)
    assert spans.count == 3  # 120 ms, then two seconds: three spans of a second


def test_parts_of_the_time_show_the_most_in_each() -> None:
    pair, spans = churned()
    assert shown_spans(spans, pair, 2) == [20, 20]


def test_the_idle_limit_is_a_fifth_below_the_shortest_pause_that_failed() -> None:
    pair, _ = churned()
    assert idle_limit_ns(pair) == UNKNOWN
    pair.server_idle_ns, pair.stale_idle_ns = 5 * S, 4 * S
    assert idle_limit_ns(pair) == 3_200_000_000
    pair.server_idle_ns = S // 2  # a server that closes after its answer has no idle timeout
    pair.stale_idle_ns = UNKNOWN
    assert idle_limit_ns(pair) == UNKNOWN


def test_what_is_not_known_is_null() -> None:
    pair, spans = churned()
    assert (pools_row(pair)["idle_timeout_ms"], pools_row(pair)["longest_idle_ms"]) == (None, None)
    row = ports_row(pair, spans, 25)
    assert (row["left_at_least"], row["used_peak"], row["span_s"]) == (5, 20, 1.0)

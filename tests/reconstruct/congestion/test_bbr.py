"""BBR on a path of one rate and delay: it finds both, drains what it queued, and keeps twice their product."""

import pytest

from reconstruct.congestion.bbr import FEWEST, Bbr
from reconstruct.vocabulary import Phase
from tests.reconstruct.congestion.rounds import MS, Path


def on_path(until_ms: float, gap_ms: float = 1.0, delay_ms: float = 40.0) -> Path:
    """Run a BBR sender; the product is 40 segments unless said otherwise."""
    path = Path(Bbr(), gap_ms, delay_ms)
    path.run(until_ms)
    return path


def bbr(path: Path) -> Bbr:
    """Return the model of a path."""
    assert isinstance(path.model, Bbr)
    return path.model


def test_it_finds_bandwidth_and_delay_of_the_path() -> None:
    model = bbr(on_path(1500))
    assert model.bandwidth.rate() == pytest.approx((1 << 24) / 1000, rel=0.02)
    assert model.shortest_ns == 40 * MS


def test_it_starts_up_drains_and_then_probes() -> None:
    path = Path(Bbr(), 1.0, 40.0)
    seen: list[int] = []
    path.send()
    while path.state.now_ns < 2000 * MS:
        path.step()
        if not seen or seen[-1] != path.model.phase(path.state):
            seen.append(path.model.phase(path.state))
    assert seen == [Phase.STARTUP, Phase.DRAIN, Phase.PROBE_BW]


def test_its_window_is_twice_the_product_and_room_for_bursts() -> None:
    model = bbr(on_path(1500))
    # 2 x 40 segments, 3 bursts of 2 at 1 MB/s, at most 2 more while it probes, a few for lumps; even.
    assert 86 <= model.cwnd <= 92


def test_its_window_never_shrinks_below_four() -> None:
    assert bbr(on_path(500, gap_ms=50.0, delay_ms=1.0)).cwnd >= FEWEST


def test_ten_seconds_after_the_shortest_round_trip_it_looks_again_with_four_segments() -> None:
    path = on_path(1500)
    path.delay_ns += 10 * MS  # the shortest one of before never comes again
    last_ns, fewest = bbr(path).shortest_at_ns, 10**6
    while path.model.phase(path.state) != Phase.PROBE_RTT:
        path.step()
    assert 10_000 * MS < path.state.now_ns - last_ns < 10_200 * MS
    while path.model.phase(path.state) == Phase.PROBE_RTT:
        fewest = min(fewest, path.model.cwnd)
        path.step()
    assert fewest == FEWEST
    assert bbr(path).shortest_ns == 50 * MS


def test_a_timeout_leaves_one_segment_and_the_window_comes_back() -> None:
    path = on_path(1500)
    before = path.model.cwnd
    path.state.lost = path.state.out
    path.model.time_out(path.state, 1)
    assert path.model.cwnd == 1
    path.state.lost = 0
    path.state.ca = 0
    path.run(1700)
    assert path.model.cwnd >= before - 4


def test_idle_time_takes_nothing_off_the_window() -> None:
    path = on_path(1500)
    before = path.model.cwnd
    path.model.restart(path.state, 60_000 * MS)
    assert path.model.cwnd == before

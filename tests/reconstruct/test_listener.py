"""What connections to a listener met while they opened, counted."""

from analyzer.run import Run
from analyzer.source import Source
from reconstruct.listener import ARRIVED, BUCKET_NS, BUCKETS, COMPLETED, NEVER, REFUSED, Listener
from reconstruct.recorder import Recorder
from reconstruct.settings import ReplaySettings
from reconstruct.tally import Tally
from reconstruct.vocabulary import CookieSign, Met
from tests.drill import capture_of, read_script

SIGNS = len(CookieSign)


def listener_of(script: str) -> Listener:
    """Return the one listener of a script."""
    run = Run([Source(capture_of(read_script(script)))], ReplaySettings(), Recorder(False, False), Tally())
    run.read(None)
    (listener,) = run.table.listeners.in_order()
    return listener


def flows(count: int) -> str:
    """Return clients of the same listener, named a0, a1, ..."""
    return "\n".join(f"flow a{at} client 192.0.2.1:{40000 + at} server 198.51.100.2:80" for at in range(count))


def test_every_connection_has_one_outcome() -> None:
    listener = listener_of(f"""
        {flows(5)}
        0.000 a0 > S  0:0(0) win 64240
        +0.01 a0 < S. 0:0(0) ack 1 win 65160
        +0.01 a0 > .  1:1(0) ack 1 win 64240
        +0.01 a1 > S  0:0(0) win 64240
        +0.01 a1 < R. 0:0(0) ack 1 win 0
        +0.01 a2 > S  0:0(0) win 64240
        +0.01 a2 < S. 0:0(0) ack 1 win 65160
        +0.01 a2 > R  1:1(0) win 0
        +0.01 a3 > S  0:0(0) win 64240
        +2.00 a4 > S  0:0(0) win 64240
    """)
    counted = (listener.completed, listener.refused, listener.reset, listener.never, listener.pending)
    assert counted == (1, 1, 1, 1, 1)
    assert listener.connections == 5


def test_the_time_line_tells_when_connections_began_and_what_became_of_them() -> None:
    listener = listener_of("""
        0.000  > S  0:0(0) win 64240
        +0.01  < R. 0:0(0) ack 1 win 0
    """)
    assert [listener.line[row * BUCKETS] for row in (ARRIVED, COMPLETED, NEVER, REFUSED)] == [1, 0, 0, 1]


def test_a_time_line_that_is_full_becomes_twice_as_wide_and_loses_nothing() -> None:
    span_s = 2 * BUCKETS * BUCKET_NS / 1e9
    listener = listener_of(f"""
        {flows(3)}
        0.000 a0 > S  0:0(0) win 64240
        {span_s / 2} a1 > S  0:0(0) win 64240
        {span_s} a2 > S  0:0(0) win 64240
    """)
    assert listener.width_ns == 4 * BUCKET_NS
    assert sum(listener.line[:BUCKETS]) == 3
    assert [listener.line[at] for at in (0, BUCKETS // 4, BUCKETS // 2)] == [1, 1, 1]


def test_a_syn_ack_that_is_not_sent_again_when_due_speaks_for_cookies() -> None:
    listener = listener_of(f"""
        {flows(2)}
        0.000 a0 > S  0:0(0) win 64240 <mss 1460>
        +0.01 a0 < S. 0:0(0) ack 1 win 64240 <mss 1460>
        4.000 a1 > S  0:0(0) win 64240 <mss 1460>
        +0.01 a1 < S. 0:0(0) ack 1 win 64240 <mss 1460>
    """)
    assert listener.minutes[CookieSign.NOT_RESENT] == listener.cells[4 * Met.STATELESS] == 1
    assert listener.minutes[CookieSign.ANSWERS] == 2


def test_a_syn_ack_that_is_sent_again_shows_that_the_listener_remembers() -> None:
    listener = listener_of("""
        0.000  > S  0:0(0) win 64240 <mss 1460>
        +0.01  < S. 0:0(0) ack 1 win 64240 <mss 1460>
        +1.00  < S. 0:0(0) ack 1 win 64240 <mss 1460>
    """)
    assert (listener.minutes[CookieSign.RESENT], listener.minutes[CookieSign.NOT_RESENT]) == (1, 0)
    assert len(listener.starts) == 1


def test_of_one_kind_twenty_connections_give_their_frames() -> None:
    refused = "\n".join(f"+0.01 a{at} > S 0:0(0) win 64240\n+0.01 a{at} < R. 0:0(0) ack 1 win 0" for at in range(25))
    listener = listener_of(f"{flows(25)}\n{refused}\n")
    assert listener.cells[4 * Met.REFUSED] == 25
    assert listener.kept[Met.REFUSED] == list(range(1, 41))  # the SYN and the reset of each

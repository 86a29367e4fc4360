"""Followers: what one finds is the same whether it looked often or once, and whoever it followed before."""

from reconstruct.follower import Follower, Followers
from reconstruct.recorder import Recorder
from reconstruct.sender_feed import look
from tests.reconstruct.replaying import CLIENT, HANDSHAKE, Replayed

UPLOAD = HANDSHAKE + "".join(
    f"+0.001 > . {1 + 1000 * number}:{1001 + 1000 * number}(1000) ack 1 win 64240\n" for number in range(9)
) + "+0.010 < . 1:1(0) ack 9001 win 60000\n"  # fmt: skip
DOWNLOAD = HANDSHAKE + "+0.010 < . 1:1401(1400) ack 1 win 65160\n+0.001 > . 1:1(0) ack 1401 win 64240\n"


def test_a_long_transcript_is_looked_at_before_the_connection_ends() -> None:
    rows = "".join(f"+0.001 > . {1 + 100 * n}:{101 + 100 * n}(100) ack 1 win 64240\n" for n in range(70))
    assert Replayed(HANDSHAKE + rows).client.follower is not None
    assert Replayed(UPLOAD).client.follower is None


def test_looking_after_every_segment_finds_the_same() -> None:
    once, often = Replayed(UPLOAD), Replayed(HANDSHAKE)
    for cursor in once.cursors[3:]:
        often.connection.replay(cursor)
        look(often.client, often.connection.followers)
    once.connection.finish()
    often.connection.finish()
    assert once.windows(CLIENT) == often.windows(CLIENT)
    assert once.client.follower is not None
    assert often.client.follower is not None
    assert once.client.follower.replay.cwnd_max == often.client.follower.replay.cwnd_max


def test_a_follower_forgets_whom_it_followed() -> None:
    first = Replayed(UPLOAD)
    first.connection.finish()
    follower = first.client.follower
    assert follower is not None
    first.connection.release()
    fresh, used = Replayed(DOWNLOAD), Replayed(DOWNLOAD)
    used.connection.followers.give_back(follower)
    follower.replay.recorder = used.recorder
    fresh.connection.finish()
    used.connection.finish()
    assert used.server.follower is follower
    assert fresh.server.follower is not None
    for name in ("cwnd_max", "sent_segments", "leader", "start_seen"):
        assert getattr(follower.replay, name) == getattr(fresh.server.follower.replay, name)
    assert follower.replay.limits.held.sending_ns() == fresh.server.follower.replay.limits.held.sending_ns()


def test_a_follower_given_back_is_the_next_one_taken() -> None:
    followers = Followers(Recorder(False, False))
    one, other = followers.take(), followers.take()
    assert one is not other
    followers.give_back(one)
    assert followers.take() is one
    assert isinstance(followers.take(), Follower)

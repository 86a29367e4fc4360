# cython: annotation_typing=False, initializedcheck=False, wraparound=False
"""Lets an end be followed: what it sent and heard goes to its transcript, and from there to a follower."""

from reconstruct.endpoint import Endpoint
from reconstruct.follower import Follower, Followers
from reconstruct.merged import full_payload
from reconstruct.segment import OPTION_SACK_PERMITTED, OPTION_TIMESTAMPS, Segment
from reconstruct.seq import UNKNOWN
from reconstruct.transcript import Transcript

DEFAULT_MSS = 536  # bytes, RFC 9293 (3.7.1) where a SYN has no option; 1220 for IPv6
TIMESTAMPS_LEN = 12  # bytes of every segment that timestamps take from the MSS (RFC 7323 A)
FIRST_WINDOW = 10  # segments, RFC 6928 (2)

_UNKNOWN = UNKNOWN
_TIMESTAMPS, _SACK = OPTION_TIMESTAMPS, OPTION_SACK_PERMITTED
_DEFAULT_MSS, _TIMESTAMPS_LEN, _FIRST_WINDOW = DEFAULT_MSS, TIMESTAMPS_LEN, FIRST_WINDOW


def begin_transcript(
    sender: Endpoint, peer: Endpoint, segment: Segment, number: int, server: int, near_ns: int, far_ns: int
) -> None:
    """Begin the transcript of an end of connection `number` at its first text, as `Transcript` describes."""
    if sender.transcript is None:
        sender.transcript = Transcript()
    transcript = sender.transcript
    options = sender.syn_options & peer.syn_options
    transcript.begun = 1
    transcript.flow = number
    transcript.server = server
    transcript.first = segment.seq
    transcript.una = sender.snd_una
    transcript.offered.copy(sender.offered)
    transcript.mss = _mss(sender, peer, segment, options)
    transcript.window = _FIRST_WINDOW if sender.syns <= 2 else 1
    transcript.seen = 1 if sender.syns > 0 and peer.syns > 0 else 0
    transcript.sack = 1 if options & _SACK or not transcript.seen else 0
    transcript.timestamps = 1 if options & _TIMESTAMPS else 0
    transcript.ecn = sender.syn_ecn & peer.syn_ecn
    transcript.near_ns, transcript.far_ns = near_ns, far_ns


def look(sender: Endpoint, followers: Followers) -> Follower:
    """Let the follower of an end take what its transcript has; one is begun if it has none. Return it."""
    transcript = sender.transcript
    assert transcript is not None
    if sender.follower is None:
        sender.follower = followers.take()
        sender.follower.begin(transcript)
    sender.follower.read(transcript)
    return sender.follower


def finish_end(sender: Endpoint, followers: Followers) -> None:
    """Settle what can be known of an end that was followed; no segment follows."""
    if sender.transcript is not None and sender.transcript.begun:
        look(sender, followers).finish()


def release_end(sender: Endpoint, followers: Followers) -> None:
    """Give the follower of an end back."""
    if sender.follower is not None:
        followers.give_back(sender.follower)
        sender.follower = None


def _mss(sender: Endpoint, peer: Endpoint, segment: Segment, options: int) -> int:
    """Return the largest payload that an end sends (Linux's snd_mss), in bytes."""
    if peer.syns == 0:
        return max(min(segment.payload_len, full_payload(segment, _UNKNOWN)), _DEFAULT_MSS)
    mss = peer.mss if peer.mss != _UNKNOWN else _DEFAULT_MSS
    if sender.syns > 0 and sender.mss != _UNKNOWN:
        mss = min(mss, sender.mss)  # what it takes itself shows how much its own link carries
    return max(mss - (_TIMESTAMPS_LEN if options & _TIMESTAMPS else 0), 1)

"""What one SYN,ACK shows for or against a SYN cookie."""

import pytest

from reconstruct.cookie_signs import (
    byte_sign,
    code_sign,
    isn_sign,
    lag_sign,
    options_sign,
    resend_due_ns,
    signed32,
)
from reconstruct.vocabulary import CookieSign
from tests.reconstruct.replaying import Replayed

NO_SIGN = -1
OFFERS = "<mss 1460,sackOK,TS val 100 ecr 0,wscale 7>"


def opened(answer: str, later: str, offers: str = OFFERS, window: int = 65160) -> Replayed:
    """Return a connection whose server answers with these options, and after 20 ms with those."""
    return Replayed(f"""
        0.000  > S  0:0(0) win 64240 {offers}
        +0.010 < S. 0:0(0) ack 1 win {window} {answer}
        +0.010 > P. 1:11(10) ack 1 win 502
        +0.010 < .  1:1(0) ack 11 win 502 {later}
    """)


@pytest.mark.parametrize(
    ("first", "later", "sign"),
    [  # 20 ms pass between the two; a cookie's TSval is up to 64 behind
        (1000, 1020, CookieSign.LAG_NONE),
        (1000, 1021, CookieSign.LAG_NONE),
        (1000, 1023, CookieSign.LAG_FITS),
        (1000, 1084, CookieSign.LAG_FITS),
        (1000, 1090, CookieSign.LAG_ABOVE),
        (1000, 1010, CookieSign.LAG_NEGATIVE),
        (4294967290, 14, CookieSign.LAG_NONE),  # the timestamp wraps
    ],
)
def test_the_tsval_of_a_cookie_lags_behind_the_clock(first: int, later: int, sign: CookieSign) -> None:
    made = opened(f"<mss 1460,TS val {first} ecr 100>", f"<TS val {later} ecr 120>")
    assert lag_sign(made.server) == sign


def test_without_timestamps_the_clock_tells_nothing() -> None:
    assert lag_sign(opened("<mss 1460>", "").server) == NO_SIGN


@pytest.mark.parametrize(
    ("server_isn", "sign"),
    [  # the client's ISN moves by 1,000; 6.4 ms are 100,000 ticks of 64 ns
        (7_001_000, CookieSign.ISN_SAME),
        (7_001_003, CookieSign.ISN_SAME),
        (7_100_000, CookieSign.ISN_CLOCK),
        (7_500_000, NO_SIGN),
    ],
)
def test_the_same_addresses_and_ports_give_the_same_cookie(server_isn: int, sign: int) -> None:
    made = opened("<mss 1460>", "")
    made.client.isn, made.server.isn = 5_001_000, server_isn
    assert isn_sign(made.client, made.server, 5_000_000, 7_000_000, made.server.syn_ns - 6_400_000) == sign


def test_a_cookie_without_timestamps_answers_no_option() -> None:
    plain = "<mss 1460,sackOK,wscale 7>"
    bare, full = opened("<mss 1460>", "", plain), opened("<mss 1460,sackOK>", "", plain)
    assert options_sign(bare.client, bare.server) == CookieSign.BARE
    assert options_sign(full.client, full.server) == CookieSign.ANSWERED
    with_time = opened("<mss 1460>", "")
    assert options_sign(with_time.client, with_time.server) == NO_SIGN


def test_the_low_bits_of_a_tsval_without_an_offset_encode_the_options() -> None:
    fits = opened(f"<mss 1460,TS val {64 * 50 + 16 + 7} ecr 100>", "")  # SACK is bit 4, the shift is 7
    other = opened(f"<mss 1460,TS val {64 * 50 + 8} ecr 100>", "")
    assert code_sign(fits.client, fits.server) == CookieSign.CODE_FITS
    assert code_sign(other.client, other.server) == CookieSign.CODE_OTHER


def test_the_last_byte_of_freebsd_s_cookies_encodes_the_options() -> None:
    made = opened("<mss 1460>", "")
    made.server.isn = 0xAB000000 | (0xAB ^ (2 | 6 << 2 | 7 << 5))  # SACK, shift 7 and MSS 1,460 in their tables
    assert byte_sign(made.client, made.server) == CookieSign.BYTE_FITS
    made.server.isn ^= 2
    assert byte_sign(made.client, made.server) == CookieSign.BYTE_OTHER


def test_a_linux_sends_its_syn_ack_again_after_a_second_and_others_after_three() -> None:
    linux, other = opened("<mss 1460>", "", window=64240), opened("<mss 1460>", "", window=65535)
    linux.server.syn_ttl = other.server.syn_ttl = 64
    assert resend_due_ns(linux.server) == 1_500_000_000  # 64,240 are 44 segments
    assert resend_due_ns(other.server) == 3_500_000_000
    linux.server.syn_ttl = 128  # Windows
    assert resend_due_ns(linux.server) == 3_500_000_000


def test_differences_are_the_nearest_to_zero() -> None:
    assert [signed32(number) for number in (3, -3, 2**32 - 3, 2**31)] == [3, -3, -3, -(2**31)]

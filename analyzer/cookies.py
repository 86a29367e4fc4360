"""How likely a listener answers with SYN cookies: independent signs, added up as logarithms of likelihood ratios.

The signs are counted by `reconstruct.listener`, per listener and minute. Either each SYN-ACK of a minute is made
normally, or a share of them are cookies: then every sign is weighed as a mixture, for several shares. The form of
Linux's cookies is that of `net/ipv4/syncookies.c`.
"""

import math
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reconstruct.listener import (
    MINUTES,
    SHOWN,
    SHOWS_LAG,
    SHOWS_NO_LAG,
    SHOWS_SAME_ISN,
    SHOWS_SILENCE,
    SHOWS_STATE,
    Listener,
)
from reconstruct.vocabulary import CookieSign, Met

PRIOR = 1e-3  # of a minute of a listener with cookies in it, before anything is seen
SHARES = (0.02, 0.1, 0.3, 0.6, 0.9, 0.99)  # of cookies among the SYN-ACKs of such a minute, equally likely
MISSED = 0.02  # of resent SYN-ACKs that the capture lacks, or more where SYN-ACKs without their SYN tell of more
STRANGE = 1e-5  # of listeners that never send a SYN-ACK again although it is no cookie
LAG_FITS_COOKIE = 0.96  # of cookies' lags, 0 to 64 ms, are above the noise of 2.5 ms
JITTER = 0.04  # of the lags that a path without any sign of jitter makes look like those of cookies
JITTER_WEIGHT = 20  # lags that this supposition counts as
BARE_NORMALLY = 0.02  # of SYN-ACKs without options from a listener that answers options to others
MOST_OF_OPTIONS = 4.6  # what options can weigh, a factor of 100: a middlebox may strip them
MOST_OF_WINDOW = 2.3  # what a window of 0 can weigh, a factor of 10: tarpits send one too
CODED = 0.3  # of listeners with cookies whose TSval carries the code without an offset
SAME_ISN = 2.0**32 / 7  # seven of all differences of two ISNs are those of a cookie's two indexes
CLOCK_ISN = 1e-5  # of cookies' ISNs that fit the clock to 1 ms by chance: 2 * 15,625 of 2^32
LEAST_SAME = 2  # repeated ISNs; one pair of made-up numbers that count on together is no cookie
LEAST_SILENT = 3  # SYN-ACKs that were not sent again; of fewer, the capture may have lost what followed
SPREAD = 3.0  # standard errors by which the mean of lags may differ from that of cookies
_MEAN_NS, _DEVIATION_NS = 33_250_000, 17_750_000  # of lags that are even between 2.5 and 64 ms
_SIGNS = len(CookieSign)
_MILLION = 1_000_000


@dataclass(frozen=True)
class Verdict:
    """What a listener's worst minute says: the probability of cookies, the share of them, and what speaks for it.

    `remembers` says that the listener was seen to keep state; `reasons` are phrases, the heaviest first.
    """

    probability: float
    share: float
    remembers: bool
    reasons: tuple[str, ...]

    @property
    def text(self) -> str:
        """Return the verdict in two words at most."""
        for least, words in ((0.99, "active"), (0.9, "likely"), (0.1, "possible")):
            if self.probability >= least:
                return words
        return "not in use" if self.remembers else "not seen"


@dataclass(frozen=True)
class Around:
    """What is known of a listener and its capture as a whole, which one minute cannot tell."""

    missed: float
    jitter: float
    lags_even: bool
    answers_options: bool
    shows_acks: bool


def judge(listeners: Iterable[Listener]) -> list[Verdict]:
    """Return the verdict on each listener, and fill its odds for the rows of its connections, in millionths."""
    listed = list(listeners)
    shows_acks = any(listener.completed or listener.reset for listener in listed)
    return [_judge_one(listener, shows_acks) for listener in listed]


def _judge_one(listener: Listener, shows_acks: bool) -> Verdict:
    if not listener.has_minutes:
        return Verdict(PRIOR, 0.0, False, ())
    cells = memoryview(listener.minutes).tolist()
    minutes = [cells[minute * _SIGNS : (minute + 1) * _SIGNS] for minute in range(MINUTES)]
    around = _around(listener, minutes, shows_acks)
    odds = array("q", bytes(8 * MINUTES * SHOWN))
    worst = Verdict(0.0, 0.0, False, ())
    for number, minute in enumerate(minutes):
        if minute[CookieSign.ANSWERS]:
            verdict = _judge_minute(minute, around)
            for shown in range(SHOWN):
                odds[number * SHOWN + shown] = round(_MILLION * _of_one(verdict, shown, around))
            if verdict.probability > worst.probability:
                worst = verdict
    listener.odds = odds
    remembers = any(minute[CookieSign.RESENT] or minute[CookieSign.ISN_CLOCK] for minute in minutes)
    return Verdict(worst.probability, worst.share, remembers, worst.reasons)


def _around(listener: Listener, minutes: list[list[int]], shows_acks: bool) -> Around:
    answers = sum(minute[CookieSign.ANSWERS] for minute in minutes)
    noisy = sum(minute[CookieSign.LAG_NEGATIVE] + minute[CookieSign.LAG_ABOVE] for minute in minutes)
    fits = sum(minute[CookieSign.LAG_FITS] for minute in minutes)
    lags = noisy + fits + sum(minute[CookieSign.LAG_NONE] for minute in minutes)
    mean_ns = listener.cells[4 * Met.LAGGING + 1] / fits if fits else _MEAN_NS
    return Around(
        missed=min(0.5, MISSED + listener.missed / answers),
        jitter=(noisy + JITTER * JITTER_WEIGHT) / (lags + JITTER_WEIGHT),
        lags_even=abs(mean_ns - _MEAN_NS) <= SPREAD * _DEVIATION_NS / math.sqrt(max(fits, 1)),
        answers_options=any(minute[CookieSign.ANSWERED] for minute in minutes),
        shows_acks=shows_acks,
    )


@dataclass(frozen=True)
class Weight:
    """What one kind of sign weighs: a logarithm of a likelihood ratio, of which no more than `most` counts.

    `words` say it; they have room for `count`.
    """

    full: float
    words: str
    count: int = 0
    most: float = 700.0

    @property
    def counted(self) -> float:
        """Return what counts."""
        return min(self.full, self.most)


def _judge_minute(minute: Sequence[int], around: Around) -> Verdict:
    """Weigh the signs of one minute."""
    weights = {share: _weights(minute, around, share) for share in SHARES}
    best = max(SHARES, key=lambda share: sum(weight.full for weight in weights[share]))
    sums = [sum(weight.counted for weight in weighed) for weighed in weights.values()]
    likelihood = max(sums) + math.log(sum(math.exp(each - max(sums)) for each in sums) / len(sums))
    probability = 1 / (1 + (1 - PRIOR) / PRIOR * math.exp(-max(-700.0, min(700.0, likelihood))))
    heavy = sorted((weight for weight in weights[best] if weight.counted > 1), key=lambda weight: -weight.counted)
    return Verdict(probability, best, False, tuple(weight.words.format(weight.count) for weight in heavy))


def _weights(minute: Sequence[int], around: Around, share: float) -> list[Weight]:
    """Return what each kind of sign weighs if that share of the SYN-ACKs are cookies."""

    def log_ratio(sign: CookieSign, ratio: float) -> float:
        return minute[sign] * math.log(share * ratio + 1 - share) if minute[sign] else 0.0

    silent, same = minute[CookieSign.NOT_RESENT], minute[CookieSign.ISN_SAME]
    memory = log_ratio(CookieSign.RESENT, 1e-3)
    if around.shows_acks and silent >= LEAST_SILENT:
        memory += log_ratio(CookieSign.NOT_RESENT, 1 / around.missed)
    lag = log_ratio(CookieSign.LAG_NONE, (1 - LAG_FITS_COOKIE) / (1 - around.jitter))
    if around.lags_even:
        lag += log_ratio(CookieSign.LAG_FITS, LAG_FITS_COOKIE / around.jitter)
    options = log_ratio(CookieSign.BARE, 1 / BARE_NORMALLY) + log_ratio(CookieSign.ANSWERED, 0.05)
    code = log_ratio(CookieSign.CODE_FITS, 64) + log_ratio(CookieSign.CODE_OTHER, 1e-3)
    coded = math.log(CODED * math.exp(min(code, 700.0)) + 1 - CODED)
    return [
        Weight(memory, "{:,} unanswered SYN-ACKs were not sent again when they were due", silent, -math.log(STRANGE)),
        Weight(lag, "the TSval of {:,} SYN-ACKs lags behind the server's clock by up to 64 ms",
               minute[CookieSign.LAG_FITS]),
        Weight((log_ratio(CookieSign.ISN_SAME, SAME_ISN) if same >= LEAST_SAME else 0.0)
               + log_ratio(CookieSign.ISN_CLOCK, CLOCK_ISN),
               "the same addresses and ports gave the same cookie again, {:,} times", same),
        Weight(options if around.answers_options else 0.0,
               "{:,} SYN-ACKs answer no option of a SYN without timestamps", minute[CookieSign.BARE], MOST_OF_OPTIONS),
        Weight(coded, "the low bits of TSval encode the options of the SYN"),
        Weight(log_ratio(CookieSign.NO_WINDOW, 100), "the SYN-ACKs offer no window, as a SYN proxy does",
               most=MOST_OF_WINDOW),
    ]  # fmt: skip


def _of_one(verdict: Verdict, shown: int, around: Around) -> float:
    """Return the probability that a SYN-ACK of a minute is a cookie, after what it shows by itself."""
    ratios = {
        SHOWS_STATE: 1e-6,
        SHOWS_NO_LAG: (1 - LAG_FITS_COOKIE) / (1 - around.jitter),
        SHOWS_LAG: LAG_FITS_COOKIE / around.jitter,
        SHOWS_SILENCE: 1 / around.missed,
        SHOWS_SAME_ISN: SAME_ISN,
    }
    likely = verdict.share * ratios.get(shown, 1.0)
    return verdict.probability * likely / (likely + 1 - verdict.share)

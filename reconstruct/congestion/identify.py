# cython: annotation_typing=False, initializedcheck=False, wraparound=False
"""Which congestion control a sender ran: the model that what it sent contradicts least, or none of them."""

from reconstruct.congestion.base import CongestionModel
from reconstruct.congestion.candidates import Candidates
from reconstruct.vocabulary import CongestionControl

LEAST_CHANCES = 2  # chances to send; fewer tell nothing of a window
TELLING_CHANCES = 20  # chances that it takes to tell one model from another
FITTING_SCORE = 500  # thousandths; a model that fits less explains nothing
TELLING_MARGIN = 50  # thousandths between the best model and the next; less is luck
CERTAIN = 1_000_000  # millionths
MOST_CONFIDENCE = 995_000  # millionths; nothing that is seen from outside is certain
RULING_CHANCES = 200  # chances after which a model that is far behind is not followed any further
RULING_SCORE = 900  # thousandths that the best model must reach for that
FULL_MARGIN = 400  # thousandths; above it the other models are out of the question
DULL = -1_000_000  # the score of a model that had no chance, or was ruled out

_NAMELESS = int(CongestionControl.UNKNOWN)
_LEAST_CHANCES, _TELLING_CHANCES, _FITTING_SCORE, _TELLING_MARGIN = 2, TELLING_CHANCES, FITTING_SCORE, TELLING_MARGIN
_RULING_CHANCES, _RULING_SCORE = RULING_CHANCES, RULING_SCORE
_CERTAIN, _MOST_CONFIDENCE, _FULL_MARGIN, _DULL = CERTAIN, MOST_CONFIDENCE, FULL_MARGIN, DULL


class Verdict:
    """What the models of one sender say together.

    `best` is the index of the model that fits best (-1: nothing can be told of its window), `kind` the
    `CongestionControl` that is named, `confidence` how sure that is in millionths, `margin` how much better the best
    fits than the next of another kind, in thousandths.
    """

    def __init__(self) -> None:
        """Make a verdict on nothing."""
        self.reset()

    def reset(self) -> None:
        """Forget everything."""
        self.best = -1
        self.kind = _NAMELESS
        self.confidence = 0
        self.margin = 0

    def judge(self, candidates: Candidates, sent: int) -> None:
        """Compare the models of a sender that sent so many segments of new data."""
        self.reset()
        next_score = _DULL
        self.best = leader_of(candidates, sent)
        if self.best >= 0:
            best = candidates.models[self.best]
            best_score = _score(best, sent)
            for index in range(candidates.count):
                if candidates.models[index].kind != best.kind:
                    next_score = max(next_score, _score(candidates.models[index], sent))
            self.margin = min(best_score - next_score, 2 * _FULL_MARGIN)
            if best.chances() >= _TELLING_CHANCES and best_score > _FITTING_SCORE and self.margin >= _TELLING_MARGIN:
                self.kind = best.kind
                self.confidence = _confidence(self.margin)


def leader_of(candidates: Candidates, sent: int) -> int:
    """Return the index of the model that fits best so far, -1 if the capture cannot bear an estimate."""
    best = -1
    best_score = _DULL
    for index in range(candidates.count):
        score = _score(candidates.models[index], sent)
        if score > best_score:
            best_score = score
            best = index
    return best


def rule_out(candidates: Candidates, leader: int, sent: int, frame: int) -> None:
    """Stop the models that fit so much worse than a leader that fits well that they are out of the question.

    `frame` is what the sender did last.
    """
    if leader >= 0:
        best = candidates.models[leader]
        best_score = _score(best, sent)
        if best.chances() >= _RULING_CHANCES and best_score >= _RULING_SCORE:
            for index in range(candidates.count):
                model = candidates.models[index]
                if model.alive and _score(model, sent) < best_score - _FULL_MARGIN:
                    model.alive = 0
                    model.ended_frame = frame


def _score(model: CongestionModel, sent: int) -> int:
    """Return how well a model fits, in thousandths."""
    if not model.alive or model.chances() < _LEAST_CHANCES:
        return _DULL
    return model.score(sent)


def _confidence(margin: int) -> int:
    """Return how often a model with this margin is the right one, in millionths."""
    near = max(_FULL_MARGIN - margin, 0)
    doubt = (_CERTAIN - _MOST_CONFIDENCE) + 100_000 * near // _FULL_MARGIN
    return _CERTAIN - doubt

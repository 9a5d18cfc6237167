"""Beam search over all photos and all beams at once."""

import numpy as np

from watchword.core.errors import SearchError
from watchword.core.types import Arrays, Features, Stepper
from watchword.generation.blocking import blocked_words
from watchword.generation.candidates import ask
from watchword.generation.constraints import Rules
from watchword.generation.finished import Finished
from watchword.generation.hypotheses import Hypothesis, Spoken, hypotheses, normalised
from watchword.generation.slots import Offers, Plain, Slots
from watchword.generation.trellis import Trellis
from watchword.generation.worn import spare, weighed


def beam_search(
    stepper: Stepper,
    features: Features[np.ndarray],
    rules: Rules,
    width: int = 3,
    n: int = 1,
    length_normalization: float = 0.0,
) -> list[list[Hypothesis]]:
    """Return the n best sentences of each photo, best first; `rules.must_include` is not looked at.

    At each step the `width` likeliest hypotheses of a photo go on. One ends if its end is among the
    `width` likeliest continuations, so a beam of 1 is greedy search as long as sentences rank by
    probability (`length_normalization` 0). Sentences rank by `normalised`.

    A photo is closed when no hypothesis can reach its n best any more: a total only falls, and no
    sentence is longer than max_words + 1, so total / (max_words + 1) ** length_normalization bounds
    every score to come. The answer is therefore the one that a search to the last step would give.

    Where no sentence ends within `max_words`, the best unfinished ones are returned. Raises
    `SearchError` where the rules leave no sentence at all.
    """
    return expand(stepper, features, rules, Plain(width, rules.end), n, length_normalization)


def expand(
    stepper: Stepper,
    features: Features[np.ndarray],
    rules: Rules,
    slots: Slots,
    n: int,
    length_normalization: float,
) -> list[list[Hypothesis]]:
    """Do what `beam_search` says, the slots of each photo being shared out by `slots`."""
    memory, state = stepper.start(features)
    front = _first(len(features.whole), rules.start)
    trellis, finished = Trellis(len(front.words)), Finished(len(front.words), n)
    for spoken in range(rules.max_words + 1):
        told = trellis.histories() if rules.remembering else None
        blocked = blocked_words(rules, front.words.shape, spoken, told)
        enough = None if slots.enough is None else slots.enough + spare(rules)
        candidates, state = ask(stepper, front.words, memory, state, blocked, enough)
        candidates = weighed(candidates, rules, told)
        going, ending = slots.share(front, candidates, spoken)
        scores = normalised(ending.totals, spoken + 1, length_normalization)
        finished.add(scores, spoken, ending.parents, ending.log_probs)
        if spoken == rules.max_words:
            break
        reach = normalised(going.totals.max(axis=1), rules.max_words + 1, length_normalization)
        closed = finished.cannot_change(reach)
        front = _open(going, closed)
        trellis.add(front.words, front.log_probs, front.parents, state.get("looked"))
        if closed.all():
            break
        state = _follow(state, front.parents)
    _keep_unfinished(finished, front.totals, rules, length_normalization)
    words, log_probs, looked = trellis.trace(finished.counts, finished.slots)
    return hypotheses(Spoken(words, log_probs, finished.counts, finished.ends, finished.scores, looked))


def _first(photos: int, start: int) -> Offers:
    """Return one hypothesis a photo, that has said nothing."""
    nothing = np.zeros((photos, 1), dtype=np.int64)
    return Offers(nothing + start, nothing, nothing, nothing.astype(np.float64), nothing)


def _open(going: Offers, closed: np.ndarray) -> Offers:
    """Empty the slots of closed photos, and drop those that are empty in every photo, the first excepted."""
    totals = np.where(closed[:, None], -np.inf, going.totals)
    filled = np.any(totals > -np.inf, axis=0)
    filled[0] = True
    return going._replace(totals=totals).columns(filled)


def _follow(state: Arrays, parents: np.ndarray) -> Arrays:
    """Return the state with that of each slot's parent in the slot."""
    photos = np.arange(len(parents))[:, None]
    return {name: values[photos, parents] for name, values in state.items()}


def _keep_unfinished(finished: Finished, totals: np.ndarray, rules: Rules, exponent: float) -> None:
    """Give photos without a finished sentence the hypotheses in the slots (totals: (B, K)), all of max_words."""
    without = ~np.isfinite(finished.scores[:, 0])
    silent = without & ~np.isfinite(totals).any(axis=1)
    if silent.any():
        raise SearchError(
            f"no sentence about photo {silent.argmax()} of {len(silent)} was found under the rules: "
            f"max_words={rules.max_words}, min_words={rules.min_words}, no_repeat_ngram={rules.no_repeat_ngram}, "
            f"must_include={rules.must_include}; loosen one of them, or search with a wider beam"
        )
    scores = np.where(without[:, None], normalised(totals, rules.max_words, exponent), -np.inf)
    slots = np.broadcast_to(np.arange(totals.shape[1]), totals.shape)
    finished.add(scores, rules.max_words, slots, np.full(totals.shape, np.nan, dtype=np.float32))

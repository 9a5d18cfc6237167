"""Word after word, without looking back: the loop of greedy search and of sampling."""

from collections.abc import Callable

import numpy as np

from watchword.core.errors import SearchError
from watchword.core.types import Features, Stepper
from watchword.generation.blocking import blocked_words
from watchword.generation.candidates import Candidates, ask
from watchword.generation.constraints import Rules
from watchword.generation.hypotheses import Hypothesis, Spoken, hypotheses, normalised
from watchword.generation.worn import spare, weighed

Choose = Callable[[Candidates, int], np.ndarray]


def unroll(
    stepper: Stepper,
    features: Features[np.ndarray],
    rules: Rules,
    choose: Choose,
    sentences: int,
    enough: int | None,
    length_normalization: float,
) -> list[list[Hypothesis]]:
    """Return `sentences` hypotheses of each photo, each made by choosing one word at a time.

    choose: takes the candidates and how many words are spoken, returns the place (B, K) of a word
    among the N candidates. enough: how many candidates it needs, as for `ask`. Raises `SearchError`
    where the rules leave a sentence no word to go on with.
    """
    memory, state = stepper.start(features)
    state = {name: np.repeat(values, sentences, axis=1) for name, values in state.items()}
    told = _Told(len(features.whole), sentences, rules)
    for spoken in range(rules.max_words + 1):
        blocked = blocked_words(rules, told.last.shape, spoken, told.words[..., :spoken])
        wanted = None if enough is None else enough + spare(rules)
        candidates, state = ask(stepper, told.last, memory, state, blocked, wanted)
        candidates = weighed(candidates, rules, told.words[..., :spoken])
        places = choose(candidates, spoken)[..., None]
        words, log_probs = (np.take_along_axis(part, places, axis=-1)[..., 0] for part in candidates[:2])
        told.add(words, log_probs, state.get("looked"), spoken)
        if not told.going.any():
            break
    return hypotheses(told.spoken(length_normalization))


class _Told:
    """What was said so far: K sentences of each of B photos, and which of them go on."""

    def __init__(self, photos: int, sentences: int, rules: Rules) -> None:
        shape, longest = (photos, sentences), (photos, sentences, rules.max_words)
        self.rules = rules
        self.words, self.log_probs = np.zeros(longest, dtype=np.int64), np.zeros(longest, dtype=np.float32)
        self.counts, self.ends = np.full(shape, rules.max_words), np.full(shape, np.nan, dtype=np.float32)
        self.looked: list[np.ndarray] = []
        self.last, self.going = np.full(shape, rules.start), np.full(shape, True)

    def add(self, words: np.ndarray, log_probs: np.ndarray, looked: np.ndarray | None, spoken: int) -> None:
        """Add the word (B, K) that follows `spoken` others; after the longest length only an end counts."""
        possible = np.isfinite(log_probs)
        if spoken < self.rules.max_words and (self.going & ~possible).any():
            raise SearchError(
                f"no word may follow after {spoken} words: max_words={self.rules.max_words}, "
                f"min_words={self.rules.min_words}, no_repeat_ngram={self.rules.no_repeat_ngram} leave none; "
                "loosen one of them, or use beam search"
            )
        ending = self.going & possible & (words == self.rules.end)
        self.ends[ending], self.counts[ending] = log_probs[ending], spoken
        self.going = self.going & ~ending
        self.last = words
        if spoken < self.rules.max_words:
            self.words[..., spoken], self.log_probs[..., spoken] = words, log_probs
            if looked is not None:
                self.looked.append(looked)

    def spoken(self, exponent: float) -> Spoken:
        """Return the sentences and their scores."""
        inside = np.arange(self.rules.max_words) < self.counts[..., None]
        ended = ~np.isnan(self.ends)
        totals = np.where(inside, self.log_probs, 0).sum(axis=-1, dtype=np.float64) + np.where(ended, self.ends, 0)
        scores = normalised(totals, self.counts + ended, exponent)
        looked = np.stack(self.looked, axis=2) if self.looked else None
        return Spoken(self.words, self.log_probs, self.counts, self.ends, scores, looked)

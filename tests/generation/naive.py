"""Searches in plain Python, one photo, one hypothesis and one word at a time, to test and time the fast ones by.

They see a decoder as every search does, through `core.types.Stepper`, so they serve real decoders of
either library as well as tables. `vocabulary` is the number of words V.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from watchword.core.types import Features, Stepper
from watchword.generation.constraints import Rules


@dataclass(frozen=True)
class Told:
    """A sentence or the beginning of one: its words, the log-probability of each and, if ended, of its end.

    cost: what it ranks lower by, in nats.
    """

    words: tuple[int, ...] = ()
    log_probs: tuple[float, ...] = ()
    ended: bool = False
    state: Any = None
    cost: float = 0.0

    @property
    def total(self) -> float:
        """The log-probability of the whole, summed from the left, less the cost."""
        total = 0.0
        for log_prob in self.log_probs:
            total += log_prob
        return total - self.cost

    def score(self, exponent: float) -> float:
        """The score of `hypotheses.normalised`."""
        return self.total / len(self.log_probs) ** exponent


def each_photo(features: Features[np.ndarray]) -> Iterator[Features[np.ndarray]]:
    """Yield the features of one photo after another."""
    for place in range(len(features.whole)):
        yield Features(*(part[place : place + 1] for part in features))


def sentences(stepper: Stepper, features: Features[np.ndarray], rules: Rules, exponent=0.0) -> list[list[Told]]:
    """Return every sentence about each photo that the rules allow and the model thinks possible, best first."""
    found = []
    for photo in each_photo(features):
        memory, state = stepper.start(photo)
        ended = [told for told in _grown(stepper, memory, Told(state=state), rules) if includes(told.words, rules)]
        found.append(sorted(ended, key=lambda told: -told.score(exponent)))
    return found


def _grown(stepper: Stepper, memory: Any, told: Told, rules: Rules) -> Iterator[Told]:
    for after in continuations(stepper, memory, told, rules):
        if after.ended:
            yield after
        elif len(after.words) <= rules.max_words:
            yield from _grown(stepper, memory, after, rules)


def continuations(stepper: Stepper, memory: Any, told: Told, rules: Rules) -> list[Told]:
    """Return each possible continuation by one word, or by the end, that the rules allow."""
    last = told.words[-1] if told.words else rules.start
    scores, state = stepper.step(np.array([[last]]), memory, told.state)
    assert scores.words is None, "asked for all, a decoder scores every word in order"
    after = []
    for word, log_prob in enumerate(scores.log_probs[0, 0].tolist()):
        if log_prob == -np.inf or word in rules.forbidden or word == rules.start:
            continue
        log_probs = (*told.log_probs, log_prob)
        if word == rules.end:
            if len(told.words) >= rules.min_words:
                after.append(Told(told.words, log_probs, True, cost=told.cost))
        elif not (
            repeats_itself((*told.words, word), rules.no_repeat_ngram) or (word in rules.once and word in told.words)
        ):
            words = (*told.words, word)
            after.append(Told(words, log_probs, False, state, rules.worn_cost if is_worn(words, rules) else 0.0))
    return after


def is_worn(words: tuple[int, ...], rules: Rules) -> bool:
    """Return whether a worn phrase is in the sentence."""
    return any(
        words[place : place + len(phrase)] == phrase
        for phrase in rules.worn
        for place in range(len(words) - len(phrase) + 1)
    )


def repeats_itself(words: tuple[int, ...], run: int) -> bool:
    """Return whether some run of `run` words is in the sentence twice."""
    runs = [words[place : place + run] for place in range(len(words) - run + 1)]
    return run > 0 and len(set(runs)) < len(runs)


def includes(words: tuple[int, ...], rules: Rules) -> bool:
    """Return whether the sentence has a word of each demanded group."""
    return all(any(word in words for word in group) for group in rules.groups)


def beam(
    stepper: Stepper, features: Features[np.ndarray], rules: Rules, width: int, n: int = 1, exponent: float = 0.0
) -> list[list[Told]]:
    """Return what `beam_search` must return, found without stopping early."""
    return [_beam_of_one(stepper, photo, rules, width, n, exponent) for photo in each_photo(features)]


def _beam_of_one(
    stepper: Stepper, photo: Features[np.ndarray], rules: Rules, width: int, n: int, exponent: float
) -> list[Told]:
    memory, state = stepper.start(photo)
    going, ended = [Told(state=state)], []
    for spoken in range(rules.max_words + 1):
        offers = [after for told in going for after in continuations(stepper, memory, told, rules)]
        offers.sort(key=lambda told: -told.total)
        ended += [told for told in offers[:width] if told.ended]
        if spoken < rules.max_words:
            going = [told for told in offers if not told.ended][:width]
    return sorted(ended or going, key=lambda told: -told.score(exponent))[:n]


def diverse(
    stepper: Stepper,
    features: Features[np.ndarray],
    rules: Rules,
    width: int,
    n: int,
    exponent: float,
    groups: int,
    diversity: float,
) -> list[list[Told]]:
    """Return what `diverse_search` must return, found without stopping early."""
    shares = (width // groups, groups, diversity)
    return [_diverse_of_one(stepper, photo, rules, shares, exponent)[:n] for photo in each_photo(features)]


def _diverse_of_one(
    stepper: Stepper, photo: Features[np.ndarray], rules: Rules, shares: tuple[int, int, float], exponent: float
) -> list[Told]:
    width, groups, diversity = shares
    memory, state = stepper.start(photo)
    going, ended = [[Told(state=state)] for _ in range(groups)], []
    for spoken in range(rules.max_words + 1):
        said: list[int] = []
        after: list[list[Told]] = []
        for group in going:
            offers = [more for told in group for more in continuations(stepper, memory, told, rules)]
            offers.sort(key=lambda told: -(told.total - (0 if told.ended else diversity * said.count(told.words[-1]))))
            ended += [told for told in offers[:width] if told.ended]
            after.append([told for told in offers if not told.ended][:width])
            said += [told.words[-1] for told in after[-1]]
        if spoken < rules.max_words:
            going = after
    found = ended or [told for group in going for told in group]
    firsts: dict[tuple[int, ...], Told] = {}
    for told in sorted(found, key=lambda told: -told.score(exponent)):
        firsts.setdefault(told.words, told)
    return list(firsts.values())


def grid(
    stepper: Stepper, features: Features[np.ndarray], rules: Rules, width: int, n: int = 1, exponent: float = 0.0
) -> list[list[Told]]:
    """Return what `constrained_search` must return, found without stopping early."""
    return [_grid_of_one(stepper, photo, rules, width, n, exponent) for photo in each_photo(features)]


def _grid_of_one(
    stepper: Stepper, photo: Features[np.ndarray], rules: Rules, width: int, n: int, exponent: float
) -> list[Told]:
    memory, state = stepper.start(photo)
    going, ended = [Told(state=state)], []
    for spoken in range(rules.max_words + 1):
        offers = [after for told in going for after in continuations(stepper, memory, told, rules)]
        banks: list[list[Told]] = [[] for _ in range(len(rules.groups) + 1)]
        for told in sorted(offers, key=lambda told: -told.total):
            served = sum(any(word in told.words for word in group) for group in rules.groups)
            if len(told.words) + fewest_more(told.words, rules) <= max(rules.max_words, spoken + 1):
                banks[served].append(told)
        ended += [told for told in banks[-1][:width] if told.ended]
        if spoken < rules.max_words:
            going = [told for bank in banks for told in [told for told in bank if not told.ended][:width]]
    return sorted(ended or going, key=lambda told: -told.score(exponent))[:n]


def fewest_more(words: tuple[int, ...], rules: Rules) -> int:
    """Return how many more words the sentence needs at least to include all that is demanded."""
    demanded = {word for group in rules.groups for word in group}
    for count in range(len(rules.groups) + 1):
        if any(includes(words + more, rules) for more in combinations(demanded, count)):
            return count
    raise AssertionError("the words of all groups together include a word of each")


def greedy(stepper: Stepper, features: Features[np.ndarray], rules: Rules) -> list[Told]:
    """Return the sentence of each photo that takes the likeliest allowed word each time."""
    found = []
    for photo in each_photo(features):
        memory, state = stepper.start(photo)
        told = Told(state=state)
        while not told.ended:
            after = max(continuations(stepper, memory, told, rules), key=lambda told: told.log_probs[-1] - told.cost)
            if len(after.words) > rules.max_words:
                break
            told = after
        found.append(told)
    return found
